package io.caravan.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.FaultProxy;
import io.caravan.FaultProxy.Fault;
import io.caravan.FaultProxy.Kind;
import io.caravan.Peers;
import io.caravan.endpoint.TestContext;
import io.caravan.error.UnavailableException;
import io.caravan.http.ApiServer;
import io.caravan.ledger.Await;
import io.caravan.object.ObjectAccess;
import io.caravan.observation.Observations;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
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
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;

/** A state in S3 (S3Proxy) and announcements at SNS (moto), with lost answers. */
@Timeout(120)
class SeriesPeersIT {

    @TempDir
    Path folder;

    @Test
    void aStateInABucketNeverMovesBackAndALostAnswerIsNotALostState() throws Exception {
        String server = Peers.address("s3proxy");
        try (S3Client client = S3Client.builder()
                .endpointOverride(URI.create("http://" + server))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .httpClientBuilder(ApacheHttpClient.builder())
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("caravan", "caravan-secret")))
                .build()) {
            client.createBucket(b -> b.bucket("states"));
        }
        try (FaultProxy proxy = new FaultProxy(server);
                SeriesState state = state(proxy.address());
                SeriesState other = state(server)) {
            assertThat(state.load()).isEmpty();
            LocalDateTime time = LocalDateTime.of(2031, 3, 5, 0, 0);
            for (int i = 0; i < 8; i++) {
                proxy.arm(i % 4, new Fault(i % 2 == 0 ? Kind.DROP_REPLY : Kind.CUT_REPLY, i % 2));
                state.save(Map.of("A", time.plusDays(i), "B", time.minusDays(i)));
                proxy.disarm();
                assertThat(other.load()).isEqualTo(Map.of("A", time.plusDays(i), "B", time));
                other.save(Map.of("A", time));
            }
            assertThat(proxy.fired()).isGreaterThan(3);
        }
    }

    private String key;

    private SeriesState state(String server) {
        if (key == null) key = "state/" + UUID.randomUUID() + ".json";
        ObjectAccess access =
                new ObjectAccess("http://" + server, "us-east-1", "caravan", "caravan-secret", "", "", "", "", 5000);
        return TestContext.knownTo(SeriesState.s3("states", key, access));
    }

    @Test
    void consumersAreToldOfEachVersionOnceUnlessItsAnswerWasLost() throws Exception {
        String moto = Peers.address("moto");
        List<JsonNode> told = new CopyOnWriteArrayList<>();
        try (ApiServer subscriber = new ApiServer(exchange -> {
                    told.add(new ObjectMapper().readTree(exchange.getRequestBody()));
                    ApiServer.answer(exchange, 200, "");
                });
                FaultProxy proxy = new FaultProxy(moto);
                SnsClient client = client(moto)) {
            String arn = client.createTopic(r -> r.name("projections-" + UUID.randomUUID()))
                    .topicArn();
            client.subscribe(s -> s.topicArn(arn).protocol("http").endpoint(subscriber.url("/told")));
            AnnounceSink sink = sink(arn, "http://" + proxy.address());
            assertThat(sink.check()).isEmpty();

            version("v20310305_091012_000007", "", "[\"A/year=2031/month=03/\"]");
            tell(sink);
            Await.until("it is told", Duration.ofSeconds(20), () -> told.size() == 1);
            assertThat(told.get(0).path("Subject").asText()).isEqualTo("projection_update:xx_demo");
            assertThat(told.get(0).path("MessageAttributes").isEmpty()).isTrue();
            assertThat(told.get(0).path("Message").asText())
                    .isEqualTo("{\"event\":\"projection_update\",\"dataset_id\":\"xx_demo\",\"bucket\":\"" + folder
                            + "\",\"version_manifest_path\":"
                            + "\"datasets/xx_demo/versions/v20310305_091012_000007/manifest.json\","
                            + "\"projections_path\":\"datasets/xx_demo/projections/\"}");
            tell(sink); // everything is sent anew, and made no new version
            version("v20310306_091012_000007", "v20310305_091012_000007", "[]");
            tell(sink); // no partition changed
            assertThat(told).hasSize(1);

            version("v20310307_091012_000007", "v20310306_091012_000007", "[\"A/year=2031/month=03/\"]");
            AnnounceSink away = sink(arn, "http://127.0.0.1:1");
            assertThatThrownBy(() -> tell(away)).isInstanceOf(UnavailableException.class);
            proxy.arm(new Fault(Kind.DROP_REPLY, 0));
            tell(sink(arn, "http://" + proxy.address())); // the next run
            Await.until("it is told again", Duration.ofSeconds(20), () -> told.size() >= 2);
            assertThat(told.subList(1, told.size()))
                    .allSatisfy(message -> assertThat(message.path("Message").asText())
                            .contains("versions/v20310307_091012_000007/manifest.json"));
        }
    }

    private AnnounceSink sink(String arn, String sns) {
        return TestContext.knownTo(AnnounceSinks.of(
                "announce", "xx_demo", folder.toString(), arn, sns, "key", "secret", 3000, ObjectAccess.DEFAULT));
    }

    private static void tell(AnnounceSink sink) {
        Object[] values = {"2031-03-05T00:00:00", "A", 1.5, "pct", "D"};
        sink.write(List.of(Record.read("A", Observations.FIELDS, values, new Origin("o", 1))));
        sink.flush();
    }

    private void version(String version, String previous, String partitions) throws Exception {
        Path dataset = folder.resolve("datasets/xx_demo");
        Files.createDirectories(dataset.resolve("versions/" + version));
        Files.createDirectories(dataset.resolve("index"));
        Files.writeString(
                dataset.resolve("versions/" + version + "/manifest.json"),
                "{\"version_id\":\"" + version + "\",\"previous_version\":\"" + previous + "\",\"partitions\":"
                        + partitions + "}",
                StandardCharsets.UTF_8);
        Files.writeString(dataset.resolve("index/current_version.txt"), version);
    }

    private static SnsClient client(String address) {
        return SnsClient.builder()
                .endpointOverride(URI.create("http://" + address))
                .region(Region.US_EAST_1)
                .httpClientBuilder(ApacheHttpClient.builder())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
                .build();
    }
}
