package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.error.BadRecordException;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.record.Record;
import io.caravan.run.RunReport.Status;
import io.caravan.step.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a route of steps makes of rows before they are compared with the ledger is what the records hold. */
class PreparedSourceTest {

    private static final Map<String, String> NAMES = new ConcurrentHashMap<>();

    /** Adds the name of the record's author, and refuses who has none. */
    public static final class LookUp implements Step {
        @Override
        public List<Record> apply(List<Record> batch, BiConsumer<Record, BadRecordException> reject) {
            List<Record> named = new ArrayList<>();
            for (Record record : batch) {
                String author = record.get("author").orElse("").toString();
                if (NAMES.containsKey(author)) named.add(record.with("name", NAMES.get(author)));
                else reject.accept(record, new BadRecordException("author must be known, got '" + author + "'"));
            }
            return named;
        }
    }

    /** Leaves records alone, and lets nobody read rows. */
    public static final class Sealing implements Step {
        @Override
        public List<Record> apply(List<Record> batch, BiConsumer<Record, BadRecordException> reject) {
            return batch;
        }

        @Override
        public Optional<UnaryOperator<String>> seal() {
            return Optional.of(text -> "sealed, " + text.length() + " characters");
        }
    }

    private static final String ROUTE = """
            - beans:
              - {name: lookUp, type: "#class:io.caravan.run.PreparedSourceTest$LookUp"}
              - {name: applyLookUp, type: "#class:io.caravan.step.ApplyStep", constructors: {0: "#bean:lookUp"}}
              - {name: sealing, type: "#class:io.caravan.run.PreparedSourceTest$Sealing"}
              - {name: applySealing, type: "#class:io.caravan.step.ApplyStep", constructors: {0: "#bean:sealing"}}
            - route:
                id: prepare
                from:
                  uri: direct:prepare
                  steps: [PREPARE]
            - route:
                id: shop
                from:
                  uri: kamelet:objects-source
                  parameters: {pipeline: shop, input: INPUT, namePattern: "*.csv", format: csv, COLUMNSkeyFields: id, prepare: direct:prepare,
                      objectLimitPercent: 100, tolerate: 100%}
                  steps:
                  - STEP
                  - to: {uri: kamelet:objects-sink, parameters: {sink: left, output: OUTPUT, compression: none}}
            """;

    private static final String LOOK_UP = "{process: {ref: applyLookUp}}";
    private static final String SEALING = "{process: {ref: applySealing}}";
    private static final String NOTHING = "log: {message: nothing}";

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();

    @BeforeEach
    void input() throws Exception {
        NAMES.clear();
        NAMES.putAll(Map.of("a1", "Ann", "a2", "Bob"));
        Files.createDirectories(folder.resolve("in"));
        write("id,author\n1,a1\n2,a2\n3,a1\n");
    }

    @Test
    void aLookedUpValueThatChangesMakesExactlyItsRecordsNews() throws Exception {
        try (YamlPipeline shop = shop(LOOK_UP, NOTHING)) {
            assertThat(shop.run(Mode.RUN).sinks().get("left").written()).isEqualTo(3);
            assertThat(shop.run(Mode.RUN).sinks().get("left").written()).isZero();
            NAMES.put("a1", "Anna");
            RunReport plan = shop.run(Mode.PLAN);
            assertThat(plan.sinks().get("left").updates()).as("%s", plan).isEqualTo(2);
            assertThat(shop.run(Mode.RUN).sinks().get("left").written()).isEqualTo(2);
            assertThat(shop.run(RunRequest.of(Mode.VERIFY).comparingContents(true))
                            .status())
                    .isEqualTo(Status.SUCCEEDED);
            assertThat(shop.run(Mode.RUN).sinks().get("left").written()).isZero();
            assertThat(held()).contains("\"name\":\"Anna\"").doesNotContain("\"Ann\"");
        }
    }

    @Test
    void aRecordThatIsRefusedIsALetterAndWhatWasWrittenOfItStays() throws Exception {
        try (YamlPipeline shop = shop(LOOK_UP, NOTHING)) {
            shop.run(Mode.RUN);
            NAMES.remove("a2");
            RunReport run = shop.run(Mode.RUN);
            assertThat(run.openDeadLetters()).as("%s", run).isEqualTo(1);
            assertThat(run.sinks().get("left").deleted()).isZero();
            assertThat(letters()).singleElement().asString().contains("author must be known, got 'a2'");
            assertThat(held()).contains("\"Bob\"");
            NAMES.put("a2", "Bo");
            assertThat(shop.run(Mode.RUN).sinks().get("left").written()).isEqualTo(1);
            assertThat(shop.run(Mode.RUN).openDeadLetters()).isZero();
        }
    }

    @Test
    void rowsThatNobodyMayReadAreKeptSealed() throws Exception {
        write("id,author\n1,canary-one\n2,a2\n3,canary-two,canary-three\n");
        try (YamlPipeline shop = shop(SEALING + ", " + LOOK_UP, NOTHING)) {
            assertThat(shop.run(Mode.RUN).openDeadLetters()).isEqualTo(2);
            assertThat(letters())
                    .hasSize(2)
                    .allMatch(letter -> letter.contains("sealed, "))
                    .anyMatch(letter -> letter.contains("author must be known, got a value that is kept sealed"))
                    .noneMatch(letter -> letter.contains("canary"));
        }
    }

    @Test
    void aStepThatSealsIsRefusedWhereTheLedgerHasSeenTheRecords() throws Exception {
        try (YamlPipeline shop = shop(LOOK_UP, "process: {ref: applySealing}")) {
            assertThat(shop.run(Mode.RUN).problems().toString())
                    .contains("must stand in the route that 'prepare' of the source names");
        }
    }

    @Test
    void aSinkAmongTheStepsIsRefused() throws Exception {
        String sink =
                "{to: {uri: kamelet:objects-sink, parameters: {sink: early, output: " + folder.resolve("early") + "}}}";
        try (YamlPipeline shop = shop(sink, NOTHING)) {
            assertThat(shop.run(Mode.RUN).problems().toString())
                    .contains("prepare: direct:prepare must hold steps only");
        }
    }

    @Test
    void aFieldThatAStepReadsAndNoRowHasAnyMoreStopsTheRunBeforeItWrites() throws Exception {
        String step = "{to: {uri: kamelet:embed-text-action, parameters: {field: author, into: vector}}}";
        try (YamlPipeline shop = shop(step, NOTHING, "")) {
            assertThat(shop.run(Mode.RUN).sinks().get("left").written()).isEqualTo(3);
            write("id,Author\n1,a1\n2,a2\n3,a1\n");
            RunReport run = shop.run(Mode.RUN);
            assertThat(run.sinks().get("left").written()).isZero();
            assertThat(run.problems().toString())
                    .contains("is filled by field 'author', which no record of a.csv has any more; nearest: 'Author'");
        }
    }

    private YamlPipeline shop(String prepare, String step) throws Exception {
        return shop(prepare, step, "columns: \"id,author\", ");
    }

    private YamlPipeline shop(String prepare, String step, String columns) throws Exception {
        String yaml = ROUTE.replace("PREPARE", prepare)
                .replace("COLUMNS", columns)
                .replace("STEP", step)
                .replace("INPUT", folder.resolve("in").toString())
                .replace("OUTPUT", folder.resolve("out").toString());
        return new YamlPipeline(folder, "shop", yaml, database, new Properties());
    }

    private void write(String csv) throws Exception {
        Files.writeString(folder.resolve("in/a.csv"), csv);
    }

    private String held() throws Exception {
        StringBuilder all = new StringBuilder();
        try (var files = Files.walk(folder.resolve("out"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) all.append(Files.readString(file));
        }
        return all.toString();
    }

    private List<String> letters() throws Exception {
        List<String> letters = new ArrayList<>();
        try (Connection c = DriverManager.getConnection(database.uri(), database.user(), database.password());
                ResultSet rows = c.createStatement()
                        .executeQuery("select l::text from ledger.dead_letter l where state = 'open'")) {
            while (rows.next()) letters.add(rows.getString(1));
        }
        return letters;
    }
}
