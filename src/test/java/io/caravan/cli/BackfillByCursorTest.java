package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.cli.CommandChild.Running;
import io.caravan.http.ApiServer;
import io.caravan.ledger.Await;
import io.caravan.ledger.Sql;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The history of a table and of an API, window by window of their cursor, beside runs of today. */
class BackfillByCursorTest {

    private static final String SINK = """
                  steps:
                    - to:
                        uri: kamelet:objects-sink
                        parameters: {output: OUT, format: csv, compression: none, partitions: 1}
            """;
    private static final String TABLE = """
            - route:
                id: copy
                from:
                  uri: kamelet:jdbc-source
                  parameters:
                    pipeline: copy
                    uri: "{{caravan.ledger.uri}}"
                    user: "{{caravan.ledger.user}}"
                    password: "{{caravan.ledger.password}}"
                    query: select id, at, 10 / v as v from shop.orders
                    keyFields: id
                    cursorField: at
                    connectTimeoutMillis: 60000
                    leaseMillis: 3000
            """ + SINK;
    private static final String API = """
            - route:
                id: copy
                from:
                  uri: kamelet:http-source
                  parameters:
                    pipeline: copy
                    url: "URL"
                    keyFields: id
                    cursorField: at
                    sinceParameter: since
                    untilParameter: until
                    requestRetries: 0
            """ + SINK;
    private static final String[] BACKFILL = {"backfill", "copy", "--since", "2020-01", "--until", "2020-03"};

    private final Endpoint database = TestStores.freshDatabase();

    @TempDir
    Path folder;

    private UserProject project;

    @BeforeEach
    void project() throws Exception {
        project = new UserProject(folder);
        project.settings(settings());
        sql("create schema shop", "create table shop.orders (id int primary key, at timestamptz not null, v int)");
        // the first and the last moment of months, by the clock of UTC
        row(1, "2020-01-01T00:00:00Z", 1);
        row(2, "2020-01-31T23:59:59.999999Z", 1);
        row(3, "2020-02-01T00:00:00Z", 1);
        row(4, "2020-03-31T23:30:00Z", 1);
        row(5, "2020-04-01T00:00:00Z", 1);
    }

    @Test
    void aDryRunShowsTheWindowsAndReadsNothing() throws Exception {
        route(TABLE);
        assertThat(backfill("--dry-run")).as("%s", project.err()).isZero();
        assertThat(project.out())
                .last()
                .asString()
                .startsWith("2020-03-01 to 2020-03-31")
                .endsWith("at >= 2020-03-01 and < 2020-04-01");
        assertThat(backfill("--dry-run", "--json")).isZero();
        assertThat(project.json().get("cursorField").asText()).isEqualTo("at");
        JsonNode slices = project.json().get("slices");
        assertThat(slices.findValuesAsText("until")).containsExactly("2020-01-31", "2020-02-29", "2020-03-31");
        assertThat(project.cli("backfill", "status")).isZero();
        assertThat(project.out()).containsExactly("No backfill yet");
    }

    @Test
    void aTableComesWindowByWindowAndOneThatFailsIsGoneOnWithBesideRunsOfToday() throws Exception {
        route(TABLE);
        sql("update shop.orders set v = 0 where id = 3");
        assertThat(backfill()).as("%s", project.err()).isEqualTo(1);
        assertThat(project.out())
                .filteredOn(line -> line.contains("slices done"))
                .extracting(line -> line.replaceFirst("^copy: (\\S+) to \\S+: (\\w+), (\\d+) .*", "$1 $2 $3"))
                .containsExactly("2020-03-01 succeeded 1", "2020-02-01 failed 0", "2020-01-01 succeeded 2");
        assertThat(project.cli("run", "copy")).as("%s", project.err()).isZero();
        assertThat(rows()).as("today's, less the window that waits").containsOnlyKeys("1", "2", "4", "5");
        sql("update shop.orders set v = 2 where id = 3");
        assertThat(project.cli("backfill", "resume", "copy"))
                .as("%s", project.err())
                .isZero();
        assertEqualsCleanBuild();
    }

    @Test
    void whatWasReadOnceIsReadAgainAndOnlyAFullLastRunDeletes() throws Exception {
        route(TABLE);
        assertThat(project.cli("run", "copy")).as("%s", project.err()).isZero();
        sql("update shop.orders set v = 5", "delete from shop.orders where id = 1");
        row(6, "2020-04-02T00:00:00Z", 1);
        assertThat(backfill("--parallel", "2")).as("%s", project.err()).isZero();
        assertThat(rows())
                .as("2020-04-01 is read by the run behind the slices, as from the cursor on it begins")
                .isEqualTo(Map.of("1", "10", "2", "2", "3", "2", "4", "2", "5", "2", "6", "10"));
        assertThat(backfill("--full")).as("%s", project.err()).isZero();
        assertEqualsCleanBuild();
    }

    @Test
    void anApiIsAskedWindowByWindowAndWhatItBringsOfOthersIsPassedOver() throws Exception {
        List<String> all =
                List.of("1 2020-01-01T00:00:00Z", "2 2020-02-29T23:59:59+00:00", "3 2020-03-01", "4 2020-04");
        boolean[] away = {true};
        try (ApiServer server = new ApiServer(exchange -> {
            String since = ApiServer.parameter(exchange, "since");
            boolean fails = away[0] && since.startsWith("2020-02");
            // it takes no notice of until
            ApiServer.answer(
                    exchange,
                    fails ? 400 : 200,
                    all.stream()
                            .map(row -> row.split(" "))
                            .filter(row -> since.isEmpty() || row[1].compareTo(since.substring(0, 7)) >= 0)
                            .map(row -> "{\"id\":" + row[0] + ",\"at\":\"" + row[1] + "\",\"v\":1}")
                            .collect(Collectors.joining(",", "[", "]")));
        })) {
            route(API.replace("URL", server.url("/orders")));
            assertThat(backfill()).as("%s", project.err()).isNotZero();
            assertThat(server.asked)
                    .contains(
                            "GET /orders?since=2020-03-01T00%3A00%3A00Z&until=2020-04-01T00%3A00%3A00Z",
                            "GET /orders?since=2020-01-01T00%3A00%3A00Z&until=2020-02-01T00%3A00%3A00Z");
            assertThat(project.out())
                    .filteredOn(line -> line.contains("slices done"))
                    .extracting(line -> line.replaceFirst("^copy: (\\S+) to \\S+: (\\w+), (\\d+) .*", "$1 $2 $3"))
                    .containsExactly("2020-03-01 succeeded 1", "2020-02-01 failed 0", "2020-01-01 succeeded 1");
            assertThat(rows()).containsOnlyKeys("1", "3");
            assertThat(project.cli("run", "copy")).as("%s", project.err()).isZero();
            assertThat(rows()).as("what says no day is today's").containsOnlyKeys("1", "3", "4");
            away[0] = false;
            assertThat(project.cli("backfill", "resume", "copy"))
                    .as("%s", project.err())
                    .isZero();
            assertEqualsCleanBuild();
        }
    }

    @Test
    void whatCannotBeCutIsRefusedWithTheSettingThatHelps() throws Exception {
        route(TABLE.replace("        cursorField: at\n", ""));
        assertRefused("cursorField of jdbc-source must name a column of dates or times");
        route(TABLE.replace("cursorField: at", "cursorField: id"));
        assertRefused("cursorTime of jdbc-source must say what the numbers of id count");
        route(TABLE.replace("cursorField: at", "cursorField: word").replace("id, at", "id, 'x' as word"));
        assertRefused("cursorField of jdbc-source must name a date or time to be cut by days: cast it in the query");
        route(API.replace("URL", "http://127.0.0.1:1/").replace("        untilParameter: until\n", ""));
        assertRefused("untilParameter of http-source must name the query parameter");
    }

    @Test
    void aBackfillThatIsKilledBesideRunsOfTodayEqualsACleanBuild() throws Exception {
        route(TABLE);
        sql("insert into shop.orders select i, timestamp '2020-01-01' + i * interval '10 minutes', 1"
                + " from generate_series(10, 13000) i");
        try (Running backfill = new CommandChild(folder, database, settings()).start(BACKFILL)) {
            Await.until("a slice", Duration.ofMinutes(5), () -> backfill.said("slices done"));
            assertThat(backfill.process().isAlive()).as("it dies in the middle").isTrue();
            backfill.process().destroyForcibly().waitFor();
        }
        assertThat(project.cli("run", "copy", "--wait", "60"))
                .as("%s", project.err())
                .isZero();
        assertThat(project.out()).anyMatch(line -> line.contains("a backfill has yet to read"));
        sql("update shop.orders set v = 3 where id % 100 = 0", "delete from shop.orders where id = 1000");
        assertThat(backfill()).as("%s", project.err()).isZero();
        assertEqualsCleanBuild();
    }

    private void assertRefused(String sentence) {
        for (String more : new String[] {"--dry-run", "--full"}) {
            assertThat(backfill(more)).isEqualTo(2);
            assertThat(project.err()).anyMatch(line -> line.contains(sentence));
        }
    }

    private void assertEqualsCleanBuild() throws Exception {
        Map<String, String> found = rows();
        Path other = Files.createDirectories(folder.resolve("clean"));
        UserProject clean = new UserProject(other);
        Endpoint ledger = TestStores.freshDatabase();
        clean.settings(Map.of(
                "caravan.ledger.uri", ledger.uri(),
                "caravan.ledger.user", ledger.user(),
                "caravan.ledger.password", ledger.password()));
        String route = Files.readString(folder.resolve("routes/copy/copy.camel.yaml"))
                .replace("{{caravan.ledger.uri}}", database.uri())
                .replace("{{caravan.ledger.user}}", database.user())
                .replace("{{caravan.ledger.password}}", database.password())
                .replace(folder.resolve("out").toString(), other.resolve("out").toString());
        clean.write("routes/copy/copy.camel.yaml", route);
        assertThat(clean.cli("run", "copy")).as("%s", clean.err()).isZero();
        assertThat(found).isNotEmpty().isEqualTo(rows(other.resolve("out")));
        assertThat(project.cli("run", "copy", "--json")).as("%s", project.err()).isZero();
        assertThat(project.json().findValue("written").asInt()).isZero();
    }

    private int backfill(String... more) {
        return project.cli(Stream.concat(Stream.of(BACKFILL), Stream.of(more)).toArray(String[]::new));
    }

    private void route(String text) throws IOException {
        project.write(
                "routes/copy/copy.camel.yaml",
                text.replace("OUT", folder.resolve("out").toString()));
    }

    private Map<String, String> settings() {
        return Map.of(
                "caravan.ledger.uri", database.uri(),
                "caravan.ledger.user", database.user(),
                "caravan.ledger.password", database.password(),
                "caravan.ledger.connectTimeoutMillis", "60000");
    }

    private void row(int id, String at, int v) throws SQLException {
        sql("insert into shop.orders values (" + id + ", '" + at + "', " + v + ")");
    }

    private void sql(String... statements) throws SQLException {
        Sql.transaction(TestStores.dataSource(database), c -> {
            for (String statement : statements) Sql.update(c, statement);
            return null;
        });
    }

    private Map<String, String> rows() throws IOException {
        return rows(folder.resolve("out"));
    }

    /** By id, what the column v says. */
    private static Map<String, String> rows(Path out) throws IOException {
        Map<String, String> rows = new TreeMap<>();
        try (Stream<Path> files = Files.walk(out)) {
            for (Path file :
                    new TreeSet<>(files.filter(f -> f.getFileName().toString().startsWith("part-"))
                            .toList())) {
                List<String> lines = Files.readAllLines(file);
                List<String> columns = List.of(lines.get(0).split(","));
                for (String line : lines.subList(1, lines.size())) {
                    String[] values = line.split(",");
                    rows.put(values[columns.indexOf("id")], values[columns.indexOf("v")]);
                }
            }
        }
        return rows;
    }
}
