package io.caravan.object;

import com.google.cloud.NoCredentials;
import com.google.cloud.storage.BucketInfo;
import com.google.cloud.storage.Storage;
import io.caravan.Peers;
import io.caravan.endpoint.TestContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.component.aws2.s3.AWS2S3Configuration;
import org.apache.camel.component.azure.storage.blob.BlobConfiguration;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A folder or bucket of its own for objects.
 *
 * @param name how people call the store
 * @param settings what a Kamelet needs to reach it
 */
public record TestPlace(String name, String uri, Map<String, String> settings) {

    /** Published by Microsoft for Azurite. */
    private static final String KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /** A place that is made when it is first asked for: a test that never does needs no server. */
    @FunctionalInterface
    public interface Lazily {
        TestPlace get();
    }

    public static TestPlace folder() {
        try {
            Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target/places")), "place");
            return new TestPlace("file", folder.toString(), Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static TestPlace s3(String peer) {
        String bucket = bucket();
        TestPlace place = new TestPlace(
                "S3 (" + peer + ")",
                "s3://" + bucket,
                Map.of(
                        "endpoint",
                        "http://" + Peers.address(peer),
                        "accessKey",
                        "caravan",
                        "secretKey",
                        "caravan-secret"));
        try (S3Client client = S3Clients.of(new AWS2S3Configuration(), place.access())) {
            client.createBucket(create -> create.bucket(bucket));
        }
        return place;
    }

    public static TestPlace gcs() {
        String bucket = bucket();
        TestPlace place = new TestPlace(
                "GCS (fake-gcs-server)",
                "gs://" + bucket,
                Map.of("endpoint", "http://" + Peers.address("fake-gcs-server")));
        Storage client = GcsClients.of(place.access(), NoCredentials.getInstance());
        client.create(BucketInfo.of(bucket));
        return place;
    }

    public static TestPlace azure() {
        String container = bucket();
        TestPlace place = new TestPlace(
                "Azure (azurite)",
                "azure://" + container,
                Map.of(
                        "endpoint",
                        "http://" + Peers.address("azurite") + "/devstoreaccount1",
                        "account",
                        "devstoreaccount1",
                        "accountKey",
                        KEY));
        AzureClients.of(new BlobConfiguration(), place.access()).createBlobContainer(container);
        return place;
    }

    /** A client of it, which the caller closes. */
    public ObjectStore store() {
        return TestContext.knownTo(ObjectStores.of("test", "uri", uri, access()));
    }

    /** Makes these bytes an object. */
    public void put(String object, byte[] bytes) throws Exception {
        ObjectStore store = store();
        try {
            store.put(object, out -> out.write(bytes));
        } finally {
            store.close();
        }
    }

    /** What the settings say. */
    public ObjectAccess access() {
        return ObjectAccess.of(
                setting("endpoint"),
                "",
                setting("accessKey"),
                setting("secretKey"),
                "",
                setting("account"),
                setting("accountKey"),
                "",
                30_000);
    }

    private String setting(String name) {
        return settings.getOrDefault(name, "");
    }

    private static String bucket() {
        return "matrix-" + UUID.randomUUID();
    }
}
