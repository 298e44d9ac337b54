package io.caravan.object;

import com.google.cloud.storage.Blob;
import com.google.cloud.storage.Storage;
import io.caravan.endpoint.Client;
import io.caravan.endpoint.EndpointCall;
import io.caravan.error.SettingChecks;
import java.io.ByteArrayInputStream;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.component.google.storage.GoogleCloudStorageComponent;
import org.apache.camel.component.google.storage.GoogleCloudStorageConstants;
import org.apache.camel.component.google.storage.GoogleCloudStorageOperations;

/** The calls of one bucket of Google's. The component hands on names as they are. */
final class GcsCalls implements BucketCalls {

    static final String TYPE = "application/octet-stream";

    private final Client<Storage> client;
    private final String bucket;
    private final EndpointCall endpoint;
    private Storage once;

    GcsCalls(CamelContext context, String bucket, ObjectAccess access) {
        this.client = GcsClients.of(context, access);
        this.bucket = bucket;
        String name = context.getComponent(GcsClients.SCHEME, GoogleCloudStorageComponent.class)
                .getConfiguration()
                .getObjectName();
        new SettingChecks(GcsClients.SCHEME)
                .must(name == null, "camel.component.google-storage.object-name", "be blank, or all goes there", name)
                .check();
        this.endpoint = EndpointCall.of(
                context,
                GcsClients.SCHEME,
                Map.of(
                        "bucketName",
                        bucket,
                        "storageClient",
                        client.reference(),
                        "autoCreateBucket",
                        false,
                        "deleteAfterRead",
                        false));
    }

    @Override
    public Client<?> shared() {
        return client;
    }

    @Override
    public String place() {
        return bucket;
    }

    /** The client, for one call without the endpoint. */
    Storage client() {
        return client.use();
    }

    /** The same without retries: its channels would otherwise connect again for ever, {@link ResumingStream} knows when to stop. */
    synchronized Storage once() {
        Storage shared = client.use();
        if (once == null) once = GcsClients.withoutRetries(shared);
        return once;
    }

    /** Tells the object as it is stored. */
    Blob put(String name, byte[] bytes, int length, String md5) {
        return endpoint.call(
                        new ByteArrayInputStream(bytes, 0, length),
                        Map.of(
                                GoogleCloudStorageConstants.OBJECT_NAME,
                                name,
                                GoogleCloudStorageConstants.CONTENT_LENGTH,
                                (long) length,
                                GoogleCloudStorageConstants.CONTENT_TYPE,
                                TYPE,
                                GoogleCloudStorageConstants.CONTENT_MD5,
                                md5))
                .getBody(Blob.class);
    }

    void delete(String name) {
        endpoint.call(
                null,
                Map.of(
                        GoogleCloudStorageConstants.OPERATION,
                        GoogleCloudStorageOperations.deleteObject,
                        GoogleCloudStorageConstants.OBJECT_NAME,
                        name));
    }
}
