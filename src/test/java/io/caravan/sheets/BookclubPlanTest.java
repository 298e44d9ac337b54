package io.caravan.sheets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import io.caravan.embedding.TinyModel;
import io.caravan.encryption.KeysFile;
import io.caravan.encryption.KeysJson;
import io.caravan.local.Endpoint;
import io.caravan.local.TestNeo4j;
import io.caravan.local.TestStores;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import io.caravan.run.RunRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.main.Main;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A plan of the book club's chain, as it ships, with the tabs of its demo: it says of every phase what the run then does. */
class BookclubPlanTest {

    private static final String STAGING = "bookclub_plan_staging";
    private static final String MAIN = "bookclub_plan_main";
    private static final int BOOKS = 60;
    private static final List<String> OF_BOOKS =
            List.of("book_versions", "user_reads", "club_member_reads", "club_period_books");
    private static final Path SHEETS = Path.of("samples/bookclub");

    @TempDir
    Path folder;

    private final SheetsStub stub = new SheetsStub();
    private final MongoClient client = MongoClients.create(TestStores.mongo().uri());
    private final Main main = new Main();
    private final PlanFiles files = new PlanFiles();

    @BeforeEach
    void start() throws Exception {
        for (String database : List.of(STAGING, MAIN))
            client.getDatabase(database).drop();
        TestNeo4j.clear();
        try (Stream<Path> tabs = Files.list(SHEETS)) {
            for (Path tab : tabs.filter(f -> f.toString().endsWith(".csv")).toList()) {
                stub.tabs.put(tab.getFileName().toString().replace(".csv", ""), cells(tab));
            }
        }
        forget("book_versions", "cover_url"); // nobody serves them here
        forget("users", "password"); // each costs a second
        set("users", 1, "password", "correct horse 1");
        onlyFirstBooks();
        Path keys = folder.resolve("keys.json");
        new KeysFile(keys).change(Optional.of(KeysJson.empty(Optional.empty())), KeysJson::add);
        Endpoint ledger = TestStores.freshDatabase();
        Endpoint graph = TestNeo4j.endpoint();
        Properties settings = new Properties();
        settings.setProperty("camel.main.routes-include-pattern", "classpath:routes/bookclub/*.camel.yaml");
        settings.setProperty("caravan.ledger.uri", ledger.uri());
        settings.setProperty("caravan.ledger.user", ledger.user());
        settings.setProperty("caravan.ledger.password", ledger.password());
        settings.setProperty("caravan.graph.uri", graph.uri());
        settings.setProperty("caravan.graph.user", graph.user());
        settings.setProperty("caravan.graph.password", graph.password());
        settings.setProperty("caravan.documents.uri", TestStores.mongo().uri());
        settings.setProperty("caravan.bookclub.spreadsheet", SheetsStub.ID);
        settings.setProperty("caravan.bookclub.sheetsEndpoint", stub.server.url(""));
        settings.setProperty("caravan.bookclub.staging.database", STAGING);
        settings.setProperty("caravan.bookclub.main.database", MAIN);
        settings.setProperty(
                "caravan.bookclub.images.output", folder.resolve("images").toString());
        settings.setProperty("caravan.encryption.keysFile", keys.toString());
        settings.setProperty("caravan.encryption.cleartextKeys", "true");
        settings.setProperty(
                "caravan.embedding.model",
                new TinyModel(folder.resolve("tiny")).folder().toString());
        main.setOverrideProperties(settings);
        main.init();
        main.getCamelContext().getManagementStrategy().addEventNotifier(files);
        main.start();
    }

    @AfterEach
    void stop() {
        main.stop();
        stub.close();
        client.close();
    }

    private static List<List<Object>> cells(Path file) throws IOException {
        List<List<Object>> rows = new ArrayList<>();
        try (MappingIterator<String[]> all = new CsvMapper()
                .readerFor(String[].class)
                .with(CsvParser.Feature.WRAP_AS_ARRAY)
                .readValues(file.toFile())) {
            while (all.hasNext()) rows.add(new ArrayList<>(Arrays.asList((Object[]) all.next())));
        }
        return rows;
    }

    /** Nothing else names what goes with the other books; where something does, the cell is blank. */
    private void onlyFirstBooks() {
        List<List<Object>> books = stub.tabs.get("books");
        Set<String> gone = books.subList(BOOKS + 1, books.size()).stream()
                .map(row -> row.get(0).toString())
                .collect(Collectors.toSet());
        books.subList(BOOKS + 1, books.size()).clear();
        for (String tab : OF_BOOKS) {
            stub.tabs.get(tab).removeIf(row -> {
                boolean goes = row.stream().anyMatch(cell -> names(cell, gone));
                if (goes) gone.add(row.get(0).toString());
                return goes;
            });
        }
        stub.tabs.values().forEach(rows -> rows.forEach(row -> row.replaceAll(cell -> names(cell, gone) ? "" : cell)));
    }

    private static boolean names(Object cell, Set<String> ids) {
        return Stream.of(cell.toString().split("[,|; ]+")).anyMatch(ids::contains);
    }

    private void forget(String tab, String column) {
        List<List<Object>> rows = stub.tabs.get(tab);
        int at = rows.get(0).indexOf(column);
        rows.subList(1, rows.size()).forEach(row -> row.set(at, ""));
    }

    private void set(String tab, int row, String column, Object value) {
        List<List<Object>> rows = stub.tabs.get(tab);
        rows.get(row).set(rows.get(0).indexOf(column), value);
    }

    private RunReport chain(Mode mode) throws Exception {
        Exchange exchange = main.getCamelTemplate()
                .request("direct:bookclub", e -> e.setVariable(RunRequest.VARIABLE, RunRequest.of(mode)));
        RunReport report = RunReport.of(exchange);
        assertThat(report.problems()).as("%s", mode).isEmpty();
        assertThat(report.status()).as("%s", report).isEqualTo(Status.SUCCEEDED);
        return report;
    }

    private List<Document> stored() {
        List<Document> all = new ArrayList<>();
        for (String name : List.of(STAGING, MAIN)) {
            MongoDatabase database = client.getDatabase(name);
            for (String collection : database.listCollectionNames()) {
                all.add(new Document(name, collection));
                database.getCollection(collection).find().into(all);
            }
        }
        return all;
    }

    /** What the plan says of every sink, which is what the run then does: how many it writes and deletes. */
    private Map<String, String> plannedAndDone() throws Exception {
        Map<String, String> planned = new TreeMap<>();
        List<Document> before = stored();
        chain(Mode.PLAN)
                .sinks()
                .forEach((sink, s) -> planned.put(
                        sink,
                        "written %d deleted %d dead %d".formatted(s.inserts() + s.updates(), s.deleted(), s.dead())));
        assertThat(stored()).as("a plan writes nothing").isEqualTo(before);
        Map<String, String> done = new TreeMap<>();
        chain(Mode.RUN)
                .sinks()
                .forEach((sink, s) ->
                        done.put(sink, "written %d deleted %d dead %d".formatted(s.written(), s.deleted(), s.dead())));
        assertThat(planned).isEqualTo(done);
        planned.values().removeIf("written 0 deleted 0 dead 0"::equals);
        return planned;
    }

    @Test
    void aPlanSaysOfEveryPhaseWhatTheRunThenDoes() throws Exception {
        Map<String, String> first = plannedAndDone();
        assertThat(first).containsKeys("bookclub-extract/staging", "bookclub-publish/main", "bookclub-graph/graph");
        assertThat(files.seen)
                .as("what a plan lays over staging holds sealed values as they are stored")
                .anyMatch(text -> text.contains("hana1") && text.contains("Reads short stories."))
                .noneMatch(text -> text.contains("hana1@example.org") || text.contains("correct horse"));
        set("creators", 41, "lastname", "Changed"); // cr41, an author of bk1
        Map<String, String> author = plannedAndDone();
        assertThat(author.get("bookclub-extract/staging")).isEqualTo("written 1 deleted 0 dead 0");
        assertThat(author.get("bookclub-publish/main"))
                .as("the author, and the books and versions that tell the name")
                .isEqualTo("written %d deleted 0 dead 0".formatted(1 + telling("books") + telling("book_versions")));

        List<List<Object>> tags = stub.tabs.get("tags");
        tags.remove(tags.size() - 1);
        tags.add(new ArrayList<>(tags.get(1)));
        set("tags", tags.size() - 1, "name", "a new tag");
        assertThat(plannedAndDone())
                .as("a new row and a deleted one")
                .containsEntry("bookclub-extract/staging", "written 1 deleted 1 dead 0")
                .containsEntry("bookclub-publish/main", "written 1 deleted 1 dead 0");
    }

    /** How many documents of main hold the changed name. */
    private long telling(String collection) {
        long telling = 0;
        for (Document document :
                client.getDatabase(MAIN).getCollection(collection).find()) {
            if (document.toJson().contains("Changed")) telling++;
        }
        assertThat(telling).as(collection).isPositive();
        return telling;
    }

    /** Looks into the temporary files that a plan keeps open. */
    private static final class PlanFiles extends EventNotifierSupport {

        private final List<String> seen = new CopyOnWriteArrayList<>();
        private long longest;

        @Override
        public synchronized void notify(CamelEvent event) {
            if (!(event instanceof CamelEvent.ExchangeSendingEvent)) return;
            try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
                for (Path file : open.toList()) look(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void look(Path file) throws IOException {
            if (!Files.isSymbolicLink(file)) return;
            if (!Files.readSymbolicLink(file).toString().contains("caravan-plan-")) return;
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length <= longest) return;
            longest = bytes.length;
            seen.add(new String(bytes, StandardCharsets.ISO_8859_1));
        }
    }
}
