package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.endpoint.TestContext;
import io.caravan.jdbc.JdbcSource;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.run.RunReport.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs over a table of PostgreSQL whose cursors cannot be trusted: none of them moves the position, and none is lost. */
class CursorsTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private static final Endpoint database = TestStores.freshDatabase();

    private final Things things = new Things(ledger);

    @BeforeEach
    void fewRowsMayAllBeBad() {
        things.limits = Limits.of(100, 100, 100, "0");
    }

    @ParameterizedTest
    @CsvSource({
        "timestamptz, 2204-01-01T00:00:00Z",
        "timestamp, 2204-01-01T00:00",
        "date, 2204-01-01",
        "text, 2204-01-01",
    })
    void aRowFromTheFutureIsDeliveredAndNamedAndHidesNothing(String type, String shown) throws SQLException {
        create(type, "(1, 'a', '2024-01-01'), (2, 'typo', '2204-01-01')");
        RunReport first = things.run();
        assertThat(first.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(first.sinks().get("left").written()).isEqualTo(2);
        assertThat(first.notes())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("query: u must not be later than the store's time, ")
                .endsWith("got 1 row that is: 2 (" + shown + "); it is delivered, and the position stays before it;"
                        + " correct u in the source");
        assertThat(position())
                .containsExactly(
                        type.equals("timestamptz")
                                ? "2024-01-01T00:00:00Z"
                                : type.equals("timestamp") ? "2024-01-01T00:00" : "2024-01-01");
        String now = type.equals("text") ? "to_char(now() at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS')" : "now()";
        execute("insert into t values (3, 'new', " + now + "); update t set v = 'a2', u = " + now + " where id = 1");
        RunReport second = things.run();
        assertThat(second.sinks().get("left").written()).isEqualTo(2);
        assertThat(second.notes()).as("it lies there still").hasSize(1);
        execute("update t set v = 'right', u = " + now + " where id = 2");
        RunReport third = things.run();
        assertThat(third.sinks().get("left").written()).isEqualTo(1);
        assertThat(third.notes()).isEmpty();
        assertThatNothingIsMissing();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "bigint|seconds|1704067200|7384348800|floor(extract(epoch from now()))",
                "bigint|millis|1704067200000|7384348800000|floor(extract(epoch from now()) * 1000)",
                "numeric|micros|1704067200000000.5|7384348800000000|extract(epoch from now()) * 1000000",
                "numeric|seconds|1704067200.25|1e40|extract(epoch from now())",
                "timestamp|Pacific/Kiritimati|'2024-01-01'|'2204-01-01'|now() at time zone 'Pacific/Kiritimati'",
                "timestamp|America/New_York|'2024-01-01'|now() at time zone 'America/New_York' + interval '2 hours'|"
                        + "now() at time zone 'America/New_York'",
                "date|Pacific/Kiritimati|'2024-01-01'|'2204-01-01'|(now() at time zone 'Pacific/Kiritimati')::date",
            })
    void soIsOneOfWhichASettingSaysWhichMomentItIs(String type, String time, String past, String future, String now)
            throws SQLException {
        create(type, "(1, 'a', " + past + "), (2, 'typo', " + future + ")");
        things.source = source("select * from t", time);
        RunReport first = things.run();
        assertThat(first.sinks().get("left").written()).isEqualTo(2);
        assertThat(first.notes()).hasSize(1).first().asString().contains("got 1 row that is: 2 (");
        execute("insert into t values (3, 'new', " + now + "); update t set v = 'a2', u = " + now + " where id = 1");
        assertThat(things.run().sinks().get("left").written()).isEqualTo(2);
        execute("update t set v = 'right', u = " + now + " where id = 2");
        assertThat(things.run().sinks().get("left").written()).isEqualTo(1);
        assertThat(things.run().notes()).isEmpty();
        assertThatNothingIsMissing();
    }

    /** Nobody says that they are times: the position moves, and what it may hide is said, until somebody does. */
    @Test
    void numbersThatLookLikeTimesAreSaidToHideWhatComesAndTheSettingHealsIt() throws SQLException {
        create("bigint", "(1, 'a', 1704067200000), (2, 'typo', 7384348800000)");
        assertThat(things.run().notes())
                .singleElement()
                .asString()
                .startsWith("query: u must not be later than the store's time, ")
                .endsWith(
                        ", where it counts millis since 1970, got '7384348800000'; it hides what changes until then: say"
                                + " cursorTime: millis at the source, if it does");
        execute("insert into t values (3, 'hidden', 1764460800000)");
        assertThat(things.run().sinks().get("left").written()).isZero();
        things.source = source("select * from t", "millis");
        RunReport run = things.run();
        assertThat(run.notes().toString()).contains("lies ahead of the database's time", "the source is read whole");
        assertThat(things.left.held).containsOnlyKeys("1", "2", "3");
        assertThatNothingIsMissing();
    }

    @Test
    void aSequenceOfNumbersIsNotTakenForTimes() throws SQLException {
        create("bigint", "(1, 'a', 5), (2, 'b', 7384348800), (3, 'c', 9223372036854775807)");
        assertThat(things.run().notes()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "bigint, Europe/Berlin, 'cursorTime must be no zone as u is no time without one, got ''a zone'''",
        "timestamptz, Europe/Berlin, 'cursorTime must be no zone as u is no time without one, got ''a zone'''",
        "date, millis, 'cursorTime must be blank or a zone as u is no number, got ''what numbers count'''",
    })
    void aSettingThatDoesNotFitTheColumnIsRefused(String type, String time, String said) throws SQLException {
        create(type, "(1, 'a', null)");
        things.source = source("select * from t", time);
        assertThatThrownBy(() -> things.source.objects()).hasMessageContaining("jdbc-source: " + said);
        assertThatThrownBy(() -> source("select 1", "minutes"))
                .hasMessageContaining(
                        "cursorTime must be seconds, millis, micros, or a zone such as Europe/Berlin, got 'minutes'");
    }

    /** No position from before the correction would show it. */
    @Test
    void aRowFromTheFutureThatIsCorrectedToThePastIsFoundByAWholeReading() throws SQLException {
        create("timestamptz", "(1, 'a', '2024-01-01'), (2, 'typo', '2204-01-01'), (3, 'b', now())");
        things.run();
        execute("update t set v = 'right', u = '2023-01-01' where id = 2");
        RunReport unmet = things.run();
        assertThat(unmet.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(unmet.notes())
                .containsExactly(
                        things.name + ": rows whose cursor was ahead of the store's time or no value, and that were"
                                + " not met again: 1; they were deleted or have an earlier cursor now, so the next run reads the"
                                + " source whole");
        RunReport whole = things.run();
        assertThat(whole.recordsRead()).isEqualTo(3);
        assertThat(whole.sinks().get("left").written()).isEqualTo(1);
        assertThat(things.run().recordsRead()).as("from the position on").isEqualTo(1);
        assertThatNothingIsMissing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity", "-Infinity"})
    void aNumberThatNothingCanBeComparedWithIsABadRowAndThePositionStays(String value) throws SQLException {
        create("numeric", "(1, 'a', 1), (2, 'b', '" + value + "')");
        RunReport first = things.run();
        assertThat(first.status()).isEqualTo(Status.PARTIAL);
        assertThat(things.letters()).containsExactly("2 open");
        assertThat(reasons().get(0))
                .endsWith("u must be a number that others can be compared with, got '" + value
                        + "'; correct it at the source, or leave such rows out in the query");
        assertThat(position()).containsExactly("1");
        execute("insert into t values (3, 'c', 5)");
        assertThat(things.run().sinks().get("left").written()).isEqualTo(1);
        assertThat(position()).containsExactly("5");
        assertThat(things.letters()).containsExactly("2 open");
        assertThat(things.run().notes()).isEmpty();
        execute("update t set u = 6 where id = 2");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.letters()).containsExactly("2 gone");
        assertThat(things.left.held).containsOnlyKeys("1", "2", "3");
    }

    @ParameterizedTest
    @CsvSource({
        "timestamptz, infinity",
        "timestamp, -infinity",
        "date, infinity",
        "date, -infinity",
        "timestamptz, -infinity"
    })
    void anInfiniteTimeIsABadRowAndThePositionStays(String type, String value) throws SQLException {
        create(type, "(1, 'a', '2024-01-01'), (2, 'b', '" + value + "')");
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
        assertThat(reasons().get(0)).contains("u must be a finite time, got 'infinity'");
        execute("insert into t values (3, 'c', '2024-02-01')");
        assertThat(things.run().sinks().get("left").written()).isEqualTo(1);
        assertThat(things.letters()).containsExactly("2 open");
        assertThat(things.run().notes()).as("it was met").isEmpty();
        execute("update t set u = '2024-03-01' where id = 2");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.left.held).containsOnlyKeys("1", "2", "3");
    }

    @ParameterizedTest
    @CsvSource({
        "numeric, NaN, 1, 5",
        "numeric, Infinity, 1, 5",
        "timestamptz, 2204-01-01T00:00:00Z, 2024-01-01, 2024-02-01",
        "timestamptz, 17, 2024-01-01, 2024-02-01",
        "date, 2204-01-01, 2024-01-01, 2024-02-01",
        "text, 2204-01-01 00:00:00, 2024-01-01, 2024-02-01",
    })
    void aPositionOfAnEarlierVersionThatCannotBeTrustedIsRepaired(String type, String position, String low, String high)
            throws SQLException {
        create(type, "(1, 'a', '" + low + "')");
        things.run();
        ledger.execute("update ledger.checkpoint c set position = '" + position
                + "' from ledger.flow f where f.id = c.flow and f.name = '" + things.name + "'");
        execute("insert into t values (2, 'b', '" + high + "')");
        RunReport run = things.run();
        assertThat(run.problems()).isEmpty();
        assertThat(run.notes())
                .hasSize(1)
                .first()
                .asString()
                .startsWith(things.name + ": the position '" + position + "' of u ")
                .endsWith("; the source is read whole");
        assertThat(run.sinks().get("left").written()).isEqualTo(1);
        assertThat(things.run().notes()).isEmpty();
        assertThat(things.run().recordsRead()).isEqualTo(1);
    }

    @Test
    void aRowWithoutCursorHasOneLetterOnAnyLineAndNoneWhenItIsFixed() throws SQLException {
        create("int", "(1, 'a', 1), (2, 'b', null), (3, 'c', 3)");
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
        execute("insert into t values (4, 'd', 4), (5, 'e', 5), (0, 'z', 3)");
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
        assertThat(things.letters()).containsExactly("2 open");
        execute("update t set v = 'b2' where id = 2");
        things.run();
        assertThat(things.letters()).containsExactly("2 open");
        assertThat(ledger.texts(
                        "select content from ledger.dead_letter d join ledger.flow f on f.id = d.flow where f.name = '"
                                + things.name + "'"))
                .containsExactly("id=2, v=b2, u=null");
        execute("update t set u = 6 where id = 2");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.letters()).containsExactly("2 gone");
        assertThat(things.left.held).containsKey("2");
        assertThatNothingIsMissing();
    }

    /** It had a good form before, which no sink may lose to a whole reading. */
    @Test
    void aRowThatLostItsCursorIsNotDeleted() throws SQLException {
        create("int", "(1, 'a', 1), (2, 'b', 2), (3, 'c', 3)");
        things.run();
        execute("update t set u = null where id = 2");
        for (boolean full : new boolean[] {false, true, false}) {
            things.run(RunRequest.of(Mode.RUN).readingInFull(full));
            assertThat(things.left.held).containsOnlyKeys("1", "2", "3");
            assertThat(things.letters()).containsExactly("2 open");
        }
        execute("delete from t where id = 2");
        things.run();
        things.run();
        assertThat(things.left.held).containsOnlyKeys("1", "3");
        assertThat(things.letters()).containsExactly("2 gone");
    }

    @Test
    void aRowThatIsBadForAnotherReasonHasOneLetterUntilItIsRead() throws SQLException {
        create("int", "(1, 'a', 1), (2, 'b', 2)");
        execute("alter table t add w date");
        execute("update t set w = 'infinity', u = 3 where id = 2");
        things.run();
        execute("update t set u = 4 where id = 2; insert into t values (3, 'c', 3)");
        things.run();
        assertThat(things.letters()).containsExactly("2 open");
        execute("update t set u = 5, w = '2024-01-01' where id = 2");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.letters()).containsExactly("2 gone");
    }

    /** Of the rows beyond the first ten thousand nobody ever knew again what became of them. */
    @Test
    void ofMoreRowsWithoutAPlaceThanAreKeptInSightNoneIsLost() throws SQLException {
        create("timestamptz", "(0, 'a', now())");
        execute("insert into t select n, 'x', '2204-01-01' from generate_series(1, 10050) n");
        String note =
                things.name + ": rows whose cursor is ahead of the store's time or no value must be at most 10000";
        assertThat(things.run().notes()).anyMatch(said -> said.startsWith(note));
        assertThat(position()).isEmpty();
        execute("delete from t where id = 10040");
        assertThat(things.run().sinks().get("left").deleted()).isEqualTo(1);
        execute("delete from t where id > 100");
        things.run();
        assertThat(position()).hasSize(1);
        assertThatNothingIsMissing();
    }

    @Test
    void planNamesARowFromTheFutureToo() throws SQLException {
        create("timestamptz", "(1, 'a', now() + interval '2 hours')");
        assertThat(things.run(RunRequest.of(Mode.PLAN)).notes().toString()).contains("got 1 row that is: 1 (");
        assertThat(things.run().notes()).hasSize(1);
        assertThat(position()).isEmpty();
    }

    /** Random rows with cursors of every kind, changed and corrected at random: after each whole trial nothing is missing. */
    @ParameterizedTest
    @ValueSource(strings = {"timestamptz", "numeric"})
    void everyRowsNewestValueIsDeliveredWhateverTheCursors(String type) throws SQLException {
        for (int seed = 0; seed < 4; seed++) {
            Random random = new Random(seed);
            Things world = new Things(ledger);
            world.limits = Limits.of(100, 100, 100, "0");
            String table = "r" + type.charAt(0) + seed;
            execute("create table " + table + "(id int primary key, v text, u " + type + ")");
            world.source = source("select * from " + table);
            int clock = 0;
            for (int run = 0; run < 12; run++) {
                for (int i = random.nextInt(8); i > 0; i--) {
                    if (random.nextInt(3) > 0) clock++;
                    String cursor = cursor(type, random.nextInt(10), clock);
                    int id = random.nextInt(15);
                    // a row that is beyond now may be corrected to any time; others only move on
                    execute("insert into " + table + " values (" + id + ", 'v" + run + "', " + cursor + ")"
                            + " on conflict (id) do update set v = excluded.v, u = excluded.u");
                }
                RunReport report = world.run(RunRequest.of(Mode.RUN).readingInFull(random.nextInt(12) == 0));
                assertThat(report.problems()).isEmpty();
            }
            world.run(); // a whole one if the last lost sight of something
            RunReport full = world.run(RunRequest.of(Mode.RUN).readingInFull(true));
            assertThat(full.sinks().get("left").written()).as("seed %s", seed).isZero();
            assertThat(full.openDeadLetters())
                    .isEqualTo(count("select count(*) from " + table + " where u is null or u::text in"
                            + " ('NaN', 'infinity', '-infinity', 'Infinity', '-Infinity')"));
        }
    }

    private static String cursor(String type, int kind, int clock) {
        boolean time = type.equals("timestamptz");
        return switch (kind) {
            case 0 -> "null";
            case 1 -> time ? "'infinity'" : "'NaN'";
            case 2 -> time ? "'-infinity'" : "'-Infinity'";
            case 3 -> time ? "now() + interval '3 years'" : "'Infinity'";
            default -> time ? "timestamptz '2024-01-01' + interval '1 s' * " + clock : Integer.toString(clock);
        };
    }

    private void assertThatNothingIsMissing() {
        assertThat(things.run(RunRequest.of(Mode.RUN).readingInFull(true))
                        .sinks()
                        .get("left")
                        .written())
                .isZero();
    }

    private List<String> position() {
        return ledger.texts(
                "select position from ledger.checkpoint c join ledger.flow f on f.id = c.flow where f.name = '"
                        + things.name + "'");
    }

    private List<String> reasons() {
        return ledger.texts(
                "select reason from ledger.dead_letter d join ledger.flow f on f.id = d.flow where f.name = '"
                        + things.name + "'");
    }

    private void create(String type, String rows) throws SQLException {
        execute("drop table if exists t; create table t(id int primary key, v text, u " + type + ")");
        execute("insert into t values " + rows);
        things.source = source("select * from t");
    }

    private static JdbcSource source(String query) {
        return source(query, "");
    }

    private static JdbcSource source(String query, String time) {
        return TestContext.knownTo(new JdbcSource(
                database.uri(),
                database.user(),
                database.password(),
                "query",
                query,
                "id",
                "u",
                time,
                0,
                0,
                100,
                1_000,
                30_000));
    }

    private static void execute(String sql) throws SQLException {
        try (Connection c = TestStores.dataSource(database).getConnection();
                Statement s = c.createStatement()) {
            s.execute(sql);
        }
    }

    private static long count(String sql) throws SQLException {
        try (Connection c = TestStores.dataSource(database).getConnection();
                Statement s = c.createStatement();
                java.sql.ResultSet r = s.executeQuery(sql)) {
            r.next();
            return r.getLong(1);
        }
    }
}
