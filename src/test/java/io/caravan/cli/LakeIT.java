package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.Peers;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What a lake keeps beside its records, and what it looks up, in buckets of a server that speaks S3. */
class LakeIT {

    private static final String FILE = "agency/agency-20/files/staff/2031-02-03/04/data.json";

    private static final String PEOPLE = """
            - route:
                id: look
                from:
                  uri: direct:look
                  steps:
                  - to:
                      uri: kamelet:lookup-action
                      parameters: {uri: "s3://BUCKET", prefix: departments, endpoint: "SERVER", accessKey: caravan, secretKey: secret, keyFields: dept, referenceKey: code, fields: "dept_name=name"}
            - route:
                id: people
                from:
                  uri: kamelet:objects-source
                  parameters: {pipeline: people, input: "s3://BUCKET", prefix: people, endpoint: "SERVER", accessKey: caravan, secretKey: secret, format: csv, keyFields: id, prepare: direct:look}
                  steps:
                  - to:
                      uri: kamelet:objects-sink
                      parameters: {sink: out, output: "s3://BUCKET", prefix: out/, endpoint: "SERVER", accessKey: caravan, secretKey: secret, format: jsonl, compression: none, partitions: 1}
            """;

    private final String bucket = "lake-" + UUID.randomUUID();
    private final String server = "http://" + Peers.address("moto");
    private final S3Client client = S3Client.builder()
            .endpointOverride(URI.create(server))
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("caravan", "secret")))
            .build();

    @TempDir
    Path folder;

    private UserProject project;

    @BeforeEach
    void aBucket() throws IOException {
        client.createBucket(create -> create.bucket(bucket));
        Endpoint database = TestStores.freshDatabase();
        project = new UserProject(folder);
        project.write(
                "routes/people.camel.yaml", PEOPLE.replace("BUCKET", bucket).replace("SERVER", server));
        project.settings(Map.of(
                "caravan.ledger.uri",
                database.uri(),
                "caravan.ledger.user",
                database.user(),
                "caravan.ledger.password",
                database.password(),
                "caravan.objects.endpoint",
                server,
                "caravan.objects.accessKey",
                "caravan",
                "caravan.objects.secretKey",
                "secret",
                "caravan.silver.input",
                "s3://" + bucket,
                "caravan.silver.output",
                "s3://" + bucket + "-silver"));
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void refusedRowsManifestsAndReportsAreObjectsOnceAndNoData() throws IOException {
        client.createBucket(create -> create.bucket(bucket + "-silver"));
        put(FILE, Files.readString(Path.of("samples/lake/bronze").resolve(FILE)));

        for (int run = 1; run <= 2; run++) {
            assertThat(project.cli("run", "bronze-to-silver", "--agency", "agency-20", "--json"))
                    .as("%s", project.err())
                    .isEqualTo(3);
            assertThat(project.json().findValue("written").asInt()).isEqualTo(run == 1 ? 38 : 0);
            List<String> kept = names(bucket + "-silver");
            assertThat(kept)
                    .filteredOn(name -> name.startsWith("quarantine/"))
                    .singleElement()
                    .asString()
                    .matches("quarantine/" + FILE + "\\.silver\\.agency-20\\.[0-9a-f]{16}\\.jsonl");
            assertThat(text(bucket + "-silver", kept.get(0)).lines())
                    .hasSize(2)
                    .allMatch(line -> line.contains("apply-schema-action"));
            assertThat(kept)
                    .filteredOn(name -> name.contains("_caravan-runs/"))
                    .singleElement()
                    .satisfies(
                            name -> assertThat(text(bucket + "-silver", name)).contains("\"records\":38"));
        }
        assertThat(project.cli("verify", "silver[agency-20]"))
                .as("%s", project.err())
                .isZero();

        assertThat(project.cli(
                        "run",
                        "check-quality",
                        "--",
                        "--object",
                        "s3://" + bucket + "/" + FILE,
                        "--schema",
                        Path.of("routes/lake/schemas/staff.yaml")
                                .toAbsolutePath()
                                .toString(),
                        "--reports",
                        "s3://" + bucket + "/quality"))
                .as("%s", project.err())
                .isZero();
        assertThat(names(bucket))
                .contains("quality/agency-20/staff/2031-02-03T04.html", "quality/agency-20/staff/2031-02-03T04.json");
    }

    @Test
    void recordsAreLookedUpInAnObjectAndSentAgainWhenItChanges() throws IOException {
        put("people.csv", "id,dept\n1,a\n2,b\n");
        put("departments.csv", "code,name\na,Arts\nb,Books\n");
        assertThat(project.cli("run", "people")).as("%s", project.err()).isZero();
        put("departments.csv", "code,name\na,Arts\nb,Binding\n");
        assertThat(project.cli("run", "people", "--json"))
                .as("%s", project.err())
                .isZero();
        assertThat(project.json().findValue("written").asInt()).isEqualTo(1);
        assertThat(text(bucket, "out/part-00000-of-00001.jsonl").lines())
                .containsExactly(
                        "{\"_key\":\"1\",\"id\":\"1\",\"dept\":\"a\",\"dept_name\":\"Arts\"}",
                        "{\"_key\":\"2\",\"id\":\"2\",\"dept\":\"b\",\"dept_name\":\"Binding\"}");
    }

    private void put(String key, String text) {
        client.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromString(text));
    }

    private List<String> names(String in) {
        return client.listObjectsV2(list -> list.bucket(in)).contents().stream()
                .map(S3Object::key)
                .sorted()
                .toList();
    }

    private String text(String in, String key) {
        return client.getObjectAsBytes(get -> get.bucket(in).key(key)).asUtf8String();
    }
}
