package io.caravan.object;

import io.caravan.endpoint.Client;
import io.caravan.endpoint.EndpointCall;
import java.io.ByteArrayInputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.component.aws2.s3.AWS2S3Configuration;
import org.apache.camel.component.aws2.s3.AWS2S3Constants;
import org.apache.camel.component.aws2.s3.AWS2S3Operations;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkPlugin;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The calls of one bucket of S3. */
final class S3Calls implements BucketCalls {

    static final String TYPE = "application/octet-stream";

    private final String bucket;
    private final Client<S3Client> client;
    private final AWS2S3Configuration given;
    /** Takes what it needs from headers. */
    private final EndpointCall objects;
    /** The same, and writes only what is not there. */
    private final EndpointCall absent;
    /** Takes whole requests as bodies, in which a name is never evaluated. */
    private final EndpointCall requests;

    S3Calls(CamelContext context, String bucket, ObjectAccess access) {
        this.bucket = bucket;
        this.client = S3Clients.of(context, access);
        this.given = S3Clients.given(context);
        Map<String, Object> parameters = new TreeMap<>(Map.of(
                "bucketNameOrArn",
                bucket,
                "amazonS3Client",
                client.reference(),
                // with any, the endpoint asks for no bucket when it starts
                "fileName",
                "none",
                "autoCreateBucket",
                false,
                "deleteAfterRead",
                false,
                "multiPartUpload",
                false,
                "streamingUploadMode",
                false,
                "conditionalWritesEnabled",
                false));
        this.objects = EndpointCall.of(context, S3Clients.SCHEME, parameters);
        parameters.put("conditionalWritesEnabled", true);
        this.absent = EndpointCall.of(context, S3Clients.SCHEME, parameters);
        parameters.put("conditionalWritesEnabled", false);
        parameters.put("pojoRequest", true);
        this.requests = EndpointCall.of(context, S3Clients.SCHEME, parameters);
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
    S3Client client() {
        return client.use();
    }

    /** What the user set for the component. */
    /** Whether objects are stored as the bucket says: neither encryption nor a storage class was set. */
    boolean asTheBucketSays() {
        return given.getStorageClass() == null
                && !given.isUseAwsKMS()
                && !given.isUseSSES3()
                && !given.isUseCustomerKey();
    }

    AWS2S3Configuration given() {
        return given;
    }

    Iterator<S3Object> list(String prefix) {
        return new S3Pages(this, prefix);
    }

    /** At most 1,000 objects after that name; {@code settings}: of the client, for this request. */
    List<S3Object> page(String prefix, String after, Consumer<ClientOverrideConfiguration.Builder> settings) {
        return page(ListObjectsRequest.builder().prefix(prefix).marker(after), settings);
    }

    /** Lists one object, once. */
    void ask() {
        page(ListObjectsRequest.builder().maxKeys(1), once -> once.retryStrategy(AwsRetryStrategy.doNotRetry()));
    }

    private List<S3Object> page(
            ListObjectsRequest.Builder request, Consumer<ClientOverrideConfiguration.Builder> settings) {
        SdkPlugin plugin = client -> {
            ClientOverrideConfiguration.Builder all = client.overrideConfiguration().toBuilder();
            settings.accept(all);
            client.overrideConfiguration(all.build());
        };
        request.bucket(bucket).encodingType(EncodingType.URL).overrideConfiguration(o -> o.addPlugin(plugin));
        Object page = requests.call(request.build(), Map.of(AWS2S3Constants.S3_OPERATION, AWS2S3Operations.listObjects))
                .getBody();
        @SuppressWarnings(
                "unchecked") // anything else is the request, when a test has put a mock in the endpoint's place
        List<S3Object> listed = page instanceof List ? (List<S3Object>) page : List.of();
        return listed;
    }

    /** Tells the etag. A name that the endpoint would evaluate goes without it. */
    String put(String name, String contentType, byte[] bytes, int length, String md5) {
        if (!ObjectNames.literal(name)) {
            return client().putObject(
                            put -> put.bucket(bucket)
                                    .key(name)
                                    .contentType(contentType)
                                    .contentMD5(md5),
                            body(bytes, length))
                    .eTag();
        }
        return objects.call(
                        new ByteArrayInputStream(bytes, 0, length),
                        Map.of(
                                AWS2S3Constants.KEY,
                                name,
                                AWS2S3Constants.CONTENT_TYPE,
                                contentType,
                                AWS2S3Constants.CONTENT_MD5,
                                md5))
                .getHeader(AWS2S3Constants.E_TAG, String.class);
    }

    /** The same under a condition; the endpoint knows only the one that there is none. */
    String putIf(String name, Condition condition, byte[] bytes, int length, String md5) {
        if (!condition.absent() || !ObjectNames.literal(name)) {
            return client().putObject(
                            put -> {
                                put.bucket(bucket).key(name).contentType(TYPE).contentMD5(md5);
                                put.ifNoneMatch(condition.absent() ? "*" : null).ifMatch(condition.etag());
                                put.metadata(condition.metadata());
                            },
                            body(bytes, length))
                    .eTag();
        }
        return absent.call(
                        new ByteArrayInputStream(bytes, 0, length),
                        Map.of(
                                AWS2S3Constants.KEY,
                                name,
                                AWS2S3Constants.CONTENT_TYPE,
                                TYPE,
                                AWS2S3Constants.CONTENT_MD5,
                                md5,
                                AWS2S3Constants.METADATA,
                                condition.metadata()))
                .getHeader(AWS2S3Constants.E_TAG, String.class);
    }

    /** The etag of the object of that name. */
    String head(String name) {
        return objects.call(
                        null,
                        Map.of(AWS2S3Constants.S3_OPERATION, AWS2S3Operations.headObject, AWS2S3Constants.KEY, name))
                .getBody(HeadObjectResponse.class)
                .eTag();
    }

    void delete(String name) {
        requests.call(
                DeleteObjectRequest.builder().bucket(bucket).key(name).build(),
                // that of the body counts, but the component wants one
                Map.of(AWS2S3Constants.S3_OPERATION, AWS2S3Operations.deleteObject, AWS2S3Constants.KEY, "none"));
    }

    /** Read again from the same bytes when the client tries again. */
    static RequestBody body(byte[] bytes, int length) {
        return RequestBody.fromContentProvider(() -> new ByteArrayInputStream(bytes, 0, length), length, TYPE);
    }
}
