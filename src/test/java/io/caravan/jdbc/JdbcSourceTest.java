package io.caravan.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.endpoint.TestContext;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import java.math.BigDecimal;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.apache.camel.component.jdbc.JdbcComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class JdbcSourceTest {

    private final Endpoint database = TestStores.freshDatabase();
    private final List<BadRow> bad = new ArrayList<>();
    private Optional<String> position = Optional.empty();

    @Test
    void everyTypeBecomesTheValueThatLosesNothing() {
        assertThat(value("1::int2")).isEqualTo(1L);
        assertThat(value("(-2147483648)::int4")).isEqualTo(-2147483648L);
        assertThat(value("9223372036854775807")).isEqualTo(Long.MAX_VALUE);
        assertThat(value("4294967295::oid")).isEqualTo(4294967295L);
        assertThat(value("12345678901234567890.1234567890123456789"))
                .isEqualTo(new BigDecimal("12345678901234567890.1234567890123456789"));
        assertThat(value("1.50::numeric(10,2)")).isEqualTo(new BigDecimal("1.50"));
        assertThat(value("'NaN'::numeric")).isEqualTo(Double.NaN);
        assertThat(value("'-Infinity'::numeric")).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(value("0.1::float4")).isEqualTo(0.1);
        assertThat(value("0.1::float8")).isEqualTo(0.1);
        assertThat(value("'Infinity'::float8")).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(value("true")).isEqualTo(true);
        assertThat(value("false")).isEqualTo(false);
        assertThat(value("'it''s 😀'::text")).isEqualTo("it's 😀");
        assertThat(value("''::varchar(5)")).isEqualTo("");
        assertThat(value("'a'::char(3)")).isEqualTo("a  ");
        assertThat(value("'0a2b7b1e-5b0f-4e8c-9a53-0f1c7f1c7a11'::uuid"))
                .isEqualTo("0a2b7b1e-5b0f-4e8c-9a53-0f1c7f1c7a11");
        assertThat(value("'10.0.0.0/8'::cidr")).isEqualTo("10.0.0.0/8");
        assertThat(value("B'101'::bit(3)")).isEqualTo("101");
        assertThat(value("'<a/>'::xml")).isEqualTo("<a/>");
        assertThat(value("date '2024-02-29'")).isEqualTo(LocalDate.parse("2024-02-29"));
        assertThat(value("date '0044-03-15 BC'")).isEqualTo(LocalDate.of(-43, 3, 15));
        assertThat(value("time '24:00:00'")).isEqualTo("24:00:00");
        assertThat(value("time '10:15:30.000001'")).isEqualTo("10:15:30.000001");
        assertThat(value("timestamp '2024-03-31 02:30:00.123456'"))
                .isEqualTo(LocalDateTime.parse("2024-03-31T02:30:00.123456"));
        assertThat(value("timestamptz '2024-05-06 09:08:09.123456+02'"))
                .isEqualTo(Instant.parse("2024-05-06T07:08:09.123456Z"));
        assertThat(value("'\\x00ff'::bytea")).isEqualTo(new byte[] {0, -1});
        assertThat(value("'{\"a\": [1, 1.50, 12345678901234567890, \"x\", null, true], \"b\": {}}'::jsonb"))
                .isEqualTo(Map.of(
                        "a",
                        Arrays.asList(
                                1L, new BigDecimal("1.50"), new BigDecimal("12345678901234567890"), "x", null, true),
                        "b",
                        Map.of()));
        assertThat(value("'\"text\"'::json")).isEqualTo("text");
        assertThat(value("'null'::json")).isNull();
        assertThat(value("array[1, null, 3]")).isEqualTo(Arrays.asList(1L, null, 3L));
        assertThat(value("array[[1.5, 2], [3, 4]]"))
                .isEqualTo(List.of(
                        List.of(new BigDecimal("1.5"), new BigDecimal("2")),
                        List.of(new BigDecimal("3"), new BigDecimal("4"))));
        assertThat(value("'{}'::text[]")).isEqualTo(List.of());
        assertThat(value("array['a,b', '\"', null, 'null']")).isEqualTo(Arrays.asList("a,b", "\"", null, "null"));
        assertThat(value("array[timestamptz '2024-05-06 09:08:09.123456+02']"))
                .isEqualTo(List.of(Instant.parse("2024-05-06T07:08:09.123456Z")));
        assertThat(value("array[timestamp '2024-03-31 02:30']"))
                .isEqualTo(List.of(LocalDateTime.parse("2024-03-31T02:30")));
        assertThat(value("array['{\"a\": 1}'::jsonb]")).isEqualTo(List.of(Map.of("a", 1L)));
        assertThat((List<?>) value("array['\\x00ff'::bytea]")).singleElement().isEqualTo(new byte[] {0, -1});
        assertThat(value("array['0a2b7b1e-5b0f-4e8c-9a53-0f1c7f1c7a11'::uuid]"))
                .isEqualTo(List.of("0a2b7b1e-5b0f-4e8c-9a53-0f1c7f1c7a11"));
        for (String type : List.of(
                "int4",
                "numeric",
                "float4",
                "float8",
                "bool",
                "text",
                "json",
                "date",
                "timestamp",
                "timestamptz",
                "bytea",
                "int4[]",
                "uuid",
                "time")) {
            assertThat(value("null::" + type)).as(type).isNull();
        }
    }

    @Test
    void enumsAndDomainsAreWhatTheyAreMadeOf() throws SQLException {
        run("create type mood as enum ('sad', 'ok'); create domain positive as int check (value > 0)");
        assertThat(value("'ok'::mood")).isEqualTo("ok");
        assertThat(value("array['ok'::mood]")).isEqualTo(List.of("ok"));
        assertThat(value("5::positive")).isEqualTo(5L);
    }

    @Test
    void aColumnThatNoRecordCanHoldIsNamedBeforeAnythingIsRead() {
        assertThatThrownBy(() ->
                        read(source("select 1 as id, point(1,2) as p, interval '1 day' as i, timetz '10:15+02' as m")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(String.join(
                        System.lineSeparator(),
                        "jdbc-source: column p must have a type that records can hold: cast it in the query, as p::text"
                                + " does, got 'point'",
                        "jdbc-source: column i must have a type that records can hold: cast it in the query, as i::text"
                                + " does, got 'interval'",
                        "jdbc-source: column m must have a type that records can hold: cast it in the query, as m::text"
                                + " does, got 'timetz'"));
        assertThatThrownBy(() -> read(source("select 1 as id, array[point(1,2)] as p")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("a record cannot hold its elements, cast it in the query");
    }

    @Test
    void theRowsAreOneObjectThatIsReadInEveryRun() {
        Source source = source("select i as id, 'x' || i as text from generate_series(1, 3) i -- all of them;\n ; ");
        assertThat(source.objects()).toIterable().containsExactly(new SourceObject("query", "", -1));
        assertThat(source.keyFields()).containsExactly("id");
        List<Record> records = read(source);
        assertThat(records)
                .extracting(Record::toString)
                .containsExactly("record 1 (query:1)", "record 2 (query:2)", "record 3 (query:3)");
        assertThat(records).extracting(r -> r.get("text").orElseThrow()).containsExactly("x1", "x2", "x3");
        assertThat(position).isEmpty();
        assertThat(source.incremental()).isFalse();
    }

    @Test
    void aRowThatIsNoRecordIsSetAsideWithItsReason() {
        List<Record> records = read(
                source("select * from (values (1, now()), (null, now()), (3, 'infinity')," + " (4, now())) v(id, at)"));
        assertThat(records).extracting(Record::key).containsExactly("1", "4");
        assertThat(bad)
                .extracting(BadRow::reason)
                .containsExactly(
                        "query:2: id must not be blank, got ''",
                        "query:3: column at must be a finite time, got 'infinity'");
        assertThat(bad.get(1).raw()).isEqualTo("id=3, at=infinity");
        assertThat(bad.get(0).raw()).startsWith("id=null, at=2");
    }

    @Test
    void jsonBeyondTheLimitsOfAParserIsSetAside() {
        String deep = "[".repeat(5_000) + "]".repeat(5_000);
        assertThat(read(source("select 1 as id, '" + deep + "'::json as j union all select 2, '1e999999999'")))
                .isEmpty();
        assertThat(bad).hasSize(2).allSatisfy(b -> assertThat(b.reason()).contains("column j must "));
    }

    @Test
    void aKeyMayHaveManyColumnsAndNumbersOfOneValueAreOneKey() {
        assertThat(read(source("select 1.50 as a, 'x|y' as b", "a, b", "", 0, 0)))
                .extracting(Record::key)
                .containsExactly("1.5|x\\|y");
        assertThatThrownBy(() -> read(source("select 1 as a, '{}'::jsonb as b", "b, c", "", 0, 0)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(String.join(
                        System.lineSeparator(),
                        "jdbc-source: keyFields must not name bytes, lists or json, got 'b'",
                        "jdbc-source: keyFields must name columns of the query, which are [a, b], got 'c'"));
    }

    @Test
    void theQueryReadsOneMomentAndCannotWrite() throws SQLException {
        run("create table t(id int primary key); insert into t select generate_series(1, 5000)");
        Source source = source("select id from t order by id");
        List<Record> records = new ArrayList<>();
        try (RecordReader reader = source.open(source.objects().next())) {
            records.add(reader.read(bad::add).orElseThrow());
            run("delete from t where id > 10; insert into t values (6000)");
            for (Optional<Record> r = reader.read(bad::add); r.isPresent(); r = reader.read(bad::add)) {
                records.add(r.get());
            }
        }
        assertThat(records).hasSize(5000);
        assertThat(read(source)).hasSize(11);
        assertThatThrownBy(() -> read(source("insert into t values (7000) returning id")))
                .hasMessageContaining("read-only transaction");
        assertThat(read(source)).hasSize(11);
    }

    @Test
    void questionsMarksAreOperatorsOnlyWhenDoubled() {
        assertThat(read(source("select 1 as id where '{\"a\": 1}'::jsonb ?? 'a'")))
                .hasSize(1);
        assertThatThrownBy(() -> read(source("select 1 as id where '{\"a\": 1}'::jsonb ? 'a'")))
                .isInstanceOf(ConfigurationException.class);
        assertThatThrownBy(() -> read(source("select id from (values (1)) v(id) where id = ?")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("jdbc-source: query must hold no ?, and the operator ? as ??, got '1 of them'");
    }

    @Test
    void aQueryThatFailsHalfWayIsNeverAShortSuccess() {
        Source source = source("select i as id, 1 / (3000 - i) as x from generate_series(1, 5000) i");
        assertThatThrownBy(() -> read(source))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessage("jdbc-source: cannot read on after row 2900: ERROR: division by zero (SQLSTATE 22012)");
    }

    @Test
    void aConnectionThatTheServerEndsHalfWayIsUnavailable() throws SQLException {
        Source source = source("select i as id, repeat('x', 1000) as x from generate_series(1, 50000) i");
        assertThatThrownBy(() -> {
                    try (RecordReader reader = source.open(source.objects().next())) {
                        reader.read(bad::add);
                        run("select pg_terminate_backend(pid) from pg_stat_activity"
                                + " where application_name = 'caravan jdbc-source'");
                        while (reader.read(bad::add).isPresent()) {}
                    }
                })
                .isInstanceOf(UnavailableException.class)
                .hasMessageStartingWith("jdbc-source: cannot read on after row ");
    }

    @Test
    void aServerThatIsSlowSilentOrDownIsUnavailableInTime() throws Exception {
        Instant start = Instant.now();
        assertThatThrownBy(() -> read(TestContext.knownTo(new JdbcSource(
                        database.uri(),
                        database.user(),
                        database.password(),
                        "query",
                        "select 1 as id from pg_sleep(30)",
                        "id",
                        "",
                        "",
                        0,
                        0,
                        100,
                        1_000,
                        500))))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining(" that answers within 500 ms, got '")
                .hasMessageEndingWith(", or raise 'timeoutMillis'");
        try (ServerSocket silent = new ServerSocket(0);
                ServerSocket closed = new ServerSocket(0)) {
            closed.close();
            for (int port : List.of(silent.getLocalPort(), closed.getLocalPort())) {
                assertThatThrownBy(() -> source(
                                        "jdbc:postgresql://127.0.0.1:" + port + "/x?password=hunter2", "me", "s3cret")
                                .objects())
                        .isInstanceOf(UnavailableException.class)
                        .hasMessageStartingWith("jdbc-source: cannot connect: ")
                        .hasMessageNotContainingAny("hunter2", "s3cret");
            }
        }
        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void aUrlThatWouldRunAStatementWhenItConnectsIsRefusedBeforeAnythingConnects() {
        System.clearProperty("caravan.test.ran");
        String runs =
                "jdbc:h2:mem:;INIT=CREATE ALIAS RUN AS 'void run() { System.setProperty(\"caravan.test.ran\", \"x\"); }'\\;CALL RUN()";
        assertThatThrownBy(() ->
                        new JdbcSource(runs, "", "", "query", "select 1 as id", "id", "", "", 0, 0, 10, 1_000, 1_000))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("INIT");
        assertThat(System.getProperty("caravan.test.ran")).isNull();
    }

    @Test
    void whatIsConfiguredWronglyIsNamedWithoutItsSecrets() {
        String there = database.uri();
        assertThatThrownBy(() -> source(there, database.user(), "hunter2").objects())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("password authentication failed")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> source(there + "_none", database.user(), database.password())
                        .objects())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("does not exist");
        assertThatThrownBy(() ->
                        source("jdbc:trino://h/db?password=hunter2", "", "").objects())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("jdbc-source: uri must be a URL that a JDBC driver on the class path reads, got"
                        + " 'jdbc:trino...'; look at its form, or put the driver's jar beside Caravan's");
        assertThatThrownBy(() -> source("select nothing from nowhere").objects())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("relation \"nowhere\" does not exist");
        assertThatThrownBy(() ->
                        new JdbcSource("postgres://u:hunter2@h", 1, true, "", " ", ",", "a b", "", -1, -1, 0, 0, 0))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(String.join(
                        System.lineSeparator(),
                        "jdbc-source: name must not be blank, got ''",
                        "jdbc-source: query must not be blank, got ' '",
                        "jdbc-source: keyFields must name at least one column, got ','",
                        "jdbc-source: lookbackSeconds must be 0 to 315360000, got '-1'",
                        "jdbc-source: lookbackNumber must be 0 to 9223372036854775807, got '-1'",
                        "jdbc-source: fetchSize must be 1 to 100000, got '0'",
                        "jdbc-source: cursorField must match [A-Za-z_][A-Za-z0-9_]*, got 'a b'",
                        "jdbc-source: uri must be 'laptop' or jdbc:<driver>:<what the driver asks for>, got"
                                + " 'another form'",
                        "jdbc-source: connectTimeoutMillis must be 1 to 600000, got '0'",
                        "jdbc-source: timeoutMillis must be 1 to 86400000, got '0'"));
    }

    @Test
    void theDataSourceOfCamelsComponentWinsOverTheSettingsAndTheLedgersDoesNot() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.start();
            PGSimpleDataSource ledger = new PGSimpleDataSource();
            ledger.setUrl("jdbc:postgresql://127.0.0.1:1/ledger");
            context.getRegistry().bind("ledgerDataSource", ledger);
            JdbcSource made = source("select 1 as id");
            made.setCamelContext(context);
            assertThat(read(made)).hasSize(1);
            assertThat(context.getRegistry().findByTypeWithName(DataSource.class))
                    .containsOnlyKeys("ledgerDataSource", "dataSource");

            context.getComponent("jdbc", JdbcComponent.class).setDataSource(TestStores.dataSource(database));
            JdbcSource theirs = source("jdbc:postgresql://127.0.0.1:1/x", "", "");
            theirs.setCamelContext(context);
            assertThat(read(theirs)).hasSize(1);
        }
    }

    @Test
    void namesThatRepeatAreRefused() {
        assertThatThrownBy(() -> read(source("select 1 as id, 2 as id")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("jdbc-source: column names must differ: name one of them with as, got 'id'");
    }

    @Test
    void columnNamesAreWithoutBlanksAroundThemAndInNfc() {
        List<Record> records = read(source("select 1 as id, 2 as \"\u00a0cle\u0301 \""));
        assertThat(records.get(0).fields().names()).containsExactly("id", "cl\u00e9");
        assertThatThrownBy(() -> read(source("select 1 as id, 2 as \"cl\u00e9\", 3 as \"cle\u0301\"")))
                .hasMessageContaining("column names must differ");
    }

    private Object value(String expression) {
        List<Record> records = read(source("select 1 as id, " + expression + " as v"));
        assertThat(bad).isEmpty();
        assertThat(records).hasSize(1);
        return records.get(0).at(1);
    }

    private JdbcSource source(String query) {
        return source(query, "id", "", 0, 0);
    }

    private JdbcSource source(String query, String keys, String cursor, long seconds, long number) {
        return TestContext.knownTo(new JdbcSource(
                database.uri(),
                database.user(),
                database.password(),
                "query",
                query,
                keys,
                cursor,
                "",
                seconds,
                number,
                100,
                1_000,
                30_000));
    }

    private static JdbcSource source(String uri, String user, String password) {
        return TestContext.knownTo(
                new JdbcSource(uri, user, password, "query", "select 1 as id", "id", "", "", 0, 0, 100, 1_000, 1_000));
    }

    private List<Record> read(Source source) {
        List<Record> records = new ArrayList<>();
        try (RecordReader reader = source.open(source.objects().next())) {
            for (Optional<Record> r = reader.read(bad::add); r.isPresent(); r = reader.read(bad::add)) {
                records.add(r.get());
            }
            position = reader.position();
        }
        return records;
    }

    private void run(String sql) throws SQLException {
        try (Connection c = TestStores.dataSource(database).getConnection();
                Statement s = c.createStatement()) {
            s.execute(sql);
        }
    }
}
