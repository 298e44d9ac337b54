package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import io.caravan.Peers;
import io.caravan.dynamodb.LockTables;
import io.caravan.http.ApiServer;
import io.caravan.ledger.Await;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.object.Glob;
import io.caravan.object.ObjectStore;
import io.caravan.object.StoredObject;
import io.caravan.object.TestPlace;
import io.caravan.observation.SeriesBooks;
import io.caravan.source.SourceObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sns.SnsClient;

/**
 * The files of the two datasets that ship, with a lock added, from the command line: versions in a bucket, announcements at SNS and a lock
 * in DynamoDB (both moto). On Azure and Google, whose buckets VersionsBucketIT tries, the smaller one.
 */
@Timeout(300)
class DatasetPeersIT {

    private static final String DAILY = "bcra_infomondia_series";
    private static final String MONTHLY = "indec_ipc";
    private static final LocalDate FIRST = LocalDate.of(2031, 1, 1);
    private static final int SERIES = 17;
    private static final int DAYS = 15;
    private static final int MONTHS = 6;

    @TempDir
    Path folder;

    private final List<JsonNode> told = new CopyOnWriteArrayList<>();
    private volatile byte[] daily;
    private volatile byte[] monthly;
    private UserProject project;

    @Test
    void bothRunOnS3ThatHoldsAllConditions() throws Exception {
        run(TestPlace.s3("moto"), DAILY, MONTHLY);
    }

    /** Its If-None-Match holds; its If-Match looks first and writes later, which a single writer does not notice. */
    @Test
    void bothRunOnS3ThatHoldsAbsenceOnly() throws Exception {
        run(TestPlace.s3("s3proxy"), DAILY, MONTHLY);
    }

    /** Azure's ETags, which azurite holds, for absence and for what was read. */
    @Test
    void oneRunsOnAzureBlobs() throws Exception {
        run(TestPlace.azure(), MONTHLY);
    }

    /** Generations of Google Cloud Storage, which fake-gcs-server holds, 0 for absence. */
    @Test
    void oneRunsOnGoogleCloudStorage() throws Exception {
        run(TestPlace.gcs(), MONTHLY);
    }

    private void run(TestPlace place, String... datasets) throws Exception {
        daily = daily(DAYS);
        monthly = monthly(MONTHS);
        String moto = Peers.address("moto");
        String table = "locks-" + UUID.randomUUID();
        try (ApiServer server = new ApiServer(this::answer);
                SnsClient sns = sns(moto);
                LockTables locks = new LockTables(moto, table).create("lock_key")) {
            String topic =
                    sns.createTopic(r -> r.name("told-" + UUID.randomUUID())).topicArn();
            sns.subscribe(s -> s.topicArn(topic).protocol("http").endpoint(server.url("/told")));
            project = project(place, server, topic, table);

            String first = datasets[0];
            assertThat(locks.referenceAcquires("etl:" + first, 300)).isTrue();
            int busy = project.cli("run", first);
            assertThat(busy)
                    .as("the reference system holds the lock: %s", project.err())
                    .isEqualTo(4);
            assertThat(objects(place)).isEmpty();
            locks.referenceReleases("etl:" + first);

            List<String> announced = new ArrayList<>();
            // the 9th row has no values, the 11th "n/d"
            Map<String, Integer> points = Map.of(DAILY, SERIES * (DAYS - 2), MONTHLY, 2 * (MONTHS - 1));
            for (String dataset : datasets) {
                run(place, locks, dataset, points.get(dataset));
                announced.add(dataset + " " + current(place, dataset));
            }
            assertThat(messages(announced.size())).isEqualTo(announced);
            List<String> published = objects(place);

            for (String dataset : datasets) run(place, locks, dataset, 0);
            assertThat(objects(place)).as("nothing was written").isEqualTo(published);

            daily = daily(DAYS + 1);
            monthly = monthly(MONTHS + 1);
            Map<String, Integer> all = Map.of(DAILY, SERIES * (DAYS - 1), MONTHLY, 2 * MONTHS);
            for (String dataset : datasets) {
                run(place, locks, dataset, all.get(dataset) - points.get(dataset));
                announced.add(dataset + " " + current(place, dataset));
                assertThat(foreign(place, dataset)).hasSize(all.get(dataset));
            }
            assertThat(messages(announced.size()))
                    .as("none of the run without news")
                    .isEqualTo(announced);
        }
    }

    private void run(TestPlace place, LockTables locks, String dataset, int points) throws IOException {
        long token = token(locks, dataset);
        int exit = project.cli("run", dataset, "--json");
        assertThat(exit).as("%s %s", project.out(), project.err()).isZero();
        assertThat(project.json().at("/sinks/versions/written").asInt())
                .as("%s on %s: %s", dataset, place.name(), project.out())
                .isEqualTo(points);
        assertThat(token(locks, dataset)).isGreaterThan(token);
        assertThat(locks.number("etl:" + dataset, "expiration_time"))
                .as("given back")
                .isEqualTo("0");
    }

    private static long token(LockTables locks, String dataset) {
        String token = locks.number("etl:" + dataset, "fencing_token");
        return token.isEmpty() ? 0 : Long.parseLong(token);
    }

    /** A user's folder with the files that ship, moved as they are but for the lock and, on S3, one state. */
    private UserProject project(TestPlace place, ApiServer server, String topic, String table) throws IOException {
        UserProject made = new UserProject(folder);
        for (String dataset : List.of(DAILY, MONTHLY)) {
            String shipped = Files.readString(Path.of("routes/series/datasets", dataset + ".yaml"));
            assertThat(shipped).contains("lock: null");
            String lock = "lock: {kind: dynamodb, table_name: " + table + ", region_name: us-east-1,"
                    + " aws_access_key_id: key, aws_secret_access_key: secret, timeout_seconds: 60}\n";
            String state = dataset.equals(MONTHLY) && place.uri().startsWith("s3://")
                    ? "state: {kind: s3, bucket: " + place.uri().substring(5) + ", key: state/ipc.json}\n"
                    : "";
            made.write("config/datasets/" + dataset + ".yml", shipped.replace("lock: null\n", lock + state));
        }
        Endpoint ledger = TestStores.freshDatabase();
        Map<String, String> settings = new HashMap<>();
        settings.put("caravan.objects.accessKey", "caravan");
        settings.put("caravan.objects.secretKey", "caravan-secret");
        place.settings().forEach((name, value) -> settings.put("caravan.objects." + name, value));
        settings.put("caravan.ledger.uri", ledger.uri());
        settings.put("caravan.ledger.user", ledger.user());
        settings.put("caravan.ledger.password", ledger.password());
        settings.put("caravan.series.output", place.uri());
        settings.put("caravan.series.topicArn", topic);
        settings.put("caravan.series.snsEndpoint", "http://" + Peers.address("moto"));
        settings.put("caravan.series.dynamodbEndpoint", "http://" + Peers.address("moto"));
        settings.put("caravan." + DAILY + ".url", server.url("/series.xlsm"));
        settings.put("caravan." + MONTHLY + ".urlTemplate", server.url("/ipc_{MM}_{YY}.xls"));
        made.settings(settings);
        return made;
    }

    /** The monthly file of this month is not there yet. */
    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        LocalDate before =
                LocalDate.now(ZoneId.of("America/Argentina/Buenos_Aires")).minusMonths(1);
        if (path.equals("/told")) {
            told.add(new ObjectMapper().readTree(exchange.getRequestBody()));
            ApiServer.answer(exchange, 200, "");
        } else if (path.equals("/series.xlsm")) {
            file(exchange, daily);
        } else if (path.equals("/ipc_" + DateTimeFormatter.ofPattern("MM_yy").format(before) + ".xls")) {
            file(exchange, monthly);
        } else {
            exchange.sendResponseHeaders(404, -1);
        }
    }

    private static void file(HttpExchange exchange, byte[] bytes) throws IOException {
        String etag = "\"" + Arrays.hashCode(bytes) + "\"";
        exchange.getResponseHeaders().add("ETag", etag);
        if (etag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            exchange.sendResponseHeaders(304, -1);
            return;
        }
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Dataset and version of each message, in their order. */
    private List<String> messages(int count) throws IOException {
        Await.until("all is told that was sent", Duration.ofSeconds(10), () -> told.size() >= count);
        ObjectMapper json = new ObjectMapper();
        List<String> all = new ArrayList<>();
        for (JsonNode one : told) {
            JsonNode message = json.readTree(one.path("Message").asText());
            String dataset = message.path("dataset_id").asText();
            assertThat(one.path("Subject").asText()).isEqualTo("projection_update:" + dataset);
            all.add(dataset + " "
                    + message.path("version_manifest_path").asText().split("/")[3]);
        }
        return all;
    }

    private static String current(TestPlace place, String dataset) {
        ObjectStore store = place.store();
        StoredObject pointer = store.read("datasets/" + dataset + "/index/current_version.txt", 100)
                .orElseThrow();
        store.close();
        return new String(pointer.bytes(), StandardCharsets.UTF_8);
    }

    private static List<String> objects(TestPlace place) {
        ObjectStore store = place.store();
        List<String> names = new ArrayList<>();
        store.list("datasets/", new Glob("*")).forEachRemaining(o -> names.add(o.name() + " " + o.etag()));
        store.close();
        return names;
    }

    /** The points that peers/series-reader.py reads, which knows nothing of us, from a copy of the bucket. */
    private List<String> foreign(TestPlace place, String dataset) throws Exception {
        Path copy = Files.createTempDirectory(folder, "copy");
        ObjectStore store = place.store();
        for (Iterator<SourceObject> all = store.list("datasets/" + dataset + "/", new Glob("*")); all.hasNext(); ) {
            SourceObject object = all.next();
            Path file = copy.resolve(object.name());
            Files.createDirectories(file.getParent());
            try (InputStream in = store.open(object)) {
                Files.copy(in, file);
            }
        }
        store.close();
        Process process = new ProcessBuilder("python3", "peers/series-reader.py", "read", copy.toString(), dataset)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said.lines().toList();
    }

    private static byte[] daily(int days) throws IOException {
        ByteArrayOutputStream book = new ByteArrayOutputStream();
        SeriesBooks.daily(book, FIRST, days, 1);
        return book.toByteArray();
    }

    private static byte[] monthly(int months) throws IOException {
        ByteArrayOutputStream book = new ByteArrayOutputStream();
        SeriesBooks.monthly(book, FIRST, months);
        return book.toByteArray();
    }

    private static SnsClient sns(String address) {
        return SnsClient.builder()
                .endpointOverride(URI.create("http://" + address))
                .region(Region.US_EAST_1)
                .httpClientBuilder(ApacheHttpClient.builder())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .build();
    }
}
