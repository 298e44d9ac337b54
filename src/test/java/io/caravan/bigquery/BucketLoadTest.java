package io.caravan.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.bigquery.model.JobConfigurationLoad;
import io.caravan.bigquery.BigQueryStub.Fault;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Objects in a bucket that BigQuery loads by itself, run after run, on stubs of both. */
@Timeout(60)
class BucketLoadTest {

    private static final String LONG = "long".repeat(500);
    private static final String ROWS = "select id, number, text from marketing.things order by 1";

    @TempDir
    Path folder;

    private BigQueryStub bigQuery;
    private GcsStub bucket;
    private Path table;

    @BeforeEach
    void start() throws Exception {
        bigQuery = new BigQueryStub();
        bucket = new GcsStub();
        table = Files.writeString(folder.resolve("things.yaml"), """
                table: things
                columns:
                  - {name: id, type: text, key: true}
                  - {name: text, from: note, type: text}
                  - {name: number, type: int64}
                  - {name: price, type: numeric}
                  - {name: day, type: date}
                  - {name: at, type: timestamp}
                  - {name: local, type: datetime}
                  - {name: fine, type: bool}
                """);
    }

    @AfterEach
    void stop() {
        bigQuery.close();
        bucket.close();
        assertThat(bigQuery.problems).isEmpty();
        assertThat(bigQuery.staging()).isEmpty();
    }

    @Test
    void objectsThatAreNewsAreReadByBigQueryAndNothingOfThemIsSent() throws Exception {
        put("a.csv", csv(0, 700));
        put("b/c.csv", csv(700, 900));
        try (BucketRoute route = route("csv", "", 1)) {
            RunReport first = route.run();
            assertThat(first.problems()).isEmpty();
            assertThat(first.sinks().get("analytics").written()).isEqualTo(900);
            assertThat(loads()).singleElement().satisfies(load -> assertThat(load.getSourceUris())
                    .containsExactly("gs://things/a.csv", "gs://things/b/c.csv"));
            assertThat(bigQuery.uploaded).hasValue(0);
            assertThat(bigQuery.merges()).isEqualTo(1);
            assertThat(bigQuery.rows(ROWS)).hasSize(900).contains("k7|7|note 7", "k899|899|note 899");
            assertThat(route.verify().problems()).isEmpty();

            long jobs = bigQuery.jobs.size();
            assertThat(route.run().sinks().get("analytics").unchanged()).isEqualTo(900);
            assertThat(bigQuery.jobs).as("nothing is news").hasSize((int) jobs);
        }
    }

    @Test
    void whatIsNewsInPartIsSentBesideWhatBigQueryReadsAndOneMergeTakesBoth() throws Exception {
        put("a.csv", csv(0, 700));
        put("b.csv", csv(700, 900));
        try (BucketRoute route = route("csv", "", 1)) {
            route.run();
            put("a.csv", csv(0, 699).replace("note 7,", "changed,"));
            put("c.csv", csv(900, 1000));
            RunReport second = route.run();
            assertThat(second.problems()).isEmpty();
            assertThat(second.sinks().get("analytics").written()).isEqualTo(101);
            assertThat(second.sinks().get("analytics").deleted()).isEqualTo(1);
            assertThat(loads()).hasSize(3).anySatisfy(load -> assertThat(load.getSourceUris())
                    .containsExactly("gs://things/c.csv"));
            assertThat(bigQuery.uploaded).hasValueBetween(100, 1_000);
            assertThat(bigQuery.merges()).isEqualTo(2);
            assertThat(bigQuery.rows(ROWS)).hasSize(999).contains("k7|7|changed", "k950|950|note 950");
            assertThat(route.verify().problems()).isEmpty();
        }
    }

    @Test
    void quotesLineBreaksEmptyTextsAndNullsArriveAsTheyWereRead() throws Exception {
        put(
                "a.csv",
                HEADER + "\"a\nb\",1,\"it's \"\"fine\"\", ü\u2028\ud83d\ude00\",0.10,,,,,unknown\n"
                        + "b,,\"\",-5,0001-01-01,1969-12-31T23:59:59.999999Z,9999-12-31T00:00:00,false,\n"
                        + "z,," + LONG + ",,,,,,\n"
                        + "c,-1,,99999999999999999999999999999.000000001,2024-02-29,2024-05-06T09:08:09+02:00,"
                        + "2024-01-02T03:04:05.000006,true,x\n");
        try (BucketRoute route = route("csv", "", 1)) {
            assertThat(route.run().problems()).isEmpty();
            assertThat(route.letters()).isEmpty();
            assertThat(bigQuery.uploaded).hasValue(0);
            assertThat(bigQuery.rows("select id, text, price, day, at at time zone 'UTC', fine from marketing.things"
                            + " where id <> 'z' order by 1"))
                    .containsExactly(
                            "a\nb|it's \"fine\", ü\u2028\ud83d\ude00|0.100000000|-|-|-",
                            "b||-5.000000000|0001-01-01|1969-12-31 23:59:59.999999|f",
                            "c|-|99999999999999999999999999999.000000001|2024-02-29|2024-05-06 07:08:09|t");
            assertThat(route.verify().problems()).isEmpty();
        }
    }

    @Test
    void linesOfJsonAreReadByTheNamesInThem() throws Exception {
        put(
                "a.jsonl",
                "{\"id\":\"a\",\"number\":1,\"note\":\"x\",\"other\":{\"n\":[1]}}\n{\"note\":null,\"id\":\"b\"}\n"
                        + "{\"id\":\"c\",\"note\":\"" + LONG + "\"}\n");
        try (BucketRoute route = route("jsonl", "", 1)) {
            assertThat(route.run().problems()).isEmpty();
            assertThat(bigQuery.uploaded).hasValue(0);
            assertThat(bigQuery.rows(ROWS)).containsExactly("a|1|x", "b|-|-", "c|-|" + LONG);
            assertThat(route.verify().problems()).isEmpty();
        }
    }

    @Test
    void anObjectThatIsAnotherOneWhenBigQueryReadsItIsSentAsItWasHashed() throws Exception {
        put("a.csv", csv(0, 100));
        bigQuery.objects.put("gs://things/a.csv", csv(0, 100).replace("note 7,", "later,"));
        assertThatAllIsSent("k7|7|note 7");
    }

    @Test
    void anObjectWithFewerRowsWhenBigQueryReadsItIsSentAsItWasHashed() throws Exception {
        put("a.csv", csv(0, 100));
        bigQuery.objects.put("gs://things/a.csv", csv(0, 99));
        assertThatAllIsSent("k99|99|note 99");
    }

    @Test
    void whatBigQueryMayNotReadOrCannotParseIsSent() throws Exception {
        put("a.csv", csv(0, 100));
        bigQuery.objects.clear();
        assertThatAllIsSent("k7|7|note 7");
    }

    @Test
    void oneRefusedRecordIsADeadLetterWithItsReasonAndTheOthersOfItsObjectAreSent() throws Exception {
        put("a.csv", csv(0, 100).replace("k7,7,", "k7,seven,"));
        put("b.csv", csv(100, 200));
        try (BucketRoute route = route("csv", "", 1)) {
            RunReport run = route.run();
            assertThat(run.status()).isEqualTo(Status.PARTIAL);
            assertThat(run.sinks().get("analytics").written()).isEqualTo(199);
            assertThat(run.sinks().get("analytics").dead()).isEqualTo(1);
            assertThat(route.letters())
                    .containsExactly("analytics: column 'number' must hold a whole number of 64 bits, got 'seven'");
            assertThat(loads().stream().map(JobConfigurationLoad::getSourceUris).filter(Objects::nonNull))
                    .containsExactly(List.of("gs://things/b.csv"));
            assertThat(bigQuery.rows(ROWS)).hasSize(199).noneMatch(row -> row.startsWith("k7|"));
        }
    }

    @Test
    void recordsThatAStepChangesAreSent() throws Exception {
        put("a.csv", csv(0, 100));
        try (BucketRoute route = route("csv", "kamelet:convert-types-action?types=at=timestamp", 1)) {
            assertThat(route.run().problems()).isEmpty();
            assertThatNothingIsReadByBigQuery();
            assertThat(bigQuery.rows(ROWS)).hasSize(100);
        }
    }

    @Test
    void onlyLargeObjectsOfPlainNamesAreReadByBigQueryAndNoneUnlessItIsSetSo() throws Exception {
        put("every*.csv", csv(0, 100));
        put("a.csv", csv(100, 200));
        try (BucketRoute off = route("csv", "", 0);
                BucketRoute large = route("csv", "", 20)) {
            assertThat(off.run().problems()).isEmpty();
            assertThat(large.run().problems()).isEmpty();
            assertThatNothingIsReadByBigQuery();
        }
        try (BucketRoute route = route("csv", "", 1)) {
            assertThat(route.run().problems()).isEmpty();
            assertThat(loads().stream().map(JobConfigurationLoad::getSourceUris).filter(Objects::nonNull))
                    .containsExactly(List.of("gs://things/a.csv"));
            assertThat(bigQuery.rows(ROWS)).hasSize(200);
        }
    }

    /** {@code 01} and {@code 1} are two keys of the source; BigQuery by itself would read one. */
    @Test
    void aKeyThatIsNotWrittenAsItsColumnWritesItIsRefusedAndItsObjectIsSent() throws Exception {
        Files.writeString(
                table,
                "table: things\ncolumns:\n  - {name: number, from: id, type: int64, key: true}\n"
                        + "  - {name: text, from: note, type: text}\n");
        put("a.csv", "id,note\n1,first\n01,second\n");
        try (BucketRoute route = route("csv", "", 1)) {
            assertThat(route.run().problems()).isEmpty();
            assertThatNothingIsReadByBigQuery();
            assertThat(bigQuery.rows("select number, text from marketing.things"))
                    .containsExactly("1|first");
        }
    }

    @Test
    void aLostReplyLoadsAndMergesNothingTwice() throws Exception {
        put("a.csv", csv(0, 100));
        for (int i = 0; i < 3; i++) bigQuery.arm("POST /bigquery/.*/jobs", Fault.REPLY_LOST);
        try (BucketRoute route = route("csv", "", 1)) {
            assertThat(route.run().problems()).isEmpty();
            assertThat(bigQuery.allFired()).isTrue();
            assertThat(loads()).hasSize(1);
            assertThat(bigQuery.merges()).isEqualTo(1);
            assertThat(bigQuery.rows(ROWS)).hasSize(100);
        }
    }

    private void assertThatAllIsSent(String row) throws Exception {
        try (BucketRoute route = route("csv", "", 1)) {
            RunReport run = route.run();
            assertThat(run.problems()).isEmpty();
            assertThat(run.sinks().get("analytics").written()).isEqualTo(100);
            assertThat(loads().stream().map(JobConfigurationLoad::getSourceUris))
                    .containsExactlyInAnyOrder(List.of("gs://things/a.csv"), null);
            assertThat(bigQuery.merges()).isEqualTo(1);
            assertThat(bigQuery.rows(ROWS)).hasSize(100).contains(row);
            assertThat(route.verify().problems()).isEmpty();
        }
    }

    private void assertThatNothingIsReadByBigQuery() {
        assertThat(loads()).isNotEmpty().allMatch(load -> load.getSourceUris() == null);
    }

    private List<JobConfigurationLoad> loads() {
        return bigQuery.jobs.values().stream()
                .map(job -> job.getConfiguration().getLoad())
                .filter(Objects::nonNull)
                .toList();
    }

    private static final String HEADER = "id,number,note,price,day,at,local,fine,other\n";

    private static String csv(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "k%d,%d,note %d,%d.50,2024-02-29,2024-05-06T07:08:09.12Z,2024-05-06T07:08:09,true,more\n"
                        .formatted(i, i, i, i))
                .collect(Collectors.joining("", HEADER, ""));
    }

    private void put(String name, String text) {
        bucket.objects.put(name, text);
        bigQuery.objects.put("gs://things/" + name, text);
    }

    private BucketRoute route(String format, String step, int kilobytes) throws Exception {
        Map<String, String> sink = new HashMap<>(
                Map.of("project", BigQueryStub.PROJECT, "dataset", BigQueryStub.DATASET, "table", table.toString()));
        sink.putAll(Map.of("sink", "analytics", "host", bigQuery.host(), "pauseMillis", "1"));
        sink.put("loadFromBucketKilobytes", Integer.toString(kilobytes));
        return new BucketRoute(
                Map.of(
                        "pipeline",
                        "things",
                        "input",
                        "gs://things",
                        "endpoint",
                        bucket.endpoint(),
                        "keyFields",
                        "id",
                        "format",
                        format),
                step,
                sink);
    }
}
