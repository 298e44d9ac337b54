package io.caravan.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.common.StorageSharedKeyCredential;
import io.caravan.Peers;
import io.caravan.endpoint.TestContext;
import io.caravan.error.SettingChecks;
import io.caravan.object.ObjectAccess;
import io.caravan.object.TestPlace;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.record.Sha256;
import java.net.URI;
import java.security.MessageDigest;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Images in buckets: with their type and MD5, replaced, verified and removed. */
class ImagesPeersIT {

    private static final String KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private final String covers = "covers-" + UUID.randomUUID();

    private record Place(String name, Supplier<TestPlace> made) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Place> places() {
        return Stream.of(
                new Place("azurite", TestPlace::azure),
                new Place("moto", () -> TestPlace.s3("moto")),
                new Place("s3proxy", () -> TestPlace.s3("s3proxy")),
                new Place("fake-gcs-server", TestPlace::gcs));
    }

    @ParameterizedTest
    @MethodSource("places")
    void anImageIsKeptReplacedVerifiedAndRemoved(Place place) throws Exception {
        TestPlace bucket = place.made().get();
        try (ImageServer server = new ImageServer();
                ImagesSink sink = sink(server, bucket.uri(), bucket.access())) {
            server.image("/a.png", Pictures.png(1), "\"1\"");
            server.image("/b.png", Pictures.png(2), "\"1\"");
            Record first = book("1", server.url("/a.png"));
            run(sink, first);
            run(sink, first);
            assertThat(server.requests.get(1).headers())
                    .as("it knows its own tag again")
                    .containsKey("if-none-match");
            assertThat(sink.keys()).containsExactly("k");
            assertThat(sink.differing(List.of(first))).isEmpty();
            run(sink, book("1", server.url("/b.png")));
            assertThat(sink.differing(List.of(first))).containsExactly("k");
            assertThat(sink.differing(List.of(book("1", server.url("/b.png"))))).isEmpty();
            run(sink, Record.tombstone("k", new Fields(List.of("id")), new Object[] {"k"}, 1));
            assertThat(sink.keys()).isEmpty();
            assertThat(sink.strays()).isEmpty();
        }
    }

    @Test
    void eachContainerOfAnAccountHasItsImagesWithTypeAndMd5() throws Exception {
        String endpoint = "http://" + Peers.address("azurite") + "/devstoreaccount1";
        ObjectAccess access = ObjectAccess.of(endpoint, "", "", "", "", "devstoreaccount1", KEY, "", 10_000);
        var account = new BlobServiceClientBuilder()
                .endpoint(endpoint)
                .credential(new StorageSharedKeyCredential("devstoreaccount1", KEY))
                .buildClient();
        BlobContainerClient container = account.createBlobContainer(covers);
        account.createBlobContainer(covers + "-inv");
        try (ImageServer server = new ImageServer();
                ImagesSink sink = sink(server, "azure:", access)) {
            byte[] png = Pictures.png(1);
            server.image("/a.png", png, "\"1\"");
            run(sink, book("1", server.url("/a.png")));
            BlobProperties blob = container
                    .getBlobClient("b01-" + Sha256.hex("1", 10) + ".png")
                    .getProperties();
            assertThat(blob.getContentType()).isEqualTo("image/png");
            assertThat(blob.getContentMd5())
                    .isEqualTo(MessageDigest.getInstance("MD5").digest(png));
            assertThat(account.getBlobContainerClient(covers + "-inv").listBlobs())
                    .singleElement()
                    .satisfies(item -> assertThat(item.getName()).isEqualTo("_caravan-images.jsonl"));
        }
    }

    @Test
    void s3SaysTheTypeOfAnImage() throws Exception {
        TestPlace bucket = TestPlace.s3("moto");
        try (ImageServer server = new ImageServer();
                ImagesSink sink = sink(server, bucket.uri(), bucket.access())) {
            server.image("/a.png", Pictures.png(1), "\"1\"");
            run(sink, book("1", server.url("/a.png")));
            try (S3Client client = S3Client.builder()
                    .endpointOverride(URI.create("http://" + Peers.address("moto")))
                    .region(Region.US_EAST_1)
                    .forcePathStyle(true)
                    .credentialsProvider(
                            StaticCredentialsProvider.create(AwsBasicCredentials.create("caravan", "caravan-secret")))
                    .build()) {
                String image = covers + "/b01-" + Sha256.hex("1", 10) + ".png";
                String name = bucket.uri().substring("s3://".length());
                assertThat(client.headObject(head -> head.bucket(name).key(image))
                                .contentType())
                        .isEqualTo("image/png");
            }
        }
    }

    private ImagesSink sink(ImageServer server, String output, ObjectAccess access) {
        SettingChecks settings = new SettingChecks("images-sink");
        AllowedHosts hosts = new AllowedHosts(settings, "127.0.0.1:" + server.port());
        DownloadLimits limits = DownloadLimits.of(settings, 10, 50, 5000, 1000, 2000, 8, 4);
        settings.check();
        ImageRules rules = ImageRulesReader.parse("images", """
                inventory: COVERS-inv
                images: [{field: cover_url, container: COVERS, names: [{prefix: b01-, field: isbn_13}]}]
                """.replace("COVERS", covers));
        ImageStores stores = new ImageStores("images", output, rules, access);
        return TestContext.knownTo(new ImagesSink("images", rules, stores, new Downloads(hosts, limits), 8, true));
    }

    private static void run(ImagesSink sink, Record record) {
        sink.discard();
        assertThat(sink.write(List.of(record))).isEmpty();
        assertThat(sink.flush()).isEmpty();
    }

    private static Record book(String isbn, String url) {
        return Record.read(
                "k",
                new Fields(List.of("id", "isbn_13", "cover_url")),
                new Object[] {"k", isbn, url},
                new Origin("books", 1));
    }
}
