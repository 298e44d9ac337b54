package io.caravan.bookclub;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoDatabase;
import io.caravan.encryption.DecryptFields;
import io.caravan.encryption.KeysFile;
import io.caravan.encryption.KeysJson;
import io.caravan.local.TestNeo4j;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.record.Sha256;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import io.caravan.run.RunRequest;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.main.Main;
import org.bson.Document;

/**
 * The book club's chain for processes that are killed, and in this one. Every third round promotes a new key, so that runs are killed
 * while they seal anew; what is sealed is told by what the newest key alone opens.
 */
final class BookclubSubject implements AutoCloseable {

    private static final String SEALED = "email_address,dob,gender,city,state,country";
    private static final String CANARY = "canary";

    final BookclubStores stores;
    private final Path temporary;
    private boolean begun;
    private Main main;

    BookclubSubject(Path folder, String name) throws IOException {
        stores = new BookclubStores(folder, name);
        temporary = Files.createDirectories(stores.folder.resolve("temporary"));
    }

    /** What a child runs it with. */
    Path properties() throws IOException {
        Path file = stores.folder.resolve("child.properties");
        try (Writer out = Files.newBufferedWriter(file)) {
            stores.properties().store(out, null);
        }
        return file;
    }

    List<String> options() {
        return List.of("-Djava.io.tmpdir=" + temporary);
    }

    /** The spreadsheet is what it is in this round, so that a run has something to do. */
    void change(int round) {
        if (!begun) TestNeo4j.clear();
        begun = true;
        stores.spreadsheet.fill(round);
        if (round % 3 == 0) {
            new KeysFile(stores.keys).change(Optional.empty(), keys -> {
                keys.promote(keys.add());
                return keys;
            });
        }
    }

    /** Runs the whole chain in this process. */
    RunReport run() throws Exception {
        RunReport report = run("bookclub", RunRequest.of(Mode.RUN).allowingDeletes(true));
        assertThat(report.status())
                .as(
                        "%s, open dead letters: %s",
                        report, stores.ledger("select d.reason from ledger.dead_letter d where d.state = 'open'"))
                .isEqualTo(Status.SUCCEEDED);
        return report;
    }

    RunReport run(String pipeline, RunRequest request) throws Exception {
        if (main == null) main = stores.start();
        return BookclubStores.run(main, pipeline, request);
    }

    /** The number of the phase's last run, 0 when there is none. */
    long lastRun(String phase) {
        return number("select coalesce(max(r.id), 0) from ledger.run r join ledger.flow f on f.id = r.flow"
                + " where f.name = '" + phase + "'");
    }

    /** How long the phase's last run took. */
    Duration took(String phase) {
        return Duration.ofMillis(number("select 1000 * extract(epoch from r.finished_at - r.started_at)::numeric"
                + " from ledger.run r where r.id = " + lastRun(phase)));
    }

    private long number(String sql) {
        try {
            return (long) Double.parseDouble(stores.ledger(sql).get(0));
        } catch (SQLException e) {
            if ("42P01".equals(e.getSQLState())) return 0; // no run has made the tables yet
            throw new AssertionError(e);
        }
    }

    /** Neither a temporary file nor any other of its folder holds a plain text. */
    void killed() throws IOException {
        try (Stream<Path> files = Files.walk(stores.folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(CANARY))
                        .as("%s holds a plain text", file)
                        .isFalse();
            }
        }
    }

    /** Everything its sinks hold, by sink and key. */
    Map<String, Map<String, String>> contents() throws IOException {
        return Map.of(
                "staging", opened(stores.staging()),
                "main", opened(stores.main()),
                "images", images(),
                "graph", hosted(BookclubStores.graph()));
    }

    private Map<String, String> hosted(Map<String, String> contents) {
        contents.replaceAll((key, value) -> value.replace(stores.spreadsheet.coversHost(), "COVERS"));
        return contents;
    }

    private Map<String, String> images() throws IOException {
        Map<String, String> held = new TreeMap<>();
        for (String cover : stores.covers()) {
            byte[] bytes =
                    Files.readAllBytes(stores.images().resolve("cover-art").resolve(cover));
            held.put(cover, Sha256.hex(new String(bytes, StandardCharsets.ISO_8859_1), 16));
        }
        return held;
    }

    private Map<String, String> opened(MongoDatabase database) {
        Map<String, String> held = new TreeMap<>();
        Path alone = newestKeyAlone();
        BookclubStores.documents(database).forEach((id, document) -> {
            document.remove("ingested_at");
            document.remove("source"); // the row it had when it was last written
            if (id.startsWith("users ")) open(document, alone);
            held.put(id, new Document(new TreeMap<>(document)).toJson()); // order is no content
        });
        return hosted(held);
    }

    private Path newestKeyAlone() {
        Path alone = stores.folder.resolve("alone.json");
        KeysJson all = new KeysFile(stores.keys).read();
        for (KeysJson.Version version : all.versions()) {
            if (version.state().equals("opens")) all.retire(version.version());
        }
        new KeysFile(alone).change(Optional.of(KeysJson.empty(Optional.empty())), any -> any);
        try {
            Files.writeString(alone, all.text());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return alone;
    }

    private static void open(Document user, Path keys) {
        List<String> names = new ArrayList<>(List.of("_kind", "_id"));
        List<Object> values = new ArrayList<>(List.of("users", user.getString("_id")));
        for (String field : SEALED.split(",")) {
            if (!user.containsKey(field)) continue;
            names.add(field);
            values.add(user.get(field));
        }
        List<String> refused = new ArrayList<>();
        Record plain = new DecryptFields(SEALED, "bookclub", keys.toString(), true)
                        .apply(
                                List.of(Record.read(
                                        user.getString("_id"),
                                        new Fields(names),
                                        values.toArray(),
                                        new Origin("users", 1))),
                                (record, e) -> refused.add(e.getMessage()))
                        .stream()
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(refused.toString()));
        for (String name : names.subList(2, names.size()))
            user.put(name, plain.get(name).orElse(null));
        String password = user.getString("password");
        if (password == null || password.isEmpty()) return;
        assertThat(password).startsWith("$2a$");
        user.put("password", "a hash");
    }

    /** Whatever the ledger holds of any table, as texts. */
    List<String> ledger() throws SQLException {
        List<String> all = new ArrayList<>();
        for (String table :
                stores.ledger("select table_name from information_schema.tables where table_schema = 'ledger'")) {
            all.addAll(stores.ledger("select t::text from ledger." + table + " t"));
        }
        return all;
    }

    @Override
    public void close() {
        if (main != null) main.stop();
        stores.close();
    }
}
