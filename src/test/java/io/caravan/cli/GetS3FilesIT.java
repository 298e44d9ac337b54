package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.Peers;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
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

/** The job between two buckets of a server that speaks S3, from the command line to its exit codes. */
class GetS3FilesIT {

    private final String from = "landing-" + UUID.randomUUID();
    private final String to = "bronze-" + UUID.randomUUID();
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
    void twoBuckets() throws IOException {
        client.createBucket(create -> create.bucket(from));
        client.createBucket(create -> create.bucket(to));
        project = new UserProject(folder);
        project.write("application.properties", "");
        project.settings(Map.of(
                "caravan.objects.endpoint", server,
                "caravan.objects.accessKey", "caravan",
                "caravan.objects.secretKey", "secret"));
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void whatIsNewIsCopiedByTheServerAndWhatCannotBeIsPartial() throws IOException {
        for (int i = 0; i < 20; i++) put("agency/agency-10/files/staff/2031-02-03/04/data" + i + ".csv", "id\n" + i);
        put("agency/agency-11/files/staff/2031-02-03/04/data.csv", "another's");

        assertThat(run()).as("%s", project.err()).isZero();
        assertThat(project.json().path("counts").toString()).isEqualTo("{\"copied\":20,\"unchanged\":0,\"failed\":0}");
        assertThat(text(to, "agency/agency-10/files/staff/2031-02-03/04/data7.csv"))
                .isEqualTo("id\n7");
        assertThat(client.listObjectsV2(list -> list.bucket(to).prefix("agency/agency-11"))
                        .contents())
                .isEmpty();
        assertThat(run()).isZero();
        assertThat(project.json().path("counts").toString()).isEqualTo("{\"copied\":0,\"unchanged\":20,\"failed\":0}");

        put("agency/agency-10/files/staff/2031-02-03/04/data7.csv", "id\nchanged");
        put("agency/agency-10/files//lost.csv", "no store's name but this one's");
        assertThat(run()).isEqualTo(3);
        assertThat(project.json().path("counts").toString()).isEqualTo("{\"copied\":1,\"unchanged\":19,\"failed\":1}");
        assertThat(project.err()).singleElement().asString().contains("agency/agency-10/files//lost.csv");
        assertThat(text(to, "agency/agency-10/files/staff/2031-02-03/04/data7.csv"))
                .isEqualTo("id\nchanged");

        assertThat(project.cli(
                        "get-s3-files",
                        "--agency-id",
                        "10",
                        "--source-bucket",
                        from,
                        "--destination-bucket",
                        "nowhere"))
                .isEqualTo(2);
        assertThat(project.err()).singleElement().asString().contains("s3://nowhere");
    }

    private int run() {
        return project.cli(
                "run",
                "get-s3-files",
                "--json",
                "--",
                "--agency-id",
                "10",
                "--source-bucket",
                from,
                "--destination-bucket",
                to);
    }

    private void put(String key, String text) {
        client.putObject(put -> put.bucket(from).key(key), RequestBody.fromString(text));
    }

    private String text(String bucket, String key) {
        return client.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asUtf8String();
    }
}
