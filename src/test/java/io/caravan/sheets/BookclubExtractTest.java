package io.caravan.sheets;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import io.caravan.encryption.KeysFile;
import io.caravan.encryption.KeysJson;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import io.caravan.run.RunRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.main.Main;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first phase of the book club, as it ships, from a stand-in of the Sheets API to the laptop's MongoDB. */
class BookclubExtractTest {

    private static final String DATABASE = "bookclub_extract_test";
    private static final int ROWS = 10;

    private final Map<String, TabForm> mapping = TabMapping.load("classpath:routes/bookclub/tabs.yaml");
    private static final List<String> SEALED =
            List.of("email_address", "password", "gender", "city", "state", "country");

    @TempDir
    Path folder;

    private final SheetsStub stub = new SheetsStub();
    private final MongoClient client = MongoClients.create(TestStores.mongo().uri());
    private final MongoDatabase staging = client.getDatabase(DATABASE);
    private final Main main = new Main();

    @BeforeEach
    void start() throws Exception {
        staging.drop();
        mapping.forEach((tab, form) -> stub.tabs.put(tab, rows(form)));
        Endpoint ledger = TestStores.freshDatabase();
        Properties settings = new Properties();
        settings.setProperty(
                "camel.main.routes-include-pattern", "classpath:routes/bookclub/extract-bookclub.camel.yaml");
        settings.setProperty("caravan.ledger.uri", ledger.uri());
        settings.setProperty("caravan.ledger.user", ledger.user());
        settings.setProperty("caravan.ledger.password", ledger.password());
        settings.setProperty("caravan.bookclub.spreadsheet", SheetsStub.ID);
        settings.setProperty("caravan.bookclub.sheetsEndpoint", stub.server.url(""));
        settings.setProperty("caravan.documents.uri", TestStores.mongo().uri());
        settings.setProperty("caravan.bookclub.staging.database", DATABASE);
        Path keys = folder.resolve("keys.json");
        new KeysFile(keys).change(Optional.of(KeysJson.empty(Optional.empty())), KeysJson::add);
        settings.setProperty("caravan.encryption.keysFile", keys.toString());
        settings.setProperty("caravan.encryption.cleartextKeys", "true");
        main.setOverrideProperties(settings);
        main.start();
    }

    @AfterEach
    void stop() {
        main.stop();
        stub.close();
        client.close();
    }

    /** Identity columns, those with types, and a name. */
    private static List<List<Object>> rows(TabForm form) {
        Set<String> columns = new LinkedHashSet<>(form.keyColumns());
        columns.addAll(form.types().keySet());
        columns.add("note");
        if (form.kind().equals(Optional.of("users"))) columns.addAll(SEALED);
        List<List<Object>> rows = new ArrayList<>();
        rows.add(new ArrayList<>(columns));
        for (int i = 1; i <= ROWS; i++) {
            List<Object> row = new ArrayList<>();
            for (String column : columns) {
                boolean date = form.types().containsKey(column) && !column.equals("asin");
                row.add(date ? 45_000 + i : "00" + i);
            }
            rows.add(row);
        }
        return rows;
    }

    @Test
    void everyTabIsACollectionAndFollowsItsRows() throws Exception {
        RunReport first = run(Mode.RUN);
        assertThat(first.problems()).as("%s", first).isEmpty();
        assertThat(first.openDeadLetters()).as("%s", first).isZero();
        assertThat(first.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(first.sinks().get("staging").written()).isEqualTo(mapping.size() * ROWS);
        mapping.keySet().forEach(tab -> assertThat(staging.getCollection(tab).countDocuments())
                .as(tab)
                .isEqualTo(ROWS));
        assertThat(document("books", "001").getString("date_added")).isEqualTo("2023-03-16");
        assertThat(document("club_members", "001|001").getString("user_id")).isEqualTo("001");

        stub.refusals.add(-1);
        RunReport second = run(Mode.RUN);
        assertThat(second.sinks().get("staging").written()).isZero();
        assertThat(second.notes())
                .singleElement()
                .asString()
                .contains(": the service was slow or asked for pauses: 1, ");
        assertThat(verify().status()).isEqualTo(Status.SUCCEEDED);

        Map<String, Date> before = written();
        stub.tabs.get("books").get(3).set(3, "changed");
        RunReport changed = run(Mode.RUN);
        assertThat(changed.sinks().get("staging").written())
                .as("one cell is one document")
                .isEqualTo(1);
        Map<String, Date> after = written();
        after.keySet().removeIf(key -> after.get(key).equals(before.get(key)));
        assertThat(after).containsOnlyKeys("books 003");
        assertThat(document("books", "003").getString("note")).isEqualTo("changed");

        Document gone = document("clubs", "004");
        stub.tabs.get("clubs").remove(4);
        RunReport deleted = run(Mode.RUN);
        assertThat(deleted.problems()).isEmpty();
        assertThat(deleted.sinks().get("staging").deleted()).isEqualTo(1);
        assertThat(document("clubs", "004")).isNull();
        Document archived = staging.getCollection("deletions").find().first();
        assertThat(archived.getString("original_id")).isEqualTo("004");
        assertThat(archived.getString("original_collection")).isEqualTo("clubs");
        assertThat(archived.getString("note")).isEqualTo(gone.getString("note"));
        assertThat(archived.getDate("deleted_at")).isAfterOrEqualTo(gone.getDate("ingested_at"));
        assertThat(verify().status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void anEmptyAHalfReadAndAnAbsentTabDeleteNothing() throws Exception {
        run(Mode.RUN);
        Map<String, Date> before = written();
        List<List<Object>> genres = List.copyOf(stub.tabs.get("genres"));

        stub.tabs.put("genres", new ArrayList<>(genres.subList(0, 1)));
        RunReport empty = run(Mode.RUN);
        assertThat(empty.problems())
                .singleElement()
                .asString()
                .contains(
                        "bookclub-extract: deletes must be at most 20 % of each kind of records, got 'genres 10 of 10'")
                .contains("nothing was deleted");
        stub.tabs.put("genres", new ArrayList<>(genres.subList(0, 6)));
        assertThat(run(Mode.RUN).problems()).singleElement().asString().contains("got 'genres 5 of 10'");
        stub.tabs.put("genres", new ArrayList<>());
        assertThat(run(Mode.RUN).problems()).singleElement().asString().contains("genres: ");
        stub.tabs.remove("genres");
        stub.tabs.get("books").get(1).set(3, "changed");
        RunReport absent = run(Mode.RUN);
        assertThat(absent.status()).isEqualTo(Status.FAILED);
        assertThat(absent.problems()).singleElement().asString().contains("genres");
        assertThat(document("books", "001").getString("note"))
                .as("the others are read")
                .isEqualTo("changed");
        assertThat(written().keySet()).isEqualTo(before.keySet());
        assertThat(staging.getCollection("deletions").countDocuments()).isZero();

        stub.tabs.put("genres", new ArrayList<>(genres.subList(0, 9)));
        assertThat(run(Mode.RUN).sinks().get("staging").deleted())
                .as("two rows may go")
                .isEqualTo(2);
        stub.tabs.put("genres", new ArrayList<>(genres.subList(0, 1)));
        assertThat(request(RunRequest.of(Mode.RUN).allowingDeletes(true))
                        .sinks()
                        .get("staging")
                        .deleted())
                .as("somebody says so")
                .isEqualTo(ROWS - 2);
    }

    @Test
    void anIdentityThatIsThereTwiceIsADeadLetterAndTheFirstCounts() throws Exception {
        stub.tabs.get("formats").add(List.of("001", "second"));
        RunReport run = run(Mode.RUN);
        assertThat(run.status()).isEqualTo(Status.PARTIAL);
        assertThat(run.sinks().get("staging").dead()).isEqualTo(1);
        assertThat(document("formats", "001").getString("note")).isEqualTo("001");
    }

    private RunReport run(Mode mode) throws Exception {
        return request(RunRequest.of(mode));
    }

    private RunReport verify() throws Exception {
        return request(RunRequest.of(Mode.VERIFY).comparingContents(true));
    }

    private RunReport request(RunRequest request) throws Exception {
        Exchange exchange = main.getCamelTemplate()
                .request("direct:bookclub-extract", e -> e.setVariable(RunRequest.VARIABLE, request));
        return RunReport.of(exchange);
    }

    private Document document(String collection, String id) {
        return staging.getCollection(collection).find(new Document("_id", id)).first();
    }

    /** When each document was written. */
    private Map<String, Date> written() {
        Map<String, Date> written = new HashMap<>();
        for (String tab : mapping.keySet()) {
            staging.getCollection(tab)
                    .find()
                    .forEach(d -> written.put(tab + " " + d.get("_id"), d.getDate("ingested_at")));
        }
        return written;
    }
}
