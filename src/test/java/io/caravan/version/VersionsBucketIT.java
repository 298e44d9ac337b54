package io.caravan.version;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.Peers;
import io.caravan.SideBySide;
import io.caravan.endpoint.TestContext;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectStore;
import io.caravan.object.ObjectStores;
import io.caravan.object.TestPlace;
import io.caravan.record.Record;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Versions in a bucket of moto, which lets one writer win; S3Proxy does not when an object is replaced. */
class VersionsBucketIT {

    private static final String DAY = "2031-03-04T00:00:00-03:00";
    private static final String APRIL = "2031-04-01T00:00:00-03:00";

    private final String bucket = "caravan-" + UUID.randomUUID();

    @BeforeEach
    void makeBucket() {
        try (S3Client client = S3Client.builder()
                .endpointOverride(URI.create("http://" + Peers.address("moto")))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("caravan", "caravan-secret")))
                .build()) {
            client.createBucket(create -> create.bucket(bucket));
        }
    }

    @Test
    void fourWritersMakeOneLineOfVersions() throws Exception {
        int writers = 4;
        int rounds = 3;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        List<Future<?>> work = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            String series = "W" + w;
            work.add(threads.submit(() -> {
                for (int i = 1; i <= rounds; i++) {
                    publish(Rates.point(series, DAY, i), Rates.point(series, APRIL, i));
                }
            }));
        }
        for (Future<?> writer : work) writer.get();
        threads.shutdown();
        ObjectStore store = store();
        Map<String, String> wanted = new TreeMap<>();
        for (int w = 0; w < writers; w++) {
            wanted.put("W" + w + "|" + DAY, rounds + ".0");
            wanted.put("W" + w + "|" + APRIL, rounds + ".0");
        }
        assertThat(Rates.history(store)).isEqualTo(wanted);
        assertThat(Rates.projected(store)).isEqualTo(wanted);
        Versions versions = Rates.versions(store);
        assertThat(versions.list()).hasSize(writers * rounds);
        assertThat(versions.gc(1, false)).isNotEmpty();
        assertThat(Rates.history(store)).isEqualTo(wanted);
    }

    /** Every write on moto; of the others each takes a third of them, or all with {@code -Dcaravan.test.crashes=all}. */
    @Test
    void aCrashAtAnyWriteOfABucketShowsTheOldOrTheNewVersionAndTheNextRunFinishes() throws Exception {
        boolean all = System.getProperty("caravan.test.crashes", "").equals("all");
        List<String> servers = List.of("s3proxy", "azurite", "fake-gcs-server", "moto");
        SideBySide.all(servers.size(), one -> {
            String server = servers.get(one);
            boolean whole = all || server.equals("moto");
            int crashes =
                    Crashes.prove(point -> place(server).store(), whole ? 0 : one, whole ? 1 : servers.size() - 1);
            System.out.println("VersionsBucketIT: " + server + ": " + crashes + " crashes, before and after a write");
            assertThat(crashes).as(server).isGreaterThan(whole ? 30 : 9);
        });
    }

    private static TestPlace place(String server) {
        return switch (server) {
            case "azurite" -> TestPlace.azure();
            case "fake-gcs-server" -> TestPlace.gcs();
            default -> TestPlace.s3(server);
        };
    }

    private void publish(Record... points) {
        VersionsSink sink = Rates.sink(store());
        assertThat(sink.write(List.of(points))).isEmpty();
        sink.flush();
    }

    private ObjectStore store() {
        ObjectAccess access = ObjectAccess.of(
                "http://" + Peers.address("moto"), "", "caravan", "caravan-secret", "", "", "", "", 10_000);
        return TestContext.knownTo(ObjectStores.of("test", "output", "s3://" + bucket, access));
    }
}
