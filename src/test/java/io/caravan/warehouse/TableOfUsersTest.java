package io.caravan.warehouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.delivery.Refusal;
import io.caravan.error.ConfigurationException;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that users made, with the types that they have: what fits is kept as it is, what does not is refused, and nothing is cut. */
class TableOfUsersTest {

    private static Database database;

    @TempDir
    Path folder;

    @BeforeAll
    static void open() {
        database = Database.fresh();
    }

    /** A type of a table, the described one, and values of records for it. */
    private record Kind(String type, String described, Function<Random, Object> values) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("varchar(3)", "text", TableOfUsersTest::text),
            new Kind("char(4)", "text", TableOfUsersTest::text),
            new Kind("smallint", "bigint", TableOfUsersTest::whole),
            new Kind("integer", "bigint", TableOfUsersTest::whole),
            new Kind("numeric(5,0)", "bigint", TableOfUsersTest::whole),
            new Kind("numeric(5,2)", "numeric", TableOfUsersTest::decimal),
            new Kind("integer", "numeric", TableOfUsersTest::decimal),
            new Kind("real", "double", TableOfUsersTest::real),
            new Kind("double precision", "numeric", TableOfUsersTest::decimal),
            new Kind("numeric(8,3)", "double", TableOfUsersTest::real));

    @Test
    void aNumberOrTextIsKeptAsItIsOrRefused() throws Exception {
        for (Kind kind : KINDS) {
            database.run("drop table if exists there; create table there (id text primary key, v " + kind.type() + ")");
            Random random = new Random(kind.type().hashCode());
            List<Record> batch = new ArrayList<>();
            for (int i = 0; i < 500; i++)
                batch.add(record("r" + i, kind.values().apply(random)));
            Set<String> refused = new HashSet<>();
            try (WarehouseSink sink = sink("there", "id: text key", "v: " + kind.described())) {
                for (Refusal refusal : sink.write(batch)) {
                    refused.add(refusal.record().key());
                    assertThat(refusal.reason()).contains("column 'v' of type").contains("must hold");
                }
                assertThat(sink.differing(batch)).as(kind.type()).isEqualTo(refused);
            }
            Map<String, String> kept = new HashMap<>();
            for (String row : database.rows("select id, v::text from there")) {
                kept.put(row.split("\\|", 2)[0], row.split("\\|", 2)[1]);
            }
            for (Record record : batch) {
                if (refused.contains(record.key())) continue;
                String there = kept.get(record.key());
                Object value = record.get("v").orElseThrow();
                if (value instanceof String)
                    assertThat(there.stripTrailing()).isEqualTo(value.toString().stripTrailing());
                else if (kind.type().equals("real")
                        && new BigDecimal((double) Float.parseFloat(there)).compareTo(new BigDecimal(value.toString()))
                                == 0) continue; // held to the last bit
                else assertThat(new BigDecimal(there)).as(kind.type()).isEqualByComparingTo(value.toString());
            }
            assertThat(refused.size()).as(kind.type()).isBetween(kind.type().equals("double precision") ? 0 : 20, 480);
            assertThat(kept).hasSize(500 - refused.size());
        }
    }

    /** Two records would be one row, and the delete of one would remove the other. */
    @Test
    void aKeyWhoseCollationTakesTextsForOneAnotherIsRefusedAtTheStart() throws Exception {
        alike();
        database.run("drop table if exists there; create table there (id text collate alike primary key, v text)");
        try (WarehouseSink sink = sink("there", "id: text key", "v: text")) {
            assertThatThrownBy(() -> sink.write(List.of(record("a", "1"), record("A", "2"))))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("key column 'id' must have a collation that keeps different texts apart")
                    .hasMessageEndingWith(
                            "alter table \"public\".\"there\" alter column \"id\" type text collate \"C\"");
            assertThat(sink.check())
                    .hasValueSatisfying(problem -> assertThat(problem).contains("key column 'id'"));
        }
        assertThat(database.rows("select count(*) from there")).containsExactly("0");
    }

    @Test
    void aTextThatItsCollationTakesForTheOldOneIsWrittenAllTheSame() throws Exception {
        alike();
        database.run(
                "drop table if exists there; create table there (id text primary key, v text collate alike, w varchar(5),"
                        + " l text[] collate alike)");
        Fields fields = Fields.of("id", "v", "w", "l");
        try (WarehouseSink sink = sink("there", "id: text key", "v: text", "w: text", "l: array<text>")) {
            sink.write(List.of(record(fields, "k", "resume", "a", List.of("x"))));
            List<Record> changed = List.of(record(fields, "k", "RESUME", "a", List.of("X")));
            assertThat(sink.differing(changed)).containsExactly("k");
            assertThat(sink.write(changed)).isEmpty();
            assertThat(database.rows("select v, w, l::text from there")).containsExactly("RESUME|a|{X}");
            assertThat(sink.differing(changed)).isEmpty();
        }
    }

    private static void alike() throws Exception {
        database.run(
                "create collation if not exists alike (provider = icu, locale = 'und-u-ks-level1', deterministic = false)");
    }

    /** {@code 519518000} is as near to one real as to the next: PostgreSQL prints {@code 5.1951802e+08} of it. */
    @Test
    void aNumberHalfwayBetweenTwoRealsIsRefused() throws Exception {
        database.run(
                "drop table if exists there; create table there (id text primary key, v real, w double precision)");
        try (WarehouseSink sink = sink("there", "id: text key", "v: numeric", "w: numeric")) {
            Fields fields = Fields.of("id", "v", "w");
            List<Refusal> refusals = sink.write(List.of(
                    record(fields, "real", new BigDecimal("519518000"), BigDecimal.ONE),
                    record(fields, "fits", new BigDecimal("519518020"), new BigDecimal("0.1")),
                    record(fields, "double", BigDecimal.ONE, new BigDecimal("72057594037927900"))));
            assertThat(refusals)
                    .extracting(r -> r.record().key())
                    .contains("real")
                    .doesNotContain("fits");
            Map<String, BigDecimal> kept = new HashMap<>();
            for (String row : database.rows("select id, w::text from there"))
                kept.put(row.split("\\|")[0], new BigDecimal(row.split("\\|")[1]));
            assertThat(kept.getOrDefault("double", new BigDecimal("72057594037927900")))
                    .isEqualByComparingTo("72057594037927900");
            assertThat(database.rows("select v::text from there where id = 'fits'"))
                    .containsExactly("5.1951802e+08");
        }
    }

    @Test
    void whatDoesNotFitNamesColumnTypeRuleAndValue() throws Exception {
        database.run("drop table if exists there; create table there (id varchar(5) primary key, price numeric(10,2),"
                + " n smallint, name varchar(3))");
        try (WarehouseSink sink = sink("there", "id: text key", "price: numeric", "n: bigint", "name: text")) {
            Fields fields = Fields.of("id", "price", "n", "name");
            List<Refusal> refusals = sink.write(List.of(
                    record(fields, "fits", new BigDecimal("1.50"), 32767L, "日本語"),
                    record(fields, "price", new BigDecimal("1.005"), 1L, "a"),
                    record(fields, "n", new BigDecimal("1"), 32768L, "a"),
                    record(fields, "name", new BigDecimal("1"), 1L, "abcd"),
                    record(fields, "longer", new BigDecimal("1"), 1L, "a")));
            assertThat(refusals)
                    .extracting(Refusal::reason)
                    .containsExactly(
                            "warehouse: column 'price' of type numeric(10,2) must hold a number of up to 8 digits before the"
                                    + " point and 2 behind it, got '1.005'",
                            "warehouse: column 'n' of type smallint must hold a whole number of -32768 to 32767, got '32768'",
                            "warehouse: column 'name' of type character varying(3) must hold text of up to 3 characters, got"
                                    + " 'abcd'",
                            "warehouse: column 'id' of type character varying(5) must hold text of up to 5 characters, got"
                                    + " 'longer'");
            assertThat(database.rows("select * from there")).containsExactly("fits|1.50|32767|日本語");
            assertThat(sink.write(List.of(
                            Record.tombstone("longer", Fields.of("id"), new Object[] {"longer"}, 1),
                            Record.tombstone("fits", Fields.of("id"), new Object[] {"fits"}, 1))))
                    .as("what no row can be is gone")
                    .isEmpty();
            assertThat(database.rows("select * from there")).isEmpty();
        }
    }

    @Test
    void timesJsonUuidsBytesAndEnumsAreKept() throws Exception {
        database.run(
                "drop table if exists there; drop type if exists mood; create type mood as enum ('sad', 'it''s ok');"
                        + " create domain short as varchar(2); create table there (id uuid primary key, local timestamp(3),"
                        + " utc timestamp, clock time, doc json, bytes bytea, mood mood, short short, tags varchar(2)[],"
                        + " number int generated always as identity, made text generated always as ('x') stored,"
                        + " filled text not null default 'yes')");
        String id = "0a2b7b1e-5b0f-4e8c-9a53-0f1c7f1c7a11";
        Fields fields = Fields.of("id", "local", "utc", "clock", "doc", "bytes", "mood", "short", "tags");
        LocalDateTime local = LocalDateTime.parse("2024-02-29T10:00:00.123");
        Instant utc = Instant.parse("2024-05-06T07:08:09.123456Z");
        Record fits = record(
                fields,
                id,
                local,
                utc,
                "10:20:30",
                Map.of("a", List.of(1L, "x")),
                new byte[] {0, -1},
                "it's ok",
                "ab",
                List.of("a", "bc"));
        try (WarehouseSink sink = sink(
                "there",
                "id: text key",
                "local: datetime",
                "utc: timestamptz",
                "clock: text",
                "doc: json",
                "bytes: bytes",
                "mood: text",
                "short: text",
                "tags: array<text>")) {
            assertThat(sink.write(List.of(fits))).isEmpty();
            String select = "select id, local, utc, clock, doc, bytes, mood, short, tags, made, filled from there";
            assertThat(database.rows(select))
                    .containsExactly(id + "|2024-02-29 10:00:00.123|2024-05-06 07:08:09.123456|10:20:30|"
                            + "{\"a\":[1,\"x\"]}|\\x00ff|it's ok|ab|{a,bc}|x|yes");
            assertThat(sink.differing(List.of(fits))).isEmpty();
            String before = database.cell("select xmin || ctid::text from there");
            sink.write(List.of(fits));
            assertThat(database.cell("select xmin || ctid::text from there")).isEqualTo(before);
            try (Stream<String> keys = sink.keys()) {
                assertThat(keys).containsExactly(id);
            }
            for (Record bad : List.of(
                    fits.with("local", LocalDateTime.parse("2024-02-29T10:00:00.1234")),
                    fits.with("clock", "25:00"),
                    fits.with("mood", "happy"),
                    fits.with("short", "abc"),
                    fits.with("tags", List.of("a", "bcd")),
                    fits.with("id", "0A2B7B1E-5B0F-4E8C-9A53-0F1C7F1C7A11"))) {
                assertThat(sink.write(List.of(bad))).hasSize(1);
            }
            assertThat(database.cell("select count(*) from there")).isEqualTo("1");
        }
        try (WarehouseSink sink = sink("there", "id: text key", "number: bigint")) {
            assertThatThrownBy(() -> sink.write(List.of(fits)))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("column 'number' must not be generated");
        }
    }

    @Test
    void anyNameOfATableOrColumnIsANameAndNothingElse() throws Exception {
        database.run("drop schema if exists \"sales-2024.Größe\" cascade; create schema \"sales-2024.Größe\"");
        for (String name : List.of(
                "order-items",
                "order.items",
                "Orders",
                "order",
                "日本",
                "x\"; drop schema public; --",
                "it's",
                "a b",
                "%s?",
                "$1",
                "back\\slash")) {
            String yaml = yaml(name, "id: text key", name + ": bigint");
            Record record = Record.read("a", Fields.of("id", name), new Object[] {"a", 5L}, new Origin("o", 1));
            try (WarehouseSink sink = in("sales-2024.Größe", yaml)) {
                assertThat(sink.write(List.of(record))).isEmpty();
                assertThat(sink.differing(List.of(record))).isEmpty();
                sink.mark("p/warehouse", "00");
                assertThat(sink.marker("p/warehouse")).contains("00");
                assertThat(sink.facts()).containsKey("bytes");
                try (Stream<String> keys = sink.keys()) {
                    assertThat(keys).containsExactly("a");
                }
                assertThat(sink.check()).isEmpty();
            }
        }
        assertThat(database.rows("select count(*) from pg_tables where schemaname = 'sales-2024.Größe'"))
                .containsExactly("12");
        assertThat(database.cell("select to_regnamespace('public') is not null"))
                .isEqualTo("t");
    }

    private static Object text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--)
            text.append(List.of("a", " ", "ü", "😀").get(random.nextInt(4)));
        return text.toString();
    }

    private static Object whole(Random random) {
        return random.nextLong() >> random.nextInt(20, 64);
    }

    private static Object decimal(Random random) {
        return new BigDecimal(Long.toString(random.nextLong() >> random.nextInt(30, 63)))
                .movePointLeft(random.nextInt(5));
    }

    private static Object real(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(100_000) / 100.0;
            case 1 -> (double) random.nextFloat();
            case 2 -> random.nextDouble() * 1e6;
            default -> (double) (random.nextInt() >> random.nextInt(30));
        };
    }

    private static Record record(String key, Object value) {
        return Record.read(key, Fields.of("id", "v"), new Object[] {key, value}, new Origin("o", 1));
    }

    private static Record record(Fields fields, Object... values) {
        return Record.read(values[0].toString(), fields, values, new Origin("o", 1));
    }

    private WarehouseSink sink(String table, String... columns) throws Exception {
        return in("public", yaml(table, columns));
    }

    private static String yaml(String table, String... columns) {
        StringBuilder yaml = new StringBuilder("table: " + quoted(table) + "\ncolumns:\n");
        for (String column : columns) {
            int colon = column.lastIndexOf(": ");
            String type = column.substring(colon + 2);
            yaml.append("  - {name: ")
                    .append(quoted(column.substring(0, colon)))
                    .append(", type: ")
                    .append(type.replace(" key", ", key: true"))
                    .append("}\n");
        }
        return yaml.toString();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private WarehouseSink in(String schema, String yaml) throws Exception {
        String file = Files.writeString(Files.createTempFile(folder, "table", ".yaml"), yaml)
                .toString();
        return new WarehouseSink(
                "warehouse", database.uri(), database.user(), database.password(), schema, file, 2_000, 10_000);
    }
}
