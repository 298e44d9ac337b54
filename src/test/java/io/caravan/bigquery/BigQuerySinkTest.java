package io.caravan.bigquery;

import static io.caravan.endpoint.TestContext.knownTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.bigquery.model.TableFieldSchema;
import io.caravan.bigquery.BigQueryStub.Fault;
import io.caravan.delivery.MarkerContract;
import io.caravan.delivery.Refusal;
import io.caravan.error.BadRecordException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.table.DecimalNumbers;
import io.caravan.table.EveryWord;
import io.caravan.table.KeyTexts;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class BigQuerySinkTest {

    private static final Fields EVENT = Fields.of("record_id", "user_id", "message", "campaign", "timestamp");
    private static final Instant TIME = Instant.parse("2024-05-06T07:08:09.123456Z");
    /** The description that {@code warehouse-sink} reads, too. */
    private static final String SHIPPED = "classpath:routes/personalization/warehouse.yaml";

    private static final String ROWS = "select record_id, text, campaign from marketing.user_data order by 1";
    private static final String LOAD = "PUT /upload/.*";
    private static final String INSERT_JOB = "POST /bigquery/.*/jobs";

    @TempDir
    Path folder;

    private BigQueryStub bigQuery;

    @BeforeEach
    void start() throws Exception {
        bigQuery = new BigQueryStub();
    }

    @AfterEach
    void stop() {
        bigQuery.close();
        assertThat(bigQuery.problems).isEmpty();
    }

    @Test
    void insertsUpdatesAndDeletesWithOneLoadAndOneMergeARun() throws Exception {
        try (BigQuerySink sink = sink(SHIPPED)) {
            write(sink, event("a", "1", "x"), event("b", "1", "x"), event("c", "it's \"fine\"\n\\N", null));
            assertThat(bigQuery.rows(ROWS)).containsExactly("a|1|x", "b|1|x", "c|it's \"fine\"\n\\N|-");
            sink.discard();
            sink.write(List.of(gone("a"), event("b", "2", null)));
            sink.write(List.of(event("d", "1", "x"), gone("never-seen")));
            assertThat(bigQuery.rows(ROWS)).as("before it is flushed").hasSize(3);
            sink.flush();
            assertThat(bigQuery.rows(ROWS)).containsExactly("b|2|-", "c|it's \"fine\"\n\\N|-", "d|1|x");
            assertThat(keys(sink)).containsExactlyInAnyOrder("b", "c", "d");
        }
        assertThat(bigQuery.jobs("load")).isEqualTo(2);
        assertThat(bigQuery.staging()).isEmpty();
    }

    @Test
    void writingTheSameAgainChangesNothingAndOfOneKeyTheLastIsMeant() throws Exception {
        try (BigQuerySink sink = sink(SHIPPED)) {
            write(sink, event("a", "1", "x"), event("b", "1", "x"));
            sink.write(List.of(event("a", "0", "x"), event("b", "1", "x")));
            sink.write(List.of(event("a", "1", "x")));
            sink.flush();
            sink.flush();
        }
        assertThat(bigQuery.rows(ROWS)).containsExactly("a|1|x", "b|1|x");
        assertThat(bigQuery.jobs("load")).isEqualTo(2);
    }

    @Test
    void forgetsWhatWasDiscarded() throws Exception {
        try (BigQuerySink sink = sink(SHIPPED)) {
            sink.write(List.of(event("a", "1", "x")));
            sink.discard();
            write(sink, event("b", "1", "x"));
        }
        assertThat(bigQuery.rows(ROWS)).containsExactly("b|1|x");
    }

    @Test
    void namesTheRecordsThatDiffer() {
        try (BigQuerySink sink = sink(SHIPPED)) {
            assertThat(sink.differing(List.of(event("a", "1", "x"), gone("z")))).containsExactly("a");
            assertThat(keys(sink)).isEmpty();
            assertThat(bigQuery.tables).isEmpty();

            write(sink, event("a", "1", "x"), event("b", "1", null), event("c", "1", "x"));
            long before = bigQuery.jobs("query");
            assertThat(sink.differing(List.of(event("a", "1", "x"), event("b", "1", null), gone("z"))))
                    .isEmpty();
            assertThat(bigQuery.jobs("query")).as("one question").isEqualTo(before + 1);
            assertThat(sink.differing(List.of(
                            event("a", "other", "x"), event("b", "1", "x"), gone("c"), event("missing", "1", "x"))))
                    .containsExactlyInAnyOrder("a", "b", "c", "missing");
        }
    }

    @Test
    void keepsEveryTypeAsItIs() throws Exception {
        String yaml = """
                table: user_data
                columns:
                  - {name: a, type: int64, key: true}
                  - {name: b, type: date, key: true}
                  - {name: c, type: bignumeric}
                  - {name: d, type: float64}
                  - {name: e, type: bool}
                  - {name: f, type: timestamp}
                  - {name: g, type: json}
                  - {name: h, type: bytes}
                  - {name: i, type: string}
                  - {name: j, type: datetime}
                  - {name: k, type: array<string>}
                  - {name: l, type: array<int64>}
                  - {name: m, type: numeric}
                """;
        Fields fields = Fields.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m");
        Record full = record(
                "7|2024-02-29",
                fields,
                123456789012345678L,
                LocalDate.parse("2024-02-29"),
                new BigDecimal("12345678901234567890.12345678901234567890"),
                0.1,
                true,
                TIME,
                Map.of("list", List.of(1L, "é\t\\", TIME, 1.5), "none", List.of()),
                new byte[] {0, 1, (byte) 0xff},
                "\ud83d\ude00",
                LocalDateTime.parse("2024-01-02T03:04:05.000006"),
                List.of("x", "", "\""),
                List.of(1L, -1L),
                new BigDecimal("1.50"));
        Record special = record(
                "-1|0001-01-01",
                fields,
                "-1",
                "0001-01-01",
                -5L,
                Double.NaN,
                "false",
                "2024-05-06T09:08:09+02:00",
                "\"text \\\"quoted\\\"\"",
                new byte[0],
                List.of("x"),
                null,
                null,
                List.of(),
                1L);
        Record infinite = record(
                "0|9999-12-31",
                fields,
                0L,
                "9999-12-31",
                null,
                Double.NEGATIVE_INFINITY,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
        try (BigQuerySink sink = sink(file(yaml))) {
            Record keyed = record("123456789012345678|2024-02-29", fields, values(full));
            write(sink, keyed, special, infinite);
            assertThat(sink.differing(List.of(keyed, special, infinite))).isEmpty();
            assertThat(keys(sink))
                    .containsExactlyInAnyOrder("123456789012345678|2024-02-29", "-1|0001-01-01", "0|9999-12-31");
        }
        assertThat(bigQuery.rows("select a, b, c, d, e, f at time zone 'UTC', g, h, i, j, k, l, m"
                        + " from marketing.user_data order by a"))
                .containsExactly(
                        "-1|0001-01-01|-5.00000000000000000000000000000000000000|NaN|f|2024-05-06 07:08:09|"
                                + "\"text \\\"quoted\\\"\"|\\x|[\"x\"]|-|{}|{}|1.000000000",
                        "0|9999-12-31|-|-Infinity|-|-|-|-|-|-|{}|{}|-",
                        "123456789012345678|2024-02-29|12345678901234567890.12345678901234567890000000000000000000|0.1|t"
                                + "|2024-05-06 07:08:09.123456|{\"list\": [1, \"é\\t\\\\\", \"2024-05-06T07:08:09.123456Z\","
                                + " 1.5], \"none\": []}|\\x0001ff|\ud83d\ude00|2024-01-02 03:04:05.000006|"
                                + "{x,\"\",\"\\\"\"}|{1,-1}|1.500000000");
    }

    @Test
    void takesEachWordOfATypeThatAnyStoreHas() {
        Record record = EveryWord.record();
        try (BigQuerySink sink = sink(file(EveryWord.yaml("user_data")))) {
            write(sink, record);
            assertThat(sink.differing(List.of(record))).isEmpty();
        }
        Map<String, TableFieldSchema> fields = bigQuery.tables.get("user_data").getSchema().getFields().stream()
                .collect(Collectors.toMap(TableFieldSchema::getName, field -> field));
        for (EveryWord.Words words : EveryWord.all()) {
            Stream<String> all = Stream.concat(words.columns().stream(), words.lists().stream());
            assertThat(all.map(name -> fields.get(name).getType()).distinct())
                    .as(words.toString())
                    .hasSize(1);
            assertThat(words.lists())
                    .allMatch(name -> fields.get(name).getMode().equals("REPEATED"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "int64, 1.5",
        "int64, 9223372036854775808",
        "numeric, 1.0000000001",
        "numeric, 123456789012345678901234567890",
        "bignumeric, 1e-39",
        "float64, 0.10000000000000000001",
        "float64, 1e999",
        "float64, 1e-400",
        "numeric, \u0661",
        "json, not json",
        "bool, yes",
        "timestamp, 2024-05-06",
        "timestamp, +12000-01-01T00:00:00Z",
        "datetime, 2024-05-06T00:00:00Z",
        "date, 2024-02-30",
        "bytes, text",
        "array<string>, text"
    })
    void refusesAtOnceWhatWouldNotBeKeptAsItIs(String type, String value) {
        Record bad = record("bad", Fields.of("id", "v"), "bad", value);
        Record good = record("good", Fields.of("id", "v"), "good", null);
        try (BigQuerySink sink = sink(
                file("{table: t, columns: [{name: id, type: string, key: true}, {name: v, type: " + type + "}]}"))) {
            List<Refusal> refused = sink.write(List.of(bad, good));
            assertThat(refused).extracting(Refusal::record).containsExactly(bad);
            assertThat(refused.get(0).reason())
                    .startsWith("analytics: column 'v' must hold ")
                    .endsWith(", got '" + value + "'");
            assertThat(sink.flush()).isEmpty();
            assertThat(keys(sink)).containsExactly("good");
        }
    }

    @Test
    void refusesNumbersInJsonThatBigQueryWouldRound() {
        try (BigQuerySink sink =
                sink(file("{table: t, columns: [{name: id, type: string, key: true}, {name: v, type: json}]}"))) {
            for (Object value : List.of(
                    new BigDecimal("0.10000000000000000001"),
                    Map.of("deep", List.of(new BigDecimal("123456789012345678901234567890"))),
                    Double.NaN,
                    "\ud83d")) {
                assertThat(sink.write(List.of(record("bad", Fields.of("id", "v"), "bad", value))))
                        .as(value.toString())
                        .hasSize(1);
            }
        }
    }

    @Test
    void addsColumnsThatAreNewAndKeepsTheRows() throws Exception {
        try (BigQuerySink sink =
                sink(file("{table: user_data, columns: [{name: record_id, type: text, key: true}]}"))) {
            write(sink, event("a", "1", "x"), event("b", "1", "x"));
            write(sink, event("a", "1", "x"));
        }
        try (BigQuerySink sink = sink(SHIPPED)) {
            assertThat(sink.check()).isEmpty();
            assertThat(sink.differing(List.of(event("a", "1", "x")))).containsExactly("a");
            write(sink, event("a", "1", "x"));
            assertThat(sink.differing(List.of(event("a", "1", "x"), event("b", "1", "x"))))
                    .containsExactly("b");
        }
        assertThat(bigQuery.rows(ROWS)).containsExactly("a|1|x", "b|-|-");
    }

    @Test
    void saysWhatIsWrongWithTheTableThatIsThere() {
        try (BigQuerySink sink = sink(file("{table: user_data, columns: [{name: record_id, type: text, key: true},"
                + " {name: text, type: int64}, {name: other, type: int64, nullable: false}]}"))) {
            write(sink, record("a", Fields.of("record_id", "text", "other"), "a", 1L, 2L));
        }
        String problem = "analytics: table user_data column 'text' must be of type STRING, got 'INT64': change the"
                + " description, or convert the column" + System.lineSeparator()
                + "analytics: table user_data column 'other' must be described or allow null, got 'REQUIRED': nothing would"
                + " fill it";
        try (BigQuerySink sink = sink(SHIPPED)) {
            assertThat(sink.check()).contains(problem);
            sink.write(List.of(event("a", "1", "x")));
            assertThatThrownBy(sink::flush)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage(problem);
        }
    }

    /** Each request of a run fails once, in each way. */
    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"REPLY_LOST", "UNAVAILABLE", "RATE_LIMITED"})
    void loadsAndMergesOnceWhateverReplyIsLost(Fault fault) throws Exception {
        try (BigQuerySink sink = sink(SHIPPED)) {
            write(sink, event("a", "1", "x"), event("b", "1", "x"));
            for (String request : List.of(LOAD, "POST /upload/.*", INSERT_JOB, "GET .*/jobs/.*")) {
                long loads = bigQuery.jobs("load");
                long queries = bigQuery.jobs("query");
                bigQuery.arm(request, fault);
                sink.write(List.of(event("a", request, "x"), gone("b"), event("c", "1", "x")));
                assertThat(sink.flush()).isEmpty();
                assertThat(bigQuery.allFired()).isTrue();
                assertThat(bigQuery.rows(ROWS)).containsExactly("a|" + request + "|x", "c|1|x");
                assertThat(bigQuery.jobs("load")).as(request).isEqualTo(loads + 1);
                assertThat(bigQuery.jobs("query")).as(request).isEqualTo(queries + 1);
                assertThat(bigQuery.staging()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({LOAD, INSERT_JOB})
    void sendsAJobAgainThatFailedOnBigQuerysOwnAccount(String request) throws Exception {
        try (BigQuerySink sink = sink(SHIPPED)) {
            bigQuery.arm(request, Fault.JOB_FAILS);
            bigQuery.arm(request, Fault.JOB_FAILS);
            write(sink, event("a", "1", "x"));
            assertThat(bigQuery.rows(ROWS)).containsExactly("a|1|x");
            assertThat(bigQuery.allFired()).isTrue();
        }
    }

    @Test
    void aRunThatEndsBetweenLoadAndMergeHasNoEffectButATableThatExpires() throws Exception {
        try (BigQuerySink sink = sink(SHIPPED)) {
            write(sink, event("a", "1", "x"));
            for (int i = 0; i < 20; i++) {
                bigQuery.arm(INSERT_JOB, Fault.UNAVAILABLE);
                bigQuery.arm("DELETE .*", Fault.UNAVAILABLE);
            }
            sink.write(List.of(event("a", "2", "x"), event("b", "1", "x")));
            assertThatThrownBy(sink::flush).isInstanceOf(UnavailableException.class);
        }
        assertThat(bigQuery.rows(ROWS)).containsExactly("a|1|x");
        assertThat(bigQuery.staging()).hasSize(1);
        long expires = bigQuery.tables.get(bigQuery.staging().get(0)).getExpirationTime();
        assertThat(Instant.ofEpochMilli(expires))
                .isBetween(Instant.now().plusSeconds(23 * 3600), Instant.now().plusSeconds(25 * 3600));
    }

    @Test
    void aMergeThatNobodyWaitedForDoesNotOutliveTheNextRun() throws Exception {
        try (BigQuerySink sink = sink(SHIPPED)) {
            write(sink, event("a", "1", "x"));
            bigQuery.arm(INSERT_JOB, Fault.JOB_WAITS);
            bigQuery.arm("POST .*/cancel", Fault.UNAVAILABLE);
            sink.write(List.of(event("a", "late", "x")));
            assertThatThrownBy(sink::flush)
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("has not ended");
            assertThat(bigQuery.allFired()).isTrue();
        }
        try (BigQuerySink next = sink(SHIPPED)) {
            write(next, event("a", "3", "x"));
        }
        bigQuery.release();
        assertThat(bigQuery.rows(ROWS)).containsExactly("a|3|x");
    }

    @Test
    void keepsWhatItGatheredForAnotherFlush() throws Exception {
        try (BigQuerySink sink = sink(SHIPPED)) {
            for (int i = 0; i < 20; i++) bigQuery.arm("GET .*/datasets/marketing", Fault.UNAVAILABLE);
            sink.write(List.of(event("a", "1", "x")));
            int failures = 0;
            while (!bigQuery.allFired()) {
                assertThatThrownBy(sink::flush).isInstanceOf(UnavailableException.class);
                failures++;
            }
            assertThat(failures).isEqualTo(20);
            sink.flush();
        }
        assertThat(bigQuery.rows(ROWS)).containsExactly("a|1|x");
    }

    @Test
    void saysWhatBigQueryAloneRefuses() throws Exception {
        try (BigQuerySink sink = sink(SHIPPED)) {
            write(sink, event("a", "1", "x"));
            sink.write(List.of(event("b", "refused by BigQuery", "x")));
            assertThatThrownBy(sink::flush)
                    .isInstanceOf(BadRecordException.class)
                    .hasMessageContaining("cannot load: Error while reading data");
            sink.discard();
            write(sink, event("c", "1", "x"));
        }
        assertThat(bigQuery.rows(ROWS)).containsExactly("a|1|x", "c|1|x");
        assertThat(bigQuery.staging()).isEmpty();
    }

    @Test
    void readsKeysPageByPage() {
        try (BigQuerySink sink = sink(SHIPPED)) {
            Record[] many = IntStream.range(0, 3_500)
                    .mapToObj(i -> event("k" + i, "m", "c"))
                    .toArray(Record[]::new);
            write(sink, many);
            assertThat(keys(sink)).doesNotHaveDuplicates().hasSize(3_500);
            assertThat(sink.differing(List.of(many).subList(0, 2_000))).isEmpty();
        }
    }

    /** Key text to column and back: of whatever is written, the table holds exactly the keys that were taken. */
    @ParameterizedTest
    @ValueSource(strings = {"int64", "date", "string"})
    void theKeysOfTheRowsAreThoseOfTheRecordsWhateverTheyLookLike(String type) throws Exception {
        String table = file("{table: k, columns: [{name: record_id, type: " + type + ", key: true}]}");
        try (BigQuerySink sink = sink(table)) {
            List<Record> batch = KeyTexts.all().stream()
                    .map(key -> record(key, Fields.of("record_id"), key))
                    .toList();
            Set<String> taken = new HashSet<>(KeyTexts.all());
            for (Refusal refusal : sink.write(batch))
                taken.remove(refusal.record().key());
            sink.flush();
            assertThat(keys(sink)).containsExactlyInAnyOrderElementsOf(taken);
            assertThat(taken).isNotEmpty();
            List<Record> refused =
                    batch.stream().filter(r -> !taken.contains(r.key())).toList();
            assertThat(sink.differing(refused)).hasSameSizeAs(refused);
            List<Record> deletes = refused.stream().map(r -> gone(r.key())).toList();
            assertThat(sink.differing(deletes)).isEmpty();
            assertThat(sink.write(deletes)).isEmpty();
            sink.flush();
            assertThat(keys(sink)).as("after their deletes").containsExactlyInAnyOrderElementsOf(taken);
        }
    }

    @Test
    void aKeyWhoseCollationTakesTextsForOneAnotherIsRefusedAtTheStart() throws Exception {
        String table = file("{table: c, columns: [{name: record_id, type: string, key: true}]}");
        try (BigQuerySink sink = sink(table)) {
            write(sink, record("a", Fields.of("record_id"), "a"));
        }
        bigQuery.tables.get("c").getSchema().getFields().get(0).setCollation("und:ci");
        try (BigQuerySink sink = sink(table)) {
            sink.write(List.of(record("A", Fields.of("record_id"), "A")));
            assertThatThrownBy(sink::flush)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("table c key column 'record_id' must have no collation, got 'und:ci'");
        }
    }

    @Test
    void aDatasetWhoseDefaultCollationTakesTextsForOneAnotherKeepsKeysApart() throws Exception {
        bigQuery.defaultCollation = "und:ci";
        String table =
                file("{table: ci, columns: [{name: record_id, type: string, key: true}, {name: v, type: string}]}");
        Fields fields = Fields.of("record_id", "v");
        try (BigQuerySink sink = sink(table)) {
            write(sink, record("a", fields, "a", "1"), record("A", fields, "A", "2"));
            assertThat(keys(sink)).containsExactlyInAnyOrder("a", "A");
            write(sink, gone("A"));
            assertThat(keys(sink)).containsExactly("a");
        }
        String wider = file("{table: ci, columns: [{name: record_id, type: string, key: true}, {name: v, type: string},"
                + " {name: w, type: string}]}");
        try (BigQuerySink sink = sink(wider)) {
            write(sink, record("A", Fields.of("record_id", "v", "w"), "A", "2", "3"));
            assertThat(keys(sink)).containsExactlyInAnyOrder("a", "A");
        }
        assertThat(bigQuery.tables.get("ci").getSchema().getFields())
                .allMatch(field -> field.getCollation().isEmpty());
    }

    /** Decimal to column and back: what a column takes is that very number there, and what it would round is refused. */
    @ParameterizedTest
    @CsvSource({"numeric, 9", "bignumeric, 38", "float64, 17", "string, 60"})
    void anyDecimalThatAColumnTakesComesBackAsItIs(String type, int digits) throws Exception {
        String table = file(
                "{table: d, columns: [{name: record_id, type: string, key: true}, {name: n, type: " + type + "}]}");
        Map<String, BigDecimal> numbers = DecimalNumbers.all();
        Fields fields = Fields.of("record_id", "n");
        try (BigQuerySink sink = sink(table)) {
            List<Record> batch = new ArrayList<>();
            numbers.forEach((key, number) -> batch.add(record(key, fields, key, number)));
            Set<String> taken = new HashSet<>(numbers.keySet());
            for (Refusal refusal : sink.write(batch))
                taken.remove(refusal.record().key());
            sink.flush();
            List<Record> kept =
                    batch.stream().filter(r -> taken.contains(r.key())).toList();
            assertThat(sink.differing(kept)).isEmpty();
            List<Record> neighbours = kept.stream()
                    .map(r -> record(r.key(), fields, r.key(), DecimalNumbers.neighbour(numbers.get(r.key()))))
                    .toList();
            assertThat(sink.differing(neighbours)).hasSameSizeAs(neighbours);
            numbers.forEach((key, number) -> {
                boolean fits =
                        switch (type) {
                            case "string" -> true;
                            case "float64" -> number.stripTrailingZeros().precision() <= 15;
                            default ->
                                number.stripTrailingZeros().scale() <= digits
                                        && number.precision() - number.scale() <= (digits == 9 ? 29 : 38);
                        };
                if (fits) assertThat(taken).as("%s", number).contains(key);
                if (number.stripTrailingZeros().precision() > 17 && type.equals("float64")) {
                    assertThat(new BigDecimal(number.doubleValue()).compareTo(number) == 0 || !taken.contains(key))
                            .as("%s", number)
                            .isTrue();
                }
            });
        }
        List<String> held = bigQuery.rows("select record_id, n::text from marketing.d order by 1");
        assertThat(held).isNotEmpty();
        for (String row : held) {
            String[] cells = row.split("\\|");
            assertThat(new BigDecimal(cells[1])).as(row).isEqualByComparingTo(numbers.get(cells[0]));
        }
    }

    @Test
    void uploadsInChunksOfWhichTheLastIsNeverFull() {
        for (long bytes : new long[] {1, 8 << 20, 16 << 20, 33L * 8 << 20, 1L << 30}) {
            assertThat(bytes % StagedMerge.chunkSize(bytes)).as("" + bytes).isNotZero();
            assertThat(StagedMerge.chunkSize(bytes) % (256 * 1024)).isZero();
        }
        try (BigQuerySink sink = sink(SHIPPED)) {
            Record[] large = IntStream.range(0, 10)
                    .mapToObj(i -> event("k" + i, "x".repeat(1_000_000), "c"))
                    .toArray(Record[]::new);
            write(sink, large);
            assertThat(keys(sink)).hasSize(10);
        }
    }

    @Test
    void saysThatTheDatasetMustExist() {
        try (BigQuerySink sink = knownTo(new BigQuerySink(
                "analytics", BigQueryStub.PROJECT, "nowhere", SHIPPED, "", bigQuery.host(), 1, 2_000, 5_000, 0))) {
            assertThat(sink.check())
                    .contains(
                            "analytics: dataset must exist in project test-project, got 'nowhere'; create it where the"
                                    + " data should be, or correct 'project' and 'dataset'");
        }
    }

    @Test
    void namesAllWrongSettings() {
        assertThatThrownBy(
                        () -> new BigQuerySink(" ", "X", "a-b", SHIPPED, "/no/file", "ftp://me:secret@h", 0, 0, 0, -1))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(String.join(
                        System.lineSeparator(),
                        "bigquery-sink: sink must not be blank, got ' '",
                        "bigquery-sink: dataset must be letters, digits and _, got 'a-b'",
                        "bigquery-sink: pauseMillis must be 1 to 60000, got '0'",
                        "bigquery-sink: loadFromBucketKilobytes must be 0 to 2147483647, got '-1'",
                        "bigquery-sink: project must be a project's id, got 'X'",
                        "bigquery-sink: credentialsFile must be a readable JSON file of a service account, got '/no/file'",
                        "bigquery-sink: host must be http(s)://<host>:<port>, got 'another'",
                        "bigquery-sink: connectTimeoutMillis must be 1 to 600000, got '0'",
                        "bigquery-sink: timeoutMillis must be 1 to 86400000, got '0'"));
        assertThatThrownBy(() -> BigQueryTable.parse(
                        "bigquery-sink",
                        "{table: t, columns: [{name: Id, type: json, key: true}, {name: id, type: array<json>},"
                                + " {name: _PARTITIONTIME, type: date}]}"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("column must be named once, got 'id'")
                .hasMessageContaining("must be text, bigint or date because it is a key, got 'json'")
                .hasMessageContaining("got 'array<json>'")
                .hasMessageContaining("column must not begin as BigQuery's own, got '_PARTITIONTIME'");
    }

    @Test
    void theMarkerIsThereUntilTheTableIsEmptiedInAnyWay() throws Exception {
        MarkerContract<BigQuerySink> markers = new MarkerContract<>(
                () -> sink(SHIPPED), List.of(event("a", "1", "x"), event("b", "1", null)), gone("a"));
        markers.keeps();
        assertThat(bigQuery.tables.get("user_data").getSchema().getFields())
                .as("as it was described")
                .hasSize(5);
        bigQuery.dropTable("user_data");
        markers.loses("drop table", () -> bigQuery.dropTable("user_data"));
        bigQuery.dropTable("user_data");
        markers.loses("truncate table", () -> bigQuery.run("truncate table marketing.user_data"));
        bigQuery.dropTable("user_data");
        markers.loses("delete of all rows", () -> bigQuery.run("delete from marketing.user_data where true"));
    }

    @Test
    void aMarkerLeavesOtherLabelsAlone() throws Exception {
        try (BigQuerySink sink = sink(SHIPPED)) {
            write(sink, event("a", "1", "x"));
            bigQuery.tables.get("user_data").setLabels(new HashMap<>(Map.of("team", "sales")));
            sink.mark("p/s", "0".repeat(32));
            bigQuery.run("truncate table marketing.user_data");
            sink.mark("q/s", "1".repeat(32));
            assertThat(bigQuery.tables.get("user_data").getLabels())
                    .hasSize(2)
                    .containsEntry("team", "sales")
                    .containsValue("1".repeat(32));
        }
    }

    private BigQuerySink sink(String table) {
        return knownTo(new BigQuerySink(
                "analytics",
                BigQueryStub.PROJECT,
                BigQueryStub.DATASET,
                table,
                "",
                bigQuery.host(),
                1,
                2_000,
                5_000,
                0));
    }

    private static void write(BigQuerySink sink, Record... batch) {
        assertThat(sink.write(List.of(batch))).isEmpty();
        assertThat(sink.flush()).isEmpty();
    }

    private static List<String> keys(BigQuerySink sink) {
        try (Stream<String> keys = sink.keys()) {
            return keys.toList();
        }
    }

    private static Record event(String id, String message, String campaign) {
        return record(id, EVENT, id, "u1", message, campaign, TIME);
    }

    private static Record gone(String id) {
        return Record.tombstone(id, Fields.of("record_id"), new Object[] {id}, 2);
    }

    private static Record record(String key, Fields fields, Object... values) {
        return Record.read(key, fields, values, new Origin("o", 1), Hash.NONE);
    }

    private static Object[] values(Record record) {
        return IntStream.range(0, record.fields().size()).mapToObj(record::at).toArray();
    }

    private String file(String yaml) {
        try {
            return Files.writeString(Files.createTempFile(folder, "table", ".yaml"), yaml)
                    .toString();
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
