package io.caravan.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.Peers;
import io.caravan.endpoint.EndpointCounts;
import io.caravan.endpoint.TestContext;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.run.MemorySink;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import io.caravan.run.RunRequest;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.aws2.s3.AWS2S3Configuration;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/** Records from an S3 bucket through a real route into a sink. */
class ObjectsPipelineIT {

    private final String bucket = "pipeline-" + UUID.randomUUID();

    private final Endpoint database = TestStores.freshDatabase();
    private final LedgerDataSource ledger = new LedgerDataSource(database.uri(), database.user(), database.password());
    private final MemorySink sink = new MemorySink("memory");
    private final Main main = new Main();
    private final String endpoint = "http://" + Peers.address("s3proxy");
    private final ObjectAccess access =
            ObjectAccess.of(endpoint, "", "caravan", "caravan-secret", "", "", "", "", 10_000);
    private ObjectStore store;

    @BeforeEach
    void start() throws Exception {
        try (S3Client client = S3Clients.of(new AWS2S3Configuration(), access)) {
            client.createBucket(create -> create.bucket(bucket));
        }
        store = TestContext.knownTo(ObjectStores.of("test", "input", "s3://" + bucket, access));
        Properties properties = new Properties();
        properties.setProperty("camel.component.kamelet.no-error-handler", "true");
        main.setDefaultPropertyPlaceholderLocation("false");
        main.setOverrideProperties(properties);
        main.bind("memory", sink);
        main.bind("ledgerDataSource", ledger);
        main.configure().addRoutesBuilder(new RouteBuilder() {
            @Override
            public void configure() {
                route("right", bucket, "caravan-secret");
                route("wrong-bucket", "no-such", "caravan-secret");
                route("wrong-key", bucket, "12345");
                from("kamelet:objects-source?pipeline=copy&input=s3://" + bucket
                                + "&prefix=in/&keyFields=id&accessKey=caravan&secretKey=caravan-secret&endpoint="
                                + endpoint)
                        .routeId("copy")
                        .to("kamelet:objects-sink?output=s3://" + bucket
                                + "&prefix=out/&partitions=1&accessKey=caravan&secretKey=caravan-secret&endpoint="
                                + endpoint);
            }

            private void route(String pipeline, String source, String secret) {
                from("kamelet:objects-source?pipeline=" + pipeline + "&input=s3://" + source
                                + "&prefix=in/&namePattern=*.csv&keyFields=id&retries=0&accessKey=caravan&secretKey="
                                + secret + "&endpoint=" + endpoint)
                        .routeId(pipeline)
                        .to("kamelet:memory-sink?sink=memory");
            }
        });
        main.start();
    }

    @AfterEach
    void stop() throws Exception {
        main.stop();
        ledger.close();
        store.close();
    }

    @Test
    void whatIsInABucketArrivesAndIsNotReadAgain() throws Exception {
        put("in/a.csv", 0, 1500);
        put("in/b.csv", 1500, 3000);
        put("other.csv", 0, 10);
        assertThat(run("right", Mode.CHECK).status()).isEqualTo(Status.SUCCEEDED);

        RunReport first = run("right", Mode.RUN);
        assertThat(first.problems()).isEmpty();
        assertThat(first.recordsRead()).isEqualTo(3000);
        assertThat(sink.held).hasSize(3000);
        assertThat(sink.written).isEqualTo(3000);

        int calls = sink.calls;
        RunReport second = run("right", Mode.RUN);
        assertThat(second.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(second.sinks().get("memory").unchanged()).isEqualTo(3000);
        assertThat(sink.calls).as("nothing is sent").isEqualTo(calls);

        put("in/b.csv", 1500, 2900);
        RunReport third = run("right", Mode.RUN);
        assertThat(third.sinks().get("memory").deleted()).isEqualTo(100);
        assertThat(sink.held).hasSize(2900);
    }

    @Test
    void aRunTalksToItsBucketByTheComponentWithOneClient() throws Exception {
        put("in/a.csv", 0, 1500);
        EndpointCounts counts = EndpointCounts.of(main.getCamelContext());
        assertThat(run("copy", Mode.RUN).problems()).isEmpty();
        // listings by source and sink, an object and a marker put
        assertThat(counts.calls().get("aws2-s3")).isBetween(5L, 20L);
        assertThat(main.getCamelContext().getRegistry().findByTypeWithName(S3Client.class))
                .containsOnlyKeys("s3Client");
        assertThat(HealthCheckRegistry.get(main.getCamelContext())
                        .getCheck("client-s3Client/" + bucket)
                        .orElseThrow()
                        .call()
                        .getState())
                .isEqualTo(HealthCheck.State.UP);
        assertThat(main.getCamelContext().getEndpoints())
                .extracting(Object::toString)
                .noneMatch(uri -> uri.contains("caravan-secret") && uri.contains("aws2-s3"));
    }

    @Test
    void whatIsWrongIsSaidByCheckInOneSentence() throws Exception {
        assertThat(run("wrong-bucket", Mode.CHECK).problems())
                .singleElement()
                .asString()
                .isEqualTo("source: objects-source: input must exist at " + endpoint
                        + ", got 's3://no-such' (404 NoSuchBucket); create it or correct 'input'");
        assertThat(run("wrong-key", Mode.CHECK).problems())
                .singleElement()
                .asString()
                .isEqualTo("source: objects-source: cannot list s3://" + bucket
                        + ": access denied for an access key at " + endpoint
                        + " (403 SignatureDoesNotMatch); grant it the rights it needs, or correct 'accessKey' and"
                        + " 'secretKey'");
    }

    private void put(String name, int from, int to) {
        String text = IntStream.range(from, to)
                .mapToObj(i -> "k" + i + ",text " + i)
                .collect(Collectors.joining("\n", "id,text\n", "\n"));
        store.put(name, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private RunReport run(String pipeline, Mode mode) throws Exception {
        return RunReport.of(main.getCamelTemplate()
                .request("direct:" + pipeline, e -> e.setVariable(RunRequest.VARIABLE, RunRequest.of(mode))));
    }
}
