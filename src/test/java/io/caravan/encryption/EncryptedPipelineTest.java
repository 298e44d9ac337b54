package io.caravan.encryption;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Updates;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import io.caravan.run.RunRequest;
import io.caravan.run.YamlPipeline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A pipeline that seals fields before the ledger sees them, on real stores. */
class EncryptedPipelineTest {

    private static final AtomicInteger COLLECTIONS = new AtomicInteger();
    private static final int MEMBERS = 600;

    private static final String ROUTE = """
            - route:
                id: seal
                from:
                  uri: direct:seal
                  steps: [PREPARE]
            - route:
                id: members
                from:
                  uri: kamelet:objects-source
                  parameters: {pipeline: members, input: INPUT, namePattern: "*.csv", format: csv, columns: "handle,email,country,password,bio",
                      keyFields: handle, prepare: direct:seal, tolerate: 100%, deadLetterLimitPercent: 100, objectLimitPercent: 100}
                  steps: [STEPS to: {uri: kamelet:mongodb-sink, parameters: {uri: "MONGO", database: club, collection: COLLECTION, exclude: EXCLUDE}}]
            """;

    private static final String SEAL = """
            to: {uri: kamelet:encrypt-fields-action, parameters: {fields: email, deterministic: country, bcrypt: password, bcryptCost: 4, context: club,
                keysFile: KEYS, cleartextKeys: true}}""";

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private final String collection = "members_" + COLLECTIONS.incrementAndGet();
    private final MongoClient mongo = MongoClients.create(TestStores.mongo().uri());
    private Path keys;

    @BeforeEach
    void input() throws Exception {
        keys = folder.resolve("keys.json");
        new KeysFile(keys).change(Optional.of(KeysJson.empty(Optional.empty())), KeysJson::add);
        Files.createDirectories(folder.resolve("in"));
        write(MEMBERS);
    }

    @AfterEach
    void close() {
        mongo.getDatabase("club").getCollection(collection).drop();
        mongo.close();
    }

    @Test
    void freshCiphertextIsNoNewsAndOneCellIsOneDocument() throws Exception {
        try (YamlPipeline members = members(SEAL, "")) {
            assertThat(written(members.run(Mode.RUN))).isEqualTo(MEMBERS);
            String hash = document("u7").getString("password");
            assertThat(hash).startsWith("$2a$04$");
            assertThat(written(members.run(Mode.RUN))).isZero();
            assertThat(members.run(Mode.PLAN).sinks().get("documents").updates())
                    .isZero();
            assertThat(deep(members).status()).isEqualTo(Status.SUCCEEDED);
            replace("mail7@", "other@");
            assertThat(members.run(Mode.PLAN).sinks().get("documents").updates())
                    .isEqualTo(1);
            assertThat(written(members.run(Mode.RUN))).isEqualTo(1);
            stored().updateOne(
                            new Document("_id", "u9"),
                            Updates.set("email", document("u10").getString("email")));
            assertThat(deep(members).sinks().get("documents").differing()).containsExactly("u9");
            assertThat(members.run(Mode.REPAIR).status()).isEqualTo(Status.SUCCEEDED);
            assertThat(deep(members).status()).isEqualTo(Status.SUCCEEDED);
        }
    }

    @Test
    void aRotationThatIsBrokenOffGoesOnAndThenTheNewKeyAloneOpensEverything() throws Exception {
        Set<String> hashes = new HashSet<>();
        try (YamlPipeline members = members(SEAL, "")) {
            members.run(Mode.RUN);
            stored().find().forEach(d -> hashes.add(d.getString("password")));
        }
        new KeysFile(keys).change(Optional.empty(), all -> {
            all.promote(all.add());
            return all;
        });
        try (YamlPipeline members = members(SEAL, "")) {
            RunReport limited = members.run(RunRequest.of(Mode.RUN).limitedTo(Optional.of(MEMBERS / 2L)));
            assertThat(written(limited)).isEqualTo(MEMBERS / 2);
            assertThat(byKey(2)).isEqualTo(MEMBERS / 2);
            members.run(Mode.RUN);
            assertThat(byKey(2)).isEqualTo(MEMBERS);
            assertThat(deep(members).status()).isEqualTo(Status.SUCCEEDED);
            assertThat(written(members.run(Mode.RUN))).isZero();
        }
        new KeysFile(keys).change(Optional.empty(), all -> {
            all.retire(1);
            return all;
        });
        KeyRegistry alone = new KeysFile(keys).read().registry();
        Set<String> opened = new HashSet<>();
        stored().find()
                .forEach(d -> opened.add(alone.open(
                        SealedForm.of(d.getString("email")).orElseThrow(),
                        KeyRegistry.place("club", "", "email"),
                        "email")));
        assertThat(opened).hasSize(MEMBERS).contains("mail7@example.org");
        Set<String> kept = new HashSet<>();
        stored().find().forEach(d -> kept.add(d.getString("password")));
        assertThat(kept).hasSize(MEMBERS);
    }

    @Test
    void plainTextsAreNowhere() throws Exception {
        String canary = "canary7c1e";
        Files.writeString(folder.resolve("in/a.csv"), """
                handle,email,country,password,bio
                u1,CANARY-1,CANARY-2,CANARY-3,read
                u1,CANARY-4,CANARY-5,CANARY-6,a duplicate
                u2,CANARY-7,CANARY-8,CANARY-9,one cell too many,CANARY-10
                u3,CANARY-11,CANARY-12,CANARYCANARYCANARYCANARYCANARYCANARYCANARYCANARYCANARY,too long a password
                u4,sealed:1:9:gcm:CANARY,CANARY-13,CANARY-14,by a key that is not there
                u5,CANARY-15,CANARY-16,CANARY-17,sink refuses
                """.replace("CANARY", canary));
        Logger log = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Level before = log.getLevel();
        log.setLevel(Level.DEBUG);
        log.addAppender(lines);
        List<String> shown = new ArrayList<>();
        try (YamlPipeline members = members(SEAL, "")) {
            shown.add(members.run(Mode.PLAN).toString());
            shown.add(members.run(Mode.RUN).toString());
            shown.add(deep(members).toString());
            shown.add(members.run(RunRequest.of(Mode.VERIFY)).toString());
        } finally {
            log.detachAppender(lines);
            log.setLevel(before);
        }
        List<String> letters = rows("select l::text from ledger.dead_letter l");
        assertThat(letters).as("%s", letters).hasSizeGreaterThanOrEqualTo(4);
        assertThat(document("u1").getString("email")).startsWith("sealed:1:1:gcm:");
        assertThat(shown).noneMatch(text -> text.contains(canary));
        assertThat(lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList())
                .isNotEmpty()
                .noneMatch(text -> text.contains(canary));
        for (String table : rows("select table_name from information_schema.tables where table_schema = 'ledger'")) {
            assertThat(rows("select t::text from ledger." + table + " t"))
                    .as(table)
                    .noneMatch(text -> text.contains(canary) || text.contains(hex(canary)));
        }
        assertThat(stored().find().map(Document::toJson).into(new ArrayList<>()))
                .noneMatch(json -> json.contains(canary));
        KeyRegistry registry = new KeysFile(keys).read().registry();
        String kept = letters.stream()
                .filter(letter -> letter.contains("too long") || letter.contains("72 bytes"))
                .findFirst()
                .orElseThrow();
        String sealed = kept.replaceAll("(?s).*(sealed:1:1:siv:[A-Za-z0-9_-]+).*", "$1");
        assertThat(registry.open(
                        SealedForm.of(sealed).orElseThrow(), KeyRegistry.place("club", "", EncryptFields.ROW), "row"))
                .as("who has the keys sees what was refused")
                .contains(canary + "-11");
    }

    @Test
    void itIsRefusedWhereTheLedgerHasSeenTheRecords() throws Exception {
        try (YamlPipeline members = members("log: {message: nothing}", SEAL + ", ")) {
            assertThat(members.run(Mode.RUN).problems().toString())
                    .contains("must stand in the route that 'prepare' of the source names");
            assertThat(stored().countDocuments()).isZero();
        }
    }

    @Test
    void aStoreThatMustHavePlainTextsGetsThemRightBeforeIt() throws Exception {
        String open =
                "to: {uri: kamelet:decrypt-fields-action, parameters: {fields: country, context: club, keysFile: KEYS, cleartextKeys: true}}, ";
        try (YamlPipeline members = members(SEAL, open)) {
            assertThat(written(members.run(Mode.RUN))).isEqualTo(MEMBERS);
            assertThat(document("u3").getString("country")).isEqualTo("land3");
            assertThat(document("u3").getString("email")).startsWith("sealed:1:1:gcm:");
            assertThat(deep(members).status()).isEqualTo(Status.SUCCEEDED);
        }
    }

    private static String hex(String text) {
        return java.util.HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private YamlPipeline members(String prepare, String steps) throws Exception {
        String yaml = ROUTE.replace("PREPARE", "{" + prepare + "}")
                .replace("[STEPS ", steps.isEmpty() ? "[" : "[{" + steps.replaceFirst(", $", "}, "))
                .replace("INPUT", folder.resolve("in").toString())
                .replace("MONGO", TestStores.mongo().uri())
                .replace("COLLECTION", collection)
                .replace("EXCLUDE", "\"\"")
                .replace("KEYS", keys.toString());
        return new YamlPipeline(folder, "members", yaml, database, new Properties());
    }

    private void write(int members) throws Exception {
        StringBuilder csv = new StringBuilder("handle,email,country,password,bio\n");
        for (int i = 0; i < members; i++) {
            csv.append(String.join(",", "u" + i, "mail" + i + "@example.org", "land" + i % 20, "secret" + i, "I read"))
                    .append('\n');
        }
        Files.writeString(folder.resolve("in/a.csv"), csv);
    }

    private void replace(String old, String now) throws Exception {
        Path csv = folder.resolve("in/a.csv");
        Files.writeString(csv, Files.readString(csv).replace(old, now));
    }

    private static long written(RunReport report) {
        assertThat(report.problems()).isEmpty();
        return report.sinks().get("documents").written();
    }

    private static RunReport deep(YamlPipeline members) throws Exception {
        return members.run(RunRequest.of(Mode.VERIFY).comparingContents(true));
    }

    private MongoCollection<Document> stored() {
        return mongo.getDatabase("club").getCollection(collection);
    }

    private Document document(String id) {
        return stored().find(new Document("_id", id)).first();
    }

    private long byKey(int version) {
        return stored().find().into(new ArrayList<>()).stream()
                .filter(d -> d.getString("email").startsWith(SealedForm.prefix(version))
                        && d.getString("country").startsWith(SealedForm.prefix(version)))
                .collect(Collectors.counting());
    }

    private List<String> rows(String sql) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Connection c = DriverManager.getConnection(database.uri(), database.user(), database.password());
                ResultSet found = c.createStatement().executeQuery(sql)) {
            while (found.next()) rows.add(found.getString(1));
        }
        return rows;
    }
}
