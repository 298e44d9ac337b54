package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.Flows;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.ledger.PlainTransactions;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.run.RunReport.Status;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Before it begins, a run looks whether its sinks keep records by the key that they have, each in a place of its own. */
class SinkKeysTest {

    private static final Endpoint DATABASE = TestStores.freshDatabase();
    private static LedgerDataSource ledger;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        ledger = new LedgerDataSource(DATABASE.uri(), DATABASE.user(), DATABASE.password());
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    @BeforeEach
    void files() throws Exception {
        Files.createDirectories(folder.resolve("in"));
        Files.writeString(folder.resolve("in/a.csv"), "a,b,v\n1,2,A\n1,3,B\n");
        table("a.yaml", "{name: a, type: text, key: true}, {name: b, type: text}");
        table("ba.yaml", "{name: b, type: text, key: true}, {name: a, type: text, key: true}");
        table("av.yaml", "{name: a, type: text, key: true}, {name: b, from: v, type: text, key: true}");
        table("abv.yaml", "{name: a, type: text, key: true}, {name: b, type: text, key: true}, {name: v, type: text}");
        Files.writeString(folder.resolve("graph.yaml"), "record: n\nnodes:\n  n: {label: N, key: a}\n");
    }

    /** Two records of the file would be one row, document, node, vector or point. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            warehouse; table: $/a.yaml; key columns of table must be the pipeline's key fields a,b in this order, got 'a'; correct 'key: true' in $/a.yaml,
            warehouse; table: $/ba.yaml; key columns of table must be the pipeline's key fields a,b in this order, got 'b,a'; correct 'key: true' in $/ba.yaml,
            warehouse; table: $/av.yaml; key columns of table must be the pipeline's key fields a,b in this order, got 'a,v'; correct 'key: true' in $/av.yaml,
            bigquery; project: some-project, dataset: d, table: $/a.yaml; key columns of table must be the pipeline's key fields a,b in this order, got 'a'; correct 'key: true' in $/a.yaml,
            mongodb; database: d, collection: c, matchBy: a; matchBy must be the pipeline's key fields a,b in this order, got 'a'; correct 'matchBy',
            neo4j; mapping: $/graph.yaml; nodes.n.key must name no part of the key a,b, as it holds the whole, got 'a'; correct 'nodes.n.key' in $/graph.yaml,
            lucene; collection: c, keyField: b, vectorField: v, dimensions: 3; keyField must name no part of the key a,b, as it holds the whole, got 'b'; correct 'keyField',
            milvus; uri: 'http://localhost:1', collection: c, keyField: a, vectorField: v, dimensions: 3, model: m; keyField must name no part of the key a,b, as it holds the whole, got 'a'; correct 'keyField',
            objects; output: $/out, keyColumn: a, exclude: a; keyColumn must name no part of the key a,b, as it holds the whole, got 'a'; correct 'keyColumn',
            versions; output: $/out, dataset: d, seriesField: a, timeField: v, keyFields: 'a,v'; keyFields must be the pipeline's key fields a,b in this order, got 'a,v'; correct 'keyFields',
            """)
    void aSinkThatKeepsRecordsByAnotherKeyIsRefusedAtTheStart(
            String sink, String parameters, String said, String remedy) throws Exception {
        try (YamlRoutes main = new YamlRoutes(ledger, route("p", sink, parameters))) {
            assertThat(main.refusal("p", Mode.RUN))
                    .isEqualTo(here(sink + "-sink: " + said + "; " + remedy + " or 'keyFields' of the source"));
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void soIsEachCommandThatWouldUseTheSink(Mode mode) throws Exception {
        try (YamlRoutes main = new YamlRoutes(ledger, route("p", "warehouse", "table: $/a.yaml"))) {
            assertThat(main.refusal("p", mode)).contains("key columns of table must be the pipeline's key fields a,b");
        }
    }

    @Test
    void ofTwoPipelinesInOneTableTheSecondIsRefusedAndTheFirstFindsOnlyItsOwn() throws Exception {
        String ours = "table: $/abv.yaml, " + store();
        try (YamlRoutes main =
                new YamlRoutes(ledger, route("first", "warehouse", ours), route("second", "warehouse", ours))) {
            assertThat(main.run("first", Mode.RUN).status()).isEqualTo(Status.SUCCEEDED);
            String refused = "second: sink 'warehouse' must write where no other pipeline does (warehouse-sink, schema"
                    + " public, uri " + DATABASE.uri() + ", table t), got 'first'; give one of them another place, or"
                    + " make one pipeline of both; if 'first' is no more or writes elsewhere now, ./caravan remove"
                    + " first, or run it";
            for (Mode mode : List.of(Mode.RUN, Mode.PLAN, Mode.VERIFY, Mode.ADOPT, Mode.REPAIR)) {
                assertThat(main.refusal("second", mode)).as(mode.toString()).isEqualTo(refused);
            }
            RunReport verified = main.run("first", Mode.VERIFY);
            assertThat(verified.status()).isEqualTo(Status.SUCCEEDED);
            assertThat(main.run("first", Mode.RUN).status()).isEqualTo(Status.SUCCEEDED);
            assertThat(main.run("first", Mode.REMOVE).status()).isEqualTo(Status.SUCCEEDED);
            new PlainTransactions(ledger)
                    .in(c -> Flows.remove(c, Flows.of(c, "first").id()));
            assertThat(main.run("second", Mode.RUN).status())
                    .as("the place of one that was removed with its data")
                    .isEqualTo(Status.SUCCEEDED);
        }
    }

    @Test
    void onePlaceThatTwoSettingsWriteDifferentlyIsOne() throws Exception {
        String host = DATABASE.uri().replaceFirst("^jdbc:postgresql://([^:/]+).*", "$1");
        String other = "table: $/abv.yaml, "
                + store().replace("//" + host, host.equals("localhost") ? "//127.0.0.1" : "//LocalHost");
        try (YamlRoutes main = new YamlRoutes(
                ledger,
                route("first", "warehouse", "table: $/abv.yaml, " + store()),
                route("second", "warehouse", other))) {
            assertThat(main.run("first", Mode.RUN).status()).isEqualTo(Status.SUCCEEDED);
            assertThat(main.refusal("second", Mode.RUN)).contains("second: sink 'warehouse' must write where no other");
        }
    }

    @Test
    void aStoreOfThisMachineIsOnePlaceByItsWordAndByItsAddress() throws Exception {
        Path started = Files.createDirectories(folder.resolve("data/postgres"));
        Properties endpoint = new Properties();
        endpoint.putAll(Map.of("uri", DATABASE.uri(), "user", DATABASE.user(), "password", DATABASE.password()));
        try (Writer file = Files.newBufferedWriter(started.resolve("endpoint.properties"))) {
            endpoint.store(file, null);
        }
        table("laptop.yaml", "{name: a, type: text, key: true}, {name: b, type: text, key: true}", "laptop");
        String before = System.getProperty("caravan.data.dir");
        System.setProperty("caravan.data.dir", started.getParent().toString());
        try (YamlRoutes main = new YamlRoutes(
                ledger,
                route("worded", "warehouse", "table: $/laptop.yaml, uri: laptop"),
                route("addressed", "warehouse", "table: $/laptop.yaml, " + store()))) {
            assertThat(main.run("worded", Mode.RUN).status()).isEqualTo(Status.SUCCEEDED);
            assertThat(main.refusal("addressed", Mode.RUN)).contains("got 'worded'");
        } finally {
            if (before == null) System.clearProperty("caravan.data.dir");
            else System.setProperty("caravan.data.dir", before);
        }
    }

    @Test
    void aPipelineThatWritesElsewhereNowLeavesItsPlaceToOthers() throws Exception {
        table("other.yaml", "{name: a, type: text, key: true}, {name: b, type: text, key: true}", "other");
        table("place.yaml", "{name: a, type: text, key: true}, {name: b, type: text, key: true}", "place");
        try (YamlRoutes main =
                new YamlRoutes(ledger, route("moving", "warehouse", "table: $/place.yaml, " + store()))) {
            assertThat(main.run("moving", Mode.RUN).status()).isEqualTo(Status.SUCCEEDED);
        }
        try (YamlRoutes main = new YamlRoutes(
                ledger,
                route("moving", "warehouse", "table: $/other.yaml, " + store()),
                route("coming", "warehouse", "table: $/place.yaml, " + store()))) {
            assertThat(main.refusal("coming", Mode.RUN)).contains("got 'moving'");
            assertThat(main.run("moving", Mode.RUN).status()).isEqualTo(Status.SUCCEEDED);
            assertThat(main.run("coming", Mode.RUN).status()).isEqualTo(Status.SUCCEEDED);
        }
    }

    private void table(String file, String columns) throws Exception {
        table(file, columns, "t");
    }

    private void table(String file, String columns, String name) throws Exception {
        Files.writeString(folder.resolve(file), "{table: " + name + ", columns: [" + columns + "]}");
    }

    private static String store() {
        return "uri: '" + DATABASE.uri() + "', user: '" + DATABASE.user() + "', password: '" + DATABASE.password()
                + "'";
    }

    private String here(String text) {
        return text.replace("$", folder.toString());
    }

    private String route(String pipeline, String sink, String parameters) throws Exception {
        Path file = folder.resolve(pipeline + ".camel.yaml");
        Files.writeString(file, here("""
                - route:
                    id: %1$s
                    from:
                      uri: kamelet:objects-source
                      parameters: {pipeline: %1$s, input: $/in, format: csv, keyFields: 'a,b', deleteLimitPercent: 100}
                      steps:
                      - to: {uri: 'kamelet:%2$s-sink', parameters: {%3$s}}
                """.formatted(pipeline, sink, parameters)));
        return "file:" + file;
    }
}
