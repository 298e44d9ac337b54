package io.caravan.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.endpoint.TestContext;
import io.caravan.error.ConfigurationException;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.Days;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JdbcIncrementalTest {

    private final Endpoint database = TestStores.freshDatabase();
    private final List<BadRow> bad = new ArrayList<>();
    private Optional<String> position = Optional.empty();

    @BeforeEach
    void create() throws SQLException {
        run("create table t(id int primary key, n int, at timestamptz)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int4 | 1 | 2 | 2",
                "int8 | -9223372036854775808 | 9223372036854775807 | 9223372036854775807",
                "numeric | -1.5 | 12345678901234567890.0123456789 | 12345678901234567890.0123456789",
                "numeric | 1 | 1e3 | 1000",
                "date | 0044-03-15 BC | 2024-02-29 | 2024-02-29",
                "timestamp | 2024-03-31 02:30:00.123455 | 2024-03-31 02:30:00.123456 | 2024-03-31T02:30:00.123456",
                "timestamptz | 2024-05-06 09:08:09.123455+02 | 2024-05-06 09:08:09.123456+02 |"
                        + " 2024-05-06T07:08:09.123456Z",
                "text | Zebra's | zebra ☃ | zebra ☃",
                "uuid | 00000000-0000-0000-0000-000000000001 | 00000000-0000-0000-0000-000000000002 |"
                        + " 00000000-0000-0000-0000-000000000002"
            })
    void aPositionOfEveryTypeComesBackExactly(String type, String low, String high, String text) throws SQLException {
        run("create table c(id int, c " + type + ")");
        String values = "(1, '%s'), (2, '%s'), (3, '%s')".formatted(quoted(high), quoted(low), quoted(high));
        run("insert into c values " + values);
        Source source = source("select id, c from c", "c", 0, 0);
        assertThat(source.incremental()).isTrue();
        assertThat(read(source)).hasSize(3).first().isEqualTo("2");
        assertThat(position).contains(text);
        // the ties at the position are shown again, what was before is not
        assertThat(read(source.since(text))).containsExactlyInAnyOrder("1", "3");
        assertThat(position).contains(text);
        assertThat(bad).isEmpty();
    }

    @Test
    void rowsThatTieWithThePositionAreNeverLost() throws SQLException {
        run("insert into t select i, 7 from generate_series(1, 500) i");
        Source source = source("select id, n from t", "n", 0, 0);
        assertThat(read(source)).hasSize(500);
        run("insert into t select i, 7 from generate_series(501, 600) i");
        assertThat(read(source.since(position.orElseThrow()))).hasSize(600).contains("501", "600");
    }

    @Test
    void aRowThatWasCommittedLateIsFoundWithinTheLookback() throws SQLException {
        run("insert into t values (1, 100, '2024-01-01 10:00Z')");
        Source byNumber = source("select id, n from t", "n", 0, 10);
        Source byTime = source("select id, at from t", "at", 60, 0);
        Source byDate = source("select id, at::date as day from t", "day", 60, 0);
        run("insert into t values (2, 90, '2024-01-01 09:59:00Z'), (3, 89, '2024-01-01 09:58:59.999999Z'),"
                + " (4, 101, '2023-12-31 00:00Z'), (5, 1, '2023-12-30 00:00Z')");
        assertThat(read(byNumber.since("100"))).containsExactly("2", "1", "4");
        assertThat(position).contains("101");
        assertThat(read(byTime.since("2024-01-01T10:00:00Z"))).containsExactly("2", "1");
        assertThat(read(byDate.since("2024-01-01"))).contains("4").doesNotContain("5");
    }

    @Test
    void aPositionNeverGoesBack() throws SQLException {
        run("insert into t values (1, 95, now())");
        Source source = source("select id, n from t", "n", 0, 10);
        assertThat(read(source.since("100"))).containsExactly("1");
        assertThat(position).contains("100");
        assertThat(read(source.since("1000"))).isEmpty();
        assertThat(position).isEmpty();
    }

    @Test
    void aRowWithoutCursorIsSetAsideInFullAndInIncrementalRuns() throws SQLException {
        run("insert into t values (1, 1), (2, null), (3, 3)");
        Source source = source("select id, n from t", "n", 0, 0);
        assertThat(read(source)).containsExactly("1", "3");
        assertThat(position).contains("3");
        assertThat(read(source.since("3"))).containsExactly("3");
        assertThat(bad)
                .extracting(BadRow::reason)
                .containsOnly(
                        "query:3: n must not be null, as it tells what is new, got 'null'; correct it at the source, or leave such rows out in the query",
                        "query:2: n must not be"
                                + " null, as it tells what is new, got 'null'; correct it at the source, or leave such rows out in the query")
                .hasSize(2);
    }

    @Test
    void theQueryMayBeAnythingThatGivesRows() throws SQLException {
        run("insert into t values (1, 5), (2, 6)");
        String query = "with q as (select id, n as \"N\" from t order by 1 limit 10) select * from q -- the newest";
        Source source = source(query, "N", 0, 0);
        assertThat(read(source)).containsExactly("1", "2");
        assertThat(read(source.since("6"))).containsExactly("2");
    }

    @Test
    void aPositionIsAValueAndNeverSql() throws SQLException {
        run("create table c(id int, c text); insert into c values (1, 'a')");
        Source source = source("select id, c from c", "c", 0, 0);
        assertThat(read(source.since("' or 1=1; drop table c --"))).containsExactly("1");
        assertThat(read(source)).containsExactly("1");
    }

    @Test
    void aCursorThatCannotWorkIsFoundByTheFirstRun() throws SQLException {
        assertThatThrownBy(() -> read(source("select id, n from t", "none", 0, 0)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(
                        "cannot prepare query 'select id, n from t': ERROR: column q.none does not exist");
        assertThatThrownBy(() -> read(source("select id, n::float8 from t", "n", 0, 0)))
                .hasMessage("jdbc-source: cursorField must name a column of whole numbers, decimals, times, dates or"
                        + " texts, got 'n'");
        assertThatThrownBy(() -> read(source("select id, n from t", "n", 5, 0)))
                .hasMessage("jdbc-source: lookbackSeconds must be 0 as n is no time, got '5'");
        assertThatThrownBy(() -> read(source("select id, at from t", "at", 0, 5)))
                .hasMessage("jdbc-source: lookbackNumber must be 0 as at is no number, got '5'");
        assertThatThrownBy(() -> source("select id, n from t", "", 0, 5))
                .hasMessage("jdbc-source: cursorField must be set when there is a lookback, got ''");
        assertThatThrownBy(() -> read(source("select id, at from t", "at", 0, 0).since("17")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "jdbc-source: position must be a value of at, got '17'; if the column's type has changed, run"
                                + " once in full");
        assertThatThrownBy(() -> source("select id, n from t", "", 0, 0).since("1"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "date, '', 2024-01-31, 2024-02-01, 2024-02-29, 2024-03-01",
        "timestamp, '', 2024-01-31 23:59:59.999999, 2024-02-01, 2024-02-29 23:59:59.999999, 2024-03-01",
        "timestamp, Europe/Berlin, 2024-01-31 23:59:59.999999, 2024-02-01, 2024-02-29 23:59:59.999999, 2024-03-01",
        "timestamptz, '', 2024-02-01 00:59:59+01, 2024-02-01 01:00+01, 2024-02-29 23:59:59Z, 2024-03-01 01:00+01",
        "int8, seconds, 1706745599, 1706745600, 1709251199, 1709251200",
        "numeric, millis, 1706745599999.9, 1706745600000, 1709251199999.9, 1709251200000"
    })
    void aWindowOfDaysBeginsAtItsFirstMomentAndEndsBeforeTheNext(
            String type, String time, String before, String first, String last, String after) throws SQLException {
        run("create table c(id int, c " + type + ")");
        run("insert into c values (1, '%s'), (2, '%s'), (3, '%s'), (4, '%s'), (5, null)"
                .formatted(before, first, last, after));
        Source source = source("select id, c from c", "c", time, 0, 0);
        assertThat(source.byDay().cursor()).contains("c");
        LocalDate day = LocalDate.parse("2024-02-01");
        // two that follow one another are one
        List<Days.Range> days =
                List.of(new Days.Range(day, day.plusDays(10)), new Days.Range(day.plusDays(10), day.plusMonths(1)));
        assertThat(read(source.on(Days.in(days)))).containsExactly("2", "3");
        assertThat(bad).isEmpty();
        assertThat(read(source.on(Days.allBut(days)))).containsExactly("1", "4");
        assertThat(bad).as("what lies on no day is not left alone").hasSize(1);
    }

    private static String quoted(String text) {
        return text.replace("'", "''");
    }

    private JdbcSource source(String query, String cursor, long seconds, long number) {
        return source(query, cursor, "", seconds, number);
    }

    private JdbcSource source(String query, String cursor, String time, long seconds, long number) {
        return TestContext.knownTo(new JdbcSource(
                database.uri(),
                database.user(),
                database.password(),
                "query",
                query,
                "id",
                cursor,
                time,
                seconds,
                number,
                100,
                1_000,
                30_000));
    }

    private List<String> read(Source source) {
        List<String> keys = new ArrayList<>();
        try (RecordReader reader = source.open(source.objects().next())) {
            for (Optional<Record> r = reader.read(bad::add); r.isPresent(); r = reader.read(bad::add)) {
                keys.add(r.get().key());
            }
            position = reader.position();
        }
        return keys;
    }

    private void run(String sql) throws SQLException {
        try (Connection c = TestStores.dataSource(database).getConnection();
                Statement s = c.createStatement()) {
            s.execute(sql);
        }
    }
}
