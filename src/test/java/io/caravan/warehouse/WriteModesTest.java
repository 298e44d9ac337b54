package io.caravan.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.delivery.Fence;
import io.caravan.delivery.MarkerContract;
import io.caravan.error.ConfigurationException;
import io.caravan.ledger.LeaseLostException;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that keep the earlier forms of their records: {@code writeMode: append} and {@code history}, on a real PostgreSQL. */
class WriteModesTest {

    private static final Fields FIELDS = Fields.of("id", "name", "tags");
    private static final String COLUMNS = """
            table: people
            columns:
              - {name: id, type: text, key: true}
              - {name: name, type: text}
              - {name: tags, type: jsonb}
            """;
    private static final String HISTORY = "select id, name, to_char(valid_from at time zone 'UTC', 'YYYY'),"
            + " to_char(valid_to at time zone 'UTC', 'YYYY'), is_current from people order by id, valid_from";
    private static final String APPENDED =
            "select id, name, to_char(loaded_at at time zone 'UTC', 'YYYY'), is_deleted from people order by id, loaded_at";

    private static Database database;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        database = Database.fresh();
    }

    @BeforeEach
    void drop() throws SQLException {
        database.run("drop table if exists people");
    }

    @Test
    void historyKeepsEachFormWithTheTimeThatItWasTheRecords() throws Exception {
        try (WarehouseSink sink = sink("history")) {
            List<Record> first = List.of(person("a", "Ann", 1), person("b", "Bob", 1), person("c", "Cy", 1));
            assertThat(sink.write(first)).isEmpty();
            List<Record> second = List.of(person("a", "Anna", 2), gone("b", 2), person("c", "Cy", 1));
            assertThat(sink.write(second)).isEmpty();
            assertThat(sink.write(List.of(person("b", "Bob", 3)))).isEmpty();
            List<String> rows = List.of(
                    "a|Ann|2001|2002|f", "a|Anna|2002|-|t", "b|Bob|2001|2002|f", "b|Bob|2003|-|t", "c|Cy|2001|-|t");
            assertThat(database.rows(HISTORY)).containsExactlyElementsOf(rows);

            sink.write(List.of(person("b", "Bob", 3), person("a", "Anna", 2), gone("nobody", 3)));
            assertThat(database.rows(HISTORY)).as("the same again").containsExactlyElementsOf(rows);
            assertThat(sink.differing(
                            List.of(person("a", "Ann", 9), person("b", "Bob", 9), person("d", "Di", 9), gone("c", 9))))
                    .as("of the current rows")
                    .containsExactlyInAnyOrder("a", "d", "c");
            sink.write(List.of(gone("b", 4)));
            try (Stream<String> keys = sink.keys()) {
                assertThat(keys).containsExactlyInAnyOrder("a", "c");
            }
            assertThat(database.rows("select name from people where id = 'a' and valid_from <= '2001-06-01Z'"
                            + " and (valid_to > '2001-06-01Z' or valid_to is null)"))
                    .as("as it was")
                    .containsExactly("Ann");
        }
    }

    @Test
    void appendAddsARowForEachNewFormAndChangesNone() throws Exception {
        try (WarehouseSink sink = sink("append")) {
            sink.write(List.of(person("a", "Ann", 1), person("b", "Bob", 1)));
            sink.write(List.of(person("a", "Anna", 2), person("b", "Bob", 1)));
            sink.write(List.of(person("a", "Ann", 3), gone("b", 3), gone("nobody", 3)));
            sink.write(List.of(person("a", "Ann", 3), gone("b", 3)));
            List<String> rows =
                    List.of("a|Ann|2001|f", "a|Anna|2002|f", "a|Ann|2003|f", "b|Bob|2001|f", "b|Bob|2003|t");
            assertThat(database.rows(APPENDED)).containsExactlyElementsOf(rows);
            assertThat(sink.differing(List.of(person("a", "Ann", 9), person("b", "Bob", 9), gone("b", 9))))
                    .containsExactly("b");
            try (Stream<String> keys = sink.keys()) {
                assertThat(keys).containsExactly("a");
            }
            List<String> before = database.rows("select ctid, xmin from people order by 1");
            sink.write(List.of(person("b", "Bob", 5)));
            assertThat(database.rows(APPENDED)).hasSize(6).contains("b|Bob|2005|f");
            assertThat(database.rows("select ctid, xmin from people order by 1"))
                    .startsWith(before.toArray(String[]::new));
        }
    }

    /** A run before, a clock that was set back, a run that two forms of a record came in. */
    @Test
    void timesOfARecordFollowEachOtherWhateverClocksSay() throws Exception {
        try (WarehouseSink sink = sink("history")) {
            sink.write(List.of(person("a", "1", 5)));
            sink.write(List.of(person("a", "2", 3)));
            sink.write(List.of(person("a", "3", 5)));
            sink.write(List.of(gone("a", 5)));
            sink.write(List.of(person("a", "4", 1)));
        }
        assertThat(
                        database.rows(
                                "select name, valid_from - '2005-01-01Z', valid_to - '2005-01-01Z' from people order by valid_from"))
                .containsExactly(
                        "1|00:00:00|00:00:00.000001",
                        "2|00:00:00.000001|00:00:00.000002",
                        "3|00:00:00.000002|00:00:00.000003",
                        "4|00:00:00.000003|-");
    }

    /** What each record was, from run to run, is what its rows say, however often a batch was sent and whoever died before it said so. */
    @ParameterizedTest
    @ValueSource(strings = {"history", "append"})
    void eachFormIsARowOnceHoweverOftenItIsSent(String mode) throws Exception {
        for (int seed = 0; seed < 12; seed++) {
            drop();
            Random random = new Random(seed);
            Map<String, List<String>> forms = new TreeMap<>();
            Map<String, Record> world = new TreeMap<>();
            WarehouseSink sink = sink(mode);
            for (int run = 1; run <= 12; run++) {
                for (int i = 0; i < 8; i++) {
                    String key = "k" + random.nextInt(12);
                    Record was = world.get(key);
                    if (was != null && random.nextInt(4) == 0) {
                        world.put(key, gone(key, run));
                    } else {
                        String name = "n" + random.nextInt(3);
                        boolean same = was != null
                                && !was.deleted()
                                && was.get("name").get().equals(name);
                        if (!same) world.put(key, person(key, name, run));
                    }
                }
                for (Record r : world.values()) {
                    if (r.changedRun() != run) continue;
                    List<String> known = forms.computeIfAbsent(r.key(), k -> new ArrayList<>());
                    String form = r.deleted() ? "gone" : r.get("name").get().toString();
                    boolean news = known.isEmpty()
                            ? !r.deleted()
                            : !known.get(known.size() - 1).equals(form);
                    if (news) known.add(form);
                }
                // a run that died sends some of it again, cut in another way, and perhaps what is long known
                List<Record> sent = new ArrayList<>(world.values());
                for (int times = 1 + random.nextInt(3); times > 0; times--) {
                    Collections.shuffle(sent, random);
                    int cut = random.nextInt(sent.size() + 1);
                    sink.write(sent.subList(0, cut));
                    if (times == 1) sink.write(sent.subList(cut, sent.size()));
                    if (random.nextInt(3) == 0) {
                        sink.close();
                        sink = sink(mode);
                    }
                }
            }
            sink.close();
            forms.values().removeIf(List::isEmpty);
            assertThat(rowsOf(mode)).as("seed " + seed).isEqualTo(forms);
            if (mode.equals("history")) noGaps();
        }
    }

    /** By key, the forms as the rows say them. */
    private static Map<String, List<String>> rowsOf(String mode) throws SQLException {
        Map<String, List<String>> forms = new TreeMap<>();
        String sql = mode.equals("append")
                ? "select id, case when is_deleted then 'gone' else name end from people order by id, loaded_at"
                : "select id, name from (select id, name, valid_from at from people union all select id, 'gone', valid_to from people p"
                        + " where valid_to is not null and not exists (select from people n where n.id = p.id and n.valid_from = p.valid_to)) f"
                        + " order by id, at";
        for (String row : database.rows(sql)) {
            String[] cells = row.split("\\|");
            forms.computeIfAbsent(cells[0], k -> new ArrayList<>()).add(cells[1]);
        }
        return forms;
    }

    private static void noGaps() throws SQLException {
        assertThat(database.rows("select id from people group by id having count(*) filter (where is_current) > 1"))
                .isEmpty();
        assertThat(database.rows(
                        "select a.id from people a join people b on a.id = b.id and a.valid_from < b.valid_from"
                                + " where a.valid_to is null or a.valid_to > b.valid_from"))
                .as("two forms at once")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"history", "append"})
    void aRunThatWasOvertakenWritesNoRow(String mode) throws Exception {
        try (WarehouseSink late = sink(mode);
                WarehouseSink next = sink(mode)) {
            late.write(List.of(person("a", "Ann", 1)));
            AtomicReference<CompletableFuture<Void>> other = new AtomicReference<>();
            late.fencedBy(fence(() -> {
                // the next run is there already: it waits for us, and then for nobody
                other.set(CompletableFuture.runAsync(() -> next.write(List.of(person("a", "newest", 3)))));
                waitFor("select count(*) from pg_locks where locktype = 'advisory' and not granted", "1");
                throw new LeaseLostException("people: the lease was lost");
            }));
            assertThatThrownBy(() -> late.write(List.of(person("a", "stale", 2))))
                    .isInstanceOf(LeaseLostException.class);
            other.get().join();
            assertThat(database.rows("select name from people order by 1")).containsExactly("Ann", "newest");
        }
    }

    private static void waitFor(String sql, String value) {
        try {
            long end = System.nanoTime() + 8_000_000_000L;
            while (!database.cell(sql).equals(value) && System.nanoTime() < end) database.run("select pg_sleep(0.01)");
            assertThat(database.cell(sql)).isEqualTo(value);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Fence fence(Runnable check) {
        return new Fence() {
            @Override
            public long token() {
                return 1;
            }

            @Override
            public void check() {
                check.run();
            }
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"history", "append"})
    void theMarkerIsThereUntilTheTableIsEmptied(String mode) throws Exception {
        database.run("drop table if exists caravan_markers");
        MarkerContract<WarehouseSink> markers = new MarkerContract<>(
                () -> sink(mode), List.of(person("a", "Ann", 1), person("b", "Bob", 1)), gone("a", 2));
        markers.keeps();
        for (String way : List.of("truncate people", "drop table people")) {
            drop();
            markers.loses(way, () -> database.run(way));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            history; valid_from
            history; valid_to
            history; is_current
            append; loaded_at
            append; is_deleted
            """)
    void aColumnThatTheModeFillsItselfIsRefusedByName(String mode, String column) throws Exception {
        String table = file("{table: people, columns: [{name: id, type: text, key: true}, {name: " + column
                + ", from: since, type: text}]}");
        assertThatThrownBy(() -> sink(table, mode))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("warehouse-sink: column must have another name than ")
                .hasMessageContaining(
                        "which writeMode: " + mode + " fills itself, as in {name: their_" + column + ", from: since}")
                .hasMessageEndingWith(", got '" + column + "'");
        try (WarehouseSink merge = sink(table, "merge")) {
            assertThat(merge.check()).isEmpty();
        }
    }

    @Test
    void aTableOfAnotherModeIsRefusedAndStaysAsItIs() throws Exception {
        List<String> modes = List.of("merge", "append", "history");
        for (String made : modes) {
            drop();
            try (WarehouseSink sink = sink(made)) {
                sink.write(List.of(person("a", "Ann", 1)));
            }
            for (String other : modes) {
                if (other.equals(made)) continue;
                try (WarehouseSink sink = sink(other)) {
                    String expected = other.equals("merge")
                            ? "must have one row a record for writeMode: merge, got '"
                            : "of writeMode: " + other + ", got 'id, name, tags";
                    assertThat(sink.check())
                            .get()
                            .asString()
                            .as(made + " as " + other)
                            .contains(expected);
                    assertThatThrownBy(() -> sink.write(List.of(person("a", "other", 2))))
                            .isInstanceOf(ConfigurationException.class)
                            .hasMessageContaining(expected);
                }
            }
            assertThat(database.rows("select name from people")).containsExactly("Ann");
        }
        assertThatThrownBy(() -> sink("upsert"))
                .hasMessage("warehouse-sink: writeMode must be one of merge, append, history, got 'upsert'");
    }

    @Test
    void aHistoryWithoutTheIndexThatKeepsCurrentRowsApartIsRefusedWithTheStatementThatMakesIt() throws Exception {
        try (WarehouseSink sink = sink("history")) {
            sink.write(List.of(person("a", "Ann", 1)));
        }
        database.run("drop index people_id_idx");
        try (WarehouseSink sink = sink("history")) {
            String problem = sink.check().orElseThrow();
            assertThat(problem).contains("must have a unique index on the key of current rows, got 'none': ");
            database.run(problem.substring(problem.indexOf("create unique")));
            assertThat(sink.check()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"history", "append"})
    void aColumnThatIsNewInTheDescriptionIsAFormOfItsOwn(String mode) throws Exception {
        try (WarehouseSink sink = sink(mode)) {
            sink.write(List.of(person("a", "Ann", 1)));
        }
        try (WarehouseSink sink = sink(file(COLUMNS + "  - {name: again, from: name, type: text}\n"), mode)) {
            assertThat(sink.differing(List.of(person("a", "Ann", 1)))).containsExactly("a");
            sink.write(List.of(person("a", "Ann", 1)));
            sink.write(List.of(person("a", "Ann", 1)));
        }
        assertThat(database.rows("select name, again from people order by again nulls first"))
                .containsExactly("Ann|-", "Ann|Ann");
    }

    private WarehouseSink sink(String mode) {
        return sink(file(COLUMNS), mode);
    }

    private String file(String yaml) {
        try {
            return Files.writeString(Files.createTempFile(folder, "table", ".yaml"), yaml)
                    .toString();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A run began in the year of its number. */
    private static WarehouseSink sink(String table, String mode) {
        WarehouseSink sink = new WarehouseSink(
                "warehouse",
                database.uri(),
                database.user(),
                database.password(),
                "public",
                table,
                2_000,
                10_000,
                mode);
        sink.datedBy(run -> Instant.parse((2000 + run) + "-01-01T00:00:00Z"));
        return sink;
    }

    private static Record person(String id, String name, long run) {
        Object[] values = {id, name, Map.of("of", List.of(name))};
        return Record.read(id, FIELDS, values, new Origin("people.csv", 1), Hash.NONE)
                .changedIn(run);
    }

    private static Record gone(String id, long run) {
        return Record.tombstone(id, Fields.of("id"), new Object[] {id}, run);
    }
}
