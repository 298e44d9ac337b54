package io.caravan.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.delivery.MarkerContract;
import io.caravan.delivery.Refusal;
import io.caravan.error.BadRecordException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.table.EveryWord;
import java.math.BigDecimal;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarehouseSinkTest {

    private static final Fields EVENT = Fields.of("record_id", "user_id", "message", "campaign", "timestamp");
    private static final Fields KEY = Fields.of("record_id");
    private static final Instant TIME = Instant.parse("2024-05-06T07:08:09.123456Z");
    private static final String SHIPPED = "classpath:routes/personalization/warehouse.yaml";

    private static Database database;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        database = Database.fresh();
    }

    @BeforeEach
    void drop() throws SQLException {
        database.run("drop table if exists user_data");
    }

    @Test
    void keepsEachEventAsTheRowTheYamlDescribes() throws Exception {
        try (WarehouseSink sink = sink(SHIPPED)) {
            assertThat(sink.write(List.of(event("r1", "it's \"fine\"\n\\N", "spring"), event("r2", "", null))))
                    .isEmpty();
        }
        assertThat(database.rows("select record_id, user_id, text, campaign, timestamp at time zone 'UTC'"
                        + " from user_data order by 1"))
                .containsExactly(
                        "r1|u1|it's \"fine\"\n\\N|spring|2024-05-06 07:08:09.123456",
                        "r2|u1||-|2024-05-06 07:08:09.123456");
    }

    @Test
    void whatATableHoldsIsToldByTheServersOwnFigures() throws Exception {
        try (WarehouseSink sink = sink(SHIPPED)) {
            assertThat(sink.facts()).as("no table").isEmpty();
            sink.write(events(500));
            database.run("analyze user_data");
            assertThat(sink.facts().keySet()).containsExactly("rows", "bytes", "indexBytes");
            assertThat(sink.facts()).containsEntry("rows", 500L);
            assertThat(sink.facts().get("bytes")).isGreaterThan(20_000);
        }
    }

    @Test
    void writingTheSameAgainTouchesNoRow() throws Exception {
        List<Record> batch = events(500);
        try (WarehouseSink sink = sink(SHIPPED)) {
            sink.write(batch);
            List<String> before = database.rows("select record_id, xmin, ctid from user_data order by 1");
            sink.write(batch);
            assertThat(database.rows("select record_id, xmin, ctid from user_data order by 1"))
                    .hasSize(500)
                    .isEqualTo(before);
        }
    }

    @Test
    void insertsUpdatesAndDeletesInOneBatch() throws Exception {
        try (WarehouseSink sink = sink(SHIPPED)) {
            sink.write(List.of(event("a", "1", "x"), event("b", "1", "x"), event("c", "1", "x")));
            sink.write(List.of(gone("a"), event("b", "2", null), event("d", "1", "x"), gone("never-seen")));
            assertThat(database.rows("select record_id, text, campaign from user_data order by 1"))
                    .containsExactly("b|2|-", "c|1|x", "d|1|x");
            try (Stream<String> keys = sink.keys()) {
                assertThat(keys).containsExactlyInAnyOrder("b", "c", "d");
            }
        }
    }

    @Test
    void namesTheRecordsThatDiffer() throws Exception {
        try (WarehouseSink sink = sink(SHIPPED)) {
            assertThat(sink.differing(List.of(event("a", "1", "x"), gone("z")))).containsExactly("a");
            try (Stream<String> keys = sink.keys()) {
                assertThat(keys).isEmpty();
            }
            assertThat(database.cell("select to_regclass('user_data')")).isEqualTo("-");

            sink.write(List.of(event("a", "1", "x"), event("b", "1", null), event("c", "1", "x")));
            assertThat(sink.differing(List.of(event("a", "1", "x"), event("b", "1", null), gone("z"))))
                    .isEmpty();
            assertThat(sink.differing(List.of(
                            event("a", "other", "x"), event("b", "1", "x"), gone("c"), event("missing", "1", "x"))))
                    .containsExactlyInAnyOrder("a", "b", "c", "missing");
            assertThat(database.rows("select record_id, text from user_data order by 1"))
                    .containsExactly("a|1", "b|1", "c|1");
        }
    }

    @Test
    void theMarkerIsThereUntilTheTableIsEmptiedInAnyWay() throws Exception {
        database.run("drop table if exists caravan_markers");
        markers().keeps();
        for (String way : List.of(
                "drop schema public cascade; create schema public",
                "truncate user_data",
                "delete from user_data",
                "alter table user_data rename to user_data_of_yesterday",
                "drop table user_data; create table user_data (record_id text primary key, text text);"
                        + " insert into user_data values ('by hand', '')",
                "drop table user_data, caravan_markers",
                "drop table user_data")) {
            database.run("drop table if exists user_data_of_yesterday; drop table if exists user_data");
            markers().loses(way, () -> database.run(way));
        }
        assertThat(database.cell("select count(*) from caravan_markers"))
                .as("none of tables that are gone")
                .isEqualTo("1");
    }

    private MarkerContract<WarehouseSink> markers() {
        return new MarkerContract<>(
                () -> sink(SHIPPED), List.of(event("a", "1", "x"), event("b", "1", null)), gone("a"));
    }

    @Test
    void aUserWhoMayNotMakeTheTableOfMarkersWritesWithoutThem() throws Exception {
        try (WarehouseSink sink = sink(SHIPPED)) {
            sink.write(List.of(event("a", "1", "x")));
        }
        database.run(
                "drop table if exists caravan_markers; drop role if exists modest;"
                        + " create role modest login password 'modest'; grant select, insert, update, delete on user_data to modest");
        try (WarehouseSink modest = sink(database.uri(), "modest", "modest")) {
            assertThat(modest.marks()).isTrue();
            assertThat(modest.marker("p/s")).isEmpty();
            modest.mark("p/s", "0".repeat(32));
            assertThat(modest.marks()).isFalse();
            assertThat(modest.write(List.of(event("b", "1", "x")))).isEmpty();
        }
        try (WarehouseSink owner = sink(SHIPPED)) {
            owner.mark("p/s", "1".repeat(32));
            assertThat(owner.differing(List.of(event("a", "1", "x"), event("b", "1", "x"))))
                    .isEmpty();
        }
        try (WarehouseSink modest = sink(database.uri(), "modest", "modest")) {
            assertThat(modest.marker("p/s"))
                    .as("of a table that it may not read")
                    .isEmpty();
            assertThat(modest.marks()).isFalse();
            database.run("grant select, insert, update, delete on caravan_markers to modest");
        }
        try (WarehouseSink modest = sink(database.uri(), "modest", "modest")) {
            assertThat(modest.marker("p/s")).contains("1".repeat(32));
            modest.mark("p/s", "2".repeat(32));
            assertThat(modest.marker("p/s")).contains("2".repeat(32));
            assertThat(modest.marks()).isTrue();
        } finally {
            database.run("drop table caravan_markers; drop owned by modest; drop role modest");
        }
    }

    @Test
    void keepsEveryTypeAsItIs() throws Exception {
        String yaml = """
                table: user_data
                columns:
                  - {name: a, type: bigint, key: true}
                  - {name: b, type: date, key: true}
                  - {name: c, type: numeric}
                  - {name: d, type: double}
                  - {name: e, type: boolean}
                  - {name: f, type: timestamptz}
                  - {name: g, type: jsonb}
                  - {name: h, type: bytea}
                  - {name: i, type: text}
                """;
        Record full = record(
                "7|2024-02-29",
                Fields.of("a", "b", "c", "d", "e", "f", "g", "h", "i"),
                7L,
                LocalDate.parse("2024-02-29"),
                new BigDecimal("12345678901234567890.123456789"),
                0.1,
                true,
                TIME,
                Map.of("list", List.of(1L, "é\t\\", TIME), "none", List.of()),
                new byte[] {0, 1, (byte) 0xff},
                LocalDateTime.parse("2024-01-02T03:04:05"));
        Record special = record(
                "-1|0001-01-01",
                full.fields(),
                "-1",
                "0001-01-01",
                -5L,
                Double.NaN,
                "false",
                "2024-05-06T09:08:09+02:00",
                "\"text \\\"quoted\\\"\"",
                new byte[0],
                List.of("x"));
        try (WarehouseSink sink = sink(file(yaml))) {
            assertThat(sink.write(List.of(full, special))).isEmpty();
            assertThat(sink.differing(List.of(full, special))).isEmpty();
            try (Stream<String> keys = sink.keys()) {
                assertThat(keys).containsExactlyInAnyOrder("7|2024-02-29", "-1|0001-01-01");
            }
        }
        assertThat(database.rows("select a, b, c, d, e, f at time zone 'UTC', g, h, i from user_data order by a"))
                .containsExactly(
                        "-1|0001-01-01|-5|NaN|f|2024-05-06 07:08:09|\"text \\\"quoted\\\"\"|\\x|[\"x\"]",
                        "7|2024-02-29|12345678901234567890.123456789|0.1|t|2024-05-06 07:08:09.123456"
                                + "|{\"list\": [1, \"é\\t\\\\\", \"2024-05-06T07:08:09.123456Z\"], \"none\": []}"
                                + "|\\x0001ff|2024-01-02T03:04:05");
    }

    @Test
    void aNumericColumnHoldsNanAndTheInfinitiesAndNoTextThatSaysThem() throws Exception {
        Fields fields = Fields.of("id", "n");
        List<Record> records = List.of(
                record("1", fields, "1", Double.NaN),
                record("2", fields, "2", Double.POSITIVE_INFINITY),
                record("3", fields, "3", Double.NEGATIVE_INFINITY),
                record("4", fields, "4", 0.5));
        try (WarehouseSink sink = sink(
                file("{table: user_data, columns: [{name: id, type: text, key: true}, {name: n, type: numeric}]}"))) {
            assertThat(sink.write(records)).isEmpty();
            assertThat(sink.differing(records)).isEmpty();
            assertThat(sink.write(List.of(record("5", fields, "5", "NaN"))))
                    .extracting(Refusal::reason)
                    .containsExactly("warehouse: column 'n' must hold a decimal number, got 'NaN'");
        }
        assertThat(database.rows("select id, n from user_data order by id"))
                .containsExactly("1|NaN", "2|Infinity", "3|-Infinity", "4|0.5");
        database.run("drop table user_data; create table user_data (id text primary key, n numeric(10,2))");
        try (WarehouseSink sink = sink(
                file("{table: user_data, columns: [{name: id, type: text, key: true}, {name: n, type: numeric}]}"))) {
            assertThat(sink.write(records)).extracting(r -> r.record().key()).containsExactly("2", "3");
            assertThat(sink.differing(List.of(records.get(0), records.get(3)))).isEmpty();
        }
    }

    @Test
    void takesEachWordOfATypeThatAnyStoreHas() throws Exception {
        Record record = EveryWord.record();
        try (WarehouseSink sink = sink(file(EveryWord.yaml("user_data")))) {
            assertThat(sink.write(List.of(record))).isEmpty();
            assertThat(sink.differing(List.of(record))).isEmpty();
        }
        for (EveryWord.Words words : EveryWord.all()) {
            assertThat(types(words.columns())).as(words.toString()).hasSize(1);
            if (!words.lists().isEmpty()) {
                assertThat(types(words.lists()))
                        .containsExactly(types(words.columns()).get(0) + "[]");
            }
        }
        assertThat(database.rows(
                        "select list_string, list_integer, list_bytes, a_datetime, a_timestamp at time zone 'UTC'"
                                + " from user_data"))
                .containsExactly("{\"a \\\"b\\\" \\\\ {,} é\",\"a \\\"b\\\" \\\\ {,} é\"}|{7,7}"
                        + "|{\"\\\\x0001ff\",\"\\\\x0001ff\"}|2024-05-06 07:08:09.123456|2024-05-06 07:08:09.123456");
    }

    private static List<String> types(List<String> columns) throws SQLException {
        return database.rows("select distinct format_type(atttypid, atttypmod) from pg_catalog.pg_attribute"
                + " where attrelid = 'user_data'::regclass and attname in ('" + String.join("', '", columns) + "')");
    }

    @Test
    void aTextInAColumnOfJsonIsTheJsonItSaysAndRefusedIfItSaysNone() throws Exception {
        Fields fields = Fields.of("id", "attrs");
        String rule = "warehouse: column 'attrs' must hold JSON: a text that says some (no name twice), or a value that"
                + " PostgreSQL's jsonb can hold: no U+0000, no NaN, no infinity, got ";
        Record object = record("1", fields, "1", "{\"color\":\"red\", \"n\": 12345678901234567890}");
        Record text = record("2", fields, "2", "not json");
        Record scalar = record("3", fields, "3", "1.50");
        Record twice = record("4", fields, "4", "{\"a\":1,\"a\":2}");
        Record nul = record("5", fields, "5", Map.of("list", List.of("x\0", true)));
        try (WarehouseSink sink = sink(
                file("{table: user_data, columns: [{name: id, type: text, key: true}, {name: attrs, type: jsonb}]}"))) {
            assertThat(sink.write(List.of(object, text, scalar, twice, nul)))
                    .extracting(Refusal::reason)
                    .containsExactly(
                            rule + "'not json'",
                            rule + "'{\"a\":1,\"a\":2}'",
                            rule + "'{\"list\":[\"x\\u0000\",true]}'");
            assertThat(sink.differing(List.of(object, scalar))).isEmpty();
        }
        assertThat(database.rows(
                        "select id, attrs->>'color', attrs->>'n', jsonb_typeof(attrs) from user_data order by id"))
                .containsExactly("1|red|12345678901234567890|object", "3|-|-|number");
    }

    @Test
    void aTextThatReadsAsTheColumnsTypeIsConvertedInTheFormsOfTheStep() throws Exception {
        String yaml = "{table: user_data, columns: [{name: id, type: text, key: true}, {name: t, type: boolean},"
                + " {name: n, type: numeric}, {name: w, type: bigint}, {name: d, type: double}]}";
        Fields fields = Fields.of("id", "t", "n", "w", "d");
        Record good = record("good", fields, "good", "True", "+5.10", "7.0", "19.99");
        Record digits = record("digits", fields, "digits", "true", "\u0661\u0662", "7", "1");
        Record wide = record("wide", fields, "wide", "true", "1", "\uff17", "1");
        Record tiny = record("tiny", fields, "tiny", "true", "1", "7", "1e-400");
        try (WarehouseSink sink = sink(file(yaml))) {
            assertThat(sink.write(List.of(good, digits, wide, tiny)))
                    .extracting(refusal -> refusal.record().key())
                    .containsExactlyInAnyOrder("digits", "wide", "tiny");
            assertThat(sink.differing(List.of(good))).isEmpty();
        }
        assertThat(database.rows("select * from user_data")).containsExactly("good|t|5.10|7|19.99");
    }

    @Test
    void decimalsComeBackFromColumnsOfDecimalsDoublesAndJsonAsTheyWere() throws Exception {
        String yaml = "{table: user_data, columns: [{name: id, type: text, key: true}, {name: n, type: numeric},"
                + " {name: d, type: double}, {name: j, type: jsonb}]}";
        Random random = new Random(24);
        List<Record> batch = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            BigDecimal number = BigDecimal.valueOf(random.nextLong() % 1_000_000_000_000_000L, random.nextInt(30) - 5);
            batch.add(record("k" + i, Fields.of("id", "n", "d", "j"), "k" + i, number, number, List.of(number)));
        }
        try (WarehouseSink sink = sink(file(yaml))) {
            assertThat(sink.write(batch)).isEmpty();
            assertThat(sink.differing(batch)).isEmpty();
        }
        for (String row : database.rows("select id, n, d, j->>0 from user_data")) {
            String[] cells = row.split("\\|");
            BigDecimal number = (BigDecimal)
                    batch.get(Integer.parseInt(cells[0].substring(1))).at(1);
            for (int i : new int[] {1, 3}) assertThat(new BigDecimal(cells[i])).isEqualByComparingTo(number);
            assertThat(Double.valueOf(cells[2])).isEqualTo(number.doubleValue());
        }
    }

    @Test
    void refusesAListThatHoldsNullOrIsNone() throws Exception {
        String yaml =
                "{table: user_data, columns: [{name: id, type: text, key: true}, {name: v, type: array<integer>}]}";
        try (WarehouseSink sink = sink(file(yaml))) {
            Fields fields = Fields.of("id", "v");
            Record none = record("none", fields, "none", 1L);
            Record hole = record("hole", fields, "hole", Arrays.asList(1L, null));
            Record text = record("text", fields, "text", List.of("x"));
            Record good = record("good", fields, "good", List.of());
            assertThat(sink.write(List.of(none, hole, text, good)))
                    .extracting(refusal -> refusal.record().key())
                    .containsExactlyInAnyOrder("none", "hole", "text");
        }
        assertThat(database.rows("select id, v from user_data")).containsExactly("good|{}");
    }

    @Test
    void givesBackAnyTextAsItWas() throws Exception {
        Random random = new Random(4711);
        String nasty = "\"'\\\t\n\r,|;{}$%N.\b\f\u000b\u0001\u007f\u0085\u00e9\u2028\ufeff\uffff";
        List<Record> batch = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                if (random.nextInt(4) > 0) {
                    text.append(nasty.charAt(random.nextInt(nasty.length())));
                } else {
                    int point = 1 + random.nextInt(Character.MAX_CODE_POINT);
                    text.appendCodePoint(point >= 0xd800 && point <= 0xdfff ? 'x' : point);
                }
            }
            batch.add(event("k" + i + text, List.of("\\.", "\\N", "\\\\.").get(i % 3) + text, text.toString()));
        }
        try (WarehouseSink sink = sink(SHIPPED)) {
            assertThat(sink.write(batch)).isEmpty();
            assertThat(sink.differing(batch)).isEmpty();
            try (Stream<String> keys = sink.keys()) {
                assertThat(keys)
                        .containsExactlyInAnyOrderElementsOf(
                                batch.stream().map(Record::key).toList());
            }
        }
        List<String> stored = database.rows("select text, campaign from user_data");
        assertThat(stored)
                .containsExactlyInAnyOrderElementsOf(batch.stream()
                        .map(r -> r.get("message").orElseThrow() + "|"
                                + r.get("campaign").orElseThrow())
                        .toList());
    }

    @Test
    void refusesTheRecordThatNoRowCanHoldAndWritesTheRest() throws Exception {
        Record nul = event("nul", "a\0b", "x");
        Record half = event("half", "\ud83d alone", "x");
        Record year = record("year", EVENT, "year", "u", "m", "c", Instant.parse("+12000-01-01T00:00:00Z"));
        Record keyless = record("keyless", EVENT, null, "u", "m", "c", TIME);
        try (WarehouseSink sink = sink(SHIPPED)) {
            assertThat(sink.write(List.of(event("a", "1", "x"), nul, half, year, keyless, event("b", "1", "x"))))
                    .containsExactly(
                            new Refusal(
                                    nul,
                                    "warehouse: column 'text' must hold no U+0000 and no half surrogate pair, got 'a␀b'"),
                            new Refusal(
                                    half,
                                    "warehouse: column 'text' must hold no U+0000 and no half surrogate pair, got '\ud83d alone'"),
                            new Refusal(
                                    year,
                                    "warehouse: column 'timestamp' must hold a time with zone of the years 1 to 9999, got '+12000-01-01T00:00:00Z'"),
                            new Refusal(keyless, "warehouse: column 'record_id' must not be null, got 'null'"));
        }
        assertThat(database.rows("select record_id from user_data order by 1")).containsExactly("a", "b");
    }

    @Test
    void blamesTheRecordsForWhatOnlyTheServerCanJudge() throws Exception {
        try (WarehouseSink sink = sink(SHIPPED)) {
            sink.write(List.of(event("a", "1", "x")));
            database.run("alter table user_data add check (text <> 'poison')");
            assertThatThrownBy(() -> sink.write(List.of(event("b", "1", "x"), event("c", "poison", "x"))))
                    .isInstanceOf(BadRecordException.class)
                    .hasMessageContaining("user_data_text_check");
            sink.write(List.of(event("b", "1", "x")));
        }
        assertThat(database.rows("select record_id from user_data order by 1")).containsExactly("a", "b");
    }

    @Test
    void addsColumnsThatAreNewAndKeepsTheRows() throws Exception {
        try (WarehouseSink sink =
                sink(file("{table: user_data, columns: [{name: record_id, type: text, key: true}]}"))) {
            sink.write(events(3));
            sink.write(events(3));
        }
        try (WarehouseSink sink = sink(SHIPPED)) {
            assertThat(sink.check()).isEmpty();
            assertThat(sink.differing(events(3))).hasSize(3);
            sink.write(events(2));
            assertThat(sink.differing(events(3))).containsExactly("r2");
        }
        assertThat(database.rows("select record_id, text from user_data order by 1"))
                .containsExactly("r0|message 0", "r1|message 1", "r2|-");
    }

    @Test
    void saysWhatIsWrongWithTheTableThatIsThere() throws Exception {
        database.run("create table user_data (record_id text, user_id bigint, other int not null, text text)");
        String problem =
                "warehouse: table \"public\".\"user_data\" column 'user_id' must be of type text, got 'bigint'";
        try (WarehouseSink sink = sink(SHIPPED)) {
            assertThatThrownBy(() -> sink.write(events(1)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(problem)
                    .hasMessageContaining("column 'other' must be described")
                    .hasMessageContaining("add primary key (\"record_id\")");
            assertThat(sink.check()).get().asString().contains(problem);
            assertThatThrownBy(sink::keys).isInstanceOf(ConfigurationException.class);
        }
        assertThat(database.rows("select * from user_data")).isEmpty();
    }

    @Test
    void refusesANewColumnThatRowsWithoutItForbid() throws Exception {
        try (WarehouseSink sink =
                sink(file("{table: user_data, columns: [{name: record_id, type: text, key: true}]}"))) {
            sink.write(events(1));
        }
        try (WarehouseSink sink = sink(file("{table: user_data, columns: [{name: record_id, type: text, key: true},"
                + " {name: user_id, type: text, nullable: false}]}"))) {
            assertThatThrownBy(() -> sink.write(events(1)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("user_id");
        }
    }

    @Test
    void reportsAllProblemsOfADescriptionTogether() throws Exception {
        String hostile = file("""
                table: ' '
                columns:
                  - {name: caravan number, type: text}
                  - {name: c, type: varchar}
                  - {name: c, type: double, key: true}
                """);
        assertThatThrownBy(() -> sink(hostile))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        String.join(
                                System.lineSeparator(),
                                "warehouse-sink: table must have 1 to 63 bytes, not all of them blanks, without U+0000, got ' '",
                                "warehouse-sink: column must have 1 to 63 bytes, not all of them blanks, without U+0000, got 'caravan"
                                        + " number'",
                                "warehouse-sink: column must be named once, got 'c'",
                                "warehouse-sink: column 'c' type must be one of text|string, bigint|integer|int64, numeric|decimal,"
                                        + " bignumeric, double|float64, boolean|bool, timestamptz|timestamp, datetime, date,"
                                        + " jsonb|json, bytea|bytes, or array<...> of one but json, got 'varchar'",
                                "warehouse-sink: column 'c' type must be text, bigint or date because it is a key, got 'double'"));
        assertThatThrownBy(() -> sink(file("{table: t, columns: [{name: a, type: text, key: true, colour: red}]}")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("colour");
        assertThatThrownBy(() -> sink("no/such/file.yaml"))
                .hasMessage("warehouse-sink: table must be a readable file or classpath:<resource>,"
                        + " got 'no/such/file.yaml'");
    }

    @Test
    void aWrongPasswordOrDatabaseIsAMatterOfConfiguration() {
        String secret = "hunter2-not-this";
        try (WarehouseSink sink = sink(database.uri(), database.user(), secret);
                WarehouseSink none = sink(database.uri(), database.user(), "");
                WarehouseSink elsewhere = sink(
                        database.uri().replaceAll("/[^/]*$", "/nowhere")
                                + "?user=" + database.user() + "&password="
                                + URLEncoder.encode(database.password(), StandardCharsets.UTF_8),
                        "",
                        "")) {
            assertThatThrownBy(() -> sink.write(events(1)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("password authentication failed")
                    .hasMessageNotContaining(secret);
            assertThatThrownBy(() -> none.write(events(1))).isInstanceOf(ConfigurationException.class);
            assertThat(elsewhere.check())
                    .get()
                    .asString()
                    .contains("database \"nowhere\" does not exist")
                    .doesNotContain(database.password())
                    .doesNotContain("password=");
        }
        assertThatThrownBy(() -> sink("postgresql://u:" + secret + "@host/db?password=" + secret, "", ""))
                .hasMessage("warehouse-sink: uri must be 'laptop' or jdbc:postgresql://<host>:<port>/<database>,"
                        + " got 'postgresql://host/db'");
    }

    @Test
    void aStoreThatIsDownOrSilentIsUnavailableWithinSeconds() throws Exception {
        try (ServerSocket silent = new ServerSocket(0);
                ServerSocket closed = new ServerSocket(0)) {
            closed.close();
            for (int port : List.of(silent.getLocalPort(), closed.getLocalPort())) {
                try (WarehouseSink sink = sink("jdbc:postgresql://127.0.0.1:" + port + "/db", "u", "p")) {
                    Instant start = Instant.now();
                    assertThatThrownBy(() -> sink.write(events(1))).isInstanceOf(UnavailableException.class);
                    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
                    assertThat(sink.check()).isPresent();
                }
            }
        }
    }

    @Test
    void goesOnAfterTheServerHasCutTheConnection() throws Exception {
        try (WarehouseSink sink = sink(SHIPPED)) {
            sink.write(events(1));
            database.run("select pg_terminate_backend(pid, 5000) from pg_stat_activity"
                    + " where application_name = 'caravan warehouse'");
            assertThatThrownBy(() -> sink.write(events(2))).isInstanceOf(UnavailableException.class);
            sink.write(events(2));
            sink.close();
            sink.write(events(3));
        }
        assertThat(database.cell("select count(*) from user_data")).isEqualTo("3");
        assertThat(
                        database.rows(
                                "select pid from pg_stat_activity where application_name = 'caravan warehouse' and state = 'active'"))
                .isEmpty();
    }

    @Test
    void twoThatStartAtOnceShareTheTable() throws Exception {
        try (WarehouseSink one = sink(SHIPPED);
                WarehouseSink other = sink(SHIPPED)) {
            List<Record> batch = events(100);
            IntStream.range(0, 2).parallel().forEach(i -> {
                if (i == 0) one.write(batch.subList(0, 50));
                else other.write(batch.subList(50, 100));
            });
            assertThat(one.differing(batch)).isEmpty();
        }
    }

    private String file(String yaml) throws Exception {
        return Files.writeString(Files.createTempFile(folder, "table", ".yaml"), yaml)
                .toString();
    }

    private static WarehouseSink sink(String table) {
        return new WarehouseSink(
                "warehouse", database.uri(), database.user(), database.password(), "public", table, 2_000, 10_000);
    }

    private static WarehouseSink sink(String uri, String user, String password) {
        return new WarehouseSink("warehouse", uri, user, password, "public", SHIPPED, 2_000, 2_000);
    }

    private static List<Record> events(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> event("r" + i, "message " + i, i % 3 == 0 ? null : "campaign " + i % 3))
                .toList();
    }

    private static Record event(String id, String message, String campaign) {
        return record(id, EVENT, id, "u1", message, campaign, TIME);
    }

    private static Record record(String key, Fields fields, Object... values) {
        return Record.read(key, fields, values, new Origin("events.csv", 1), Hash.NONE);
    }

    private static Record gone(String id) {
        return Record.tombstone(id, KEY, new Object[] {id}, 1);
    }
}
