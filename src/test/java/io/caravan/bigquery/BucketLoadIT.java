package io.caravan.bigquery;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.JobConfiguration;
import com.google.cloud.bigquery.LoadJobConfiguration;
import com.google.cloud.bigquery.QueryJobConfiguration;
import io.caravan.Peers;
import io.caravan.object.TestPlace;
import io.caravan.run.RunReport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a bucket (fake-gcs-server) to BigQuery (bqemulator, which runs our SQL itself and reads its gs:// from a folder). */
class BucketLoadIT {

    private static final String HEADER = "id,number,note,price,day,at,fine,ratio\n";

    @TempDir
    Path folder;

    private final String dataset = "things_" + UUID.randomUUID().toString().replace("-", "");
    private final String host = "http://" + Peers.address("bigquery-emulator");
    private final TestPlace bucket = TestPlace.gcs();
    private final BigQuery bigQuery = BigQueryOptions.newBuilder()
            .setProjectId(BigQueryStub.PROJECT)
            .setHost(host)
            .setCredentials(NoCredentials.getInstance())
            .build()
            .getService();
    private Path table;

    @BeforeEach
    void start() throws Exception {
        bigQuery.create(DatasetInfo.of(dataset));
        table = Files.writeString(folder.resolve("things.yaml"), """
                table: things
                columns:
                  - {name: id, type: text, key: true}
                  - {name: text, from: note, type: text}
                  - {name: number, type: int64}
                  - {name: price, type: numeric}
                  - {name: day, type: date}
                  - {name: at, type: timestamp}
                  - {name: fine, type: bool}
                  - {name: ratio, type: float64}
                """);
    }

    @AfterEach
    void noStagingTableIsLeft() {
        assertThat(bigQuery.listTables(dataset).iterateAll())
                .extracting(found -> found.getTableId().getTable())
                .containsExactly("things");
    }

    @Test
    void objectsThatAreNewsAreReadByBigQuery() throws Exception {
        put("a.csv", csv(0, 700));
        put("b.csv", csv(700, 900));
        try (BucketRoute route = route("csv")) {
            RunReport first = route.run();
            assertThat(first.problems()).isEmpty();
            assertThat(first.sinks().get("analytics").written()).isEqualTo(900);
            assertThat(loads()).containsExactly(2);
            assertThat(rows()).isEqualTo(900);
            assertThat(route.verify().problems()).isEmpty();
        }
    }

    @Test
    void linesOfJsonAreReadByTheNamesInThem() throws Exception {
        put(
                "a.jsonl",
                IntStream.range(0, 500)
                        .mapToObj(i -> "{\"number\":%d,\"id\":\"k%d\",\"note\":\"\",\"ratio\":0.1}\n".formatted(i, i))
                        .collect(Collectors.joining()));
        try (BucketRoute route = route("jsonl")) {
            assertThat(route.run().problems()).isEmpty();
            assertThat(loads()).containsExactly(1);
            assertThat(rows()).isEqualTo(500);
            assertThat(route.verify().problems()).isEmpty();
        }
    }

    /** The emulator takes {@code ""} for null, which BigQuery does not. */
    @Test
    void whatBigQueryReadsOtherwiseThanWeDoIsSent() throws Exception {
        put("a.csv", csv(0, 100).replace(",note 7,", ",\"\","));
        try (BucketRoute route = route("csv")) {
            RunReport run = route.run();
            assertThat(run.problems()).isEmpty();
            assertThat(run.sinks().get("analytics").written()).isEqualTo(100);
            assertThat(loads()).containsExactlyInAnyOrder(1, 0);
            assertThat(rows()).isEqualTo(100);
            assertThat(route.verify().problems()).isEmpty();
        }
    }

    /** How many objects each load job read; 0 for rows that were sent, which the emulator calls a file. */
    private List<Integer> loads() {
        return StreamSupport.stream(bigQuery.listJobs().iterateAll().spliterator(), false)
                .map(job -> job.<JobConfiguration>getConfiguration())
                .filter(job -> job instanceof LoadJobConfiguration load
                        && load.getDestinationTable().getDataset().equals(dataset))
                .map(job -> (int) ((LoadJobConfiguration) job)
                        .getSourceUris().stream()
                                .filter(uri -> uri.startsWith(bucket.uri()))
                                .count())
                .toList();
    }

    private long rows() throws Exception {
        return bigQuery.query(QueryJobConfiguration.of("SELECT COUNT(*) FROM `" + dataset + ".things`"))
                .iterateAll()
                .iterator()
                .next()
                .get(0)
                .getLongValue();
    }

    private static String csv(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "k%d,%d,note %d,%d.50,2024-02-29,2024-05-06T07:08:09.12Z,%s,0.%d\n"
                        .formatted(i, i, i, i, i % 2 == 0, i))
                .collect(Collectors.joining("", HEADER, ""));
    }

    private void put(String name, String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        bucket.put(name, bytes);
        String peers = Optional.ofNullable(System.getenv("CARAVAN_PEERS_HOME")).orElse("target/peers");
        Path there = Path.of(peers, "bigquery-emulator", "gcs", bucket.uri().substring("gs://".length()), name);
        Files.createDirectories(there.getParent());
        Files.write(there, bytes);
    }

    private BucketRoute route(String format) throws Exception {
        return new BucketRoute(
                Map.of(
                        "pipeline",
                        "things",
                        "input",
                        bucket.uri(),
                        "endpoint",
                        bucket.settings().get("endpoint"),
                        "keyFields",
                        "id",
                        "format",
                        format),
                "",
                Map.of(
                        "sink",
                        "analytics",
                        "project",
                        BigQueryStub.PROJECT,
                        "dataset",
                        dataset,
                        "table",
                        table.toString(),
                        "host",
                        host,
                        "loadFromBucketKilobytes",
                        "1"));
    }
}
