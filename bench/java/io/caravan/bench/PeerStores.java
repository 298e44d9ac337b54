package io.caravan.bench;

import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import io.caravan.object.ObjectAccess;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyExistsException;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** The vendors' clients for stores of objects that {@code peers/run} started, and the same for Caravan. */
final class PeerStores {

    private static final String KEY = "caravan";
    private static final String SECRET = "caravan-secret";

    private static final int PART = 16 << 20;

    private static final String ACCOUNT = "devstoreaccount1";
    /** Published by Microsoft for Azurite. */
    private static final String ACCOUNT_KEY =
            "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private PeerStores() {}

    static S3Client s3() {
        return S3Client.builder()
                .httpClientBuilder(ApacheHttpClient.builder())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY, SECRET)))
                .endpointOverride(URI.create("http://" + address("s3proxy")))
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .build();
    }

    static void bucket(S3Client client, String name) {
        try {
            client.createBucket(create -> create.bucket(name));
        } catch (BucketAlreadyOwnedByYouException | BucketAlreadyExistsException e) {
            // from an earlier row of the table
        }
    }

    /** As it must be done above 16 MB: parts of that size, two at a time. */
    static void put(S3Client client, String bucket, String key, InputStream content) throws Exception {
        byte[] first = content.readNBytes(PART);
        if (first.length < PART) {
            client.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromBytes(first));
            return;
        }
        String upload =
                client.createMultipartUpload(c -> c.bucket(bucket).key(key)).uploadId();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<CompletedPart>> parts = new ArrayList<>();
            for (byte[] bytes = first; bytes.length > 0; bytes = content.readNBytes(PART)) {
                int number = parts.size() + 1;
                byte[] part = bytes;
                parts.add(threads.submit(() -> part(client, bucket, key, upload, number, part)));
                if (number > 2) parts.get(number - 3).get();
            }
            List<CompletedPart> done = new ArrayList<>();
            for (Future<CompletedPart> part : parts) done.add(part.get());
            client.completeMultipartUpload(
                    c -> c.bucket(bucket).key(key).uploadId(upload).multipartUpload(m -> m.parts(done)));
        } finally {
            threads.shutdownNow();
        }
    }

    private static CompletedPart part(
            S3Client client, String bucket, String key, String upload, int number, byte[] bytes) {
        String etag = client.uploadPart(
                        u -> u.bucket(bucket).key(key).uploadId(upload).partNumber(number),
                        RequestBody.fromBytes(bytes))
                .eTag();
        return CompletedPart.builder().partNumber(number).eTag(etag).build();
    }

    static ObjectAccess s3Access() {
        return ObjectAccess.of("http://" + address("s3proxy"), "", KEY, SECRET, "", "", "", "", 60_000);
    }

    static BlobContainerClient azure(String container) {
        BlobContainerClient client = new BlobContainerClientBuilder()
                .endpoint(azureEndpoint())
                .containerName(container)
                .credential(new StorageSharedKeyCredential(ACCOUNT, ACCOUNT_KEY))
                .buildClient();
        client.createIfNotExists();
        return client;
    }

    static ObjectAccess azureAccess() {
        return ObjectAccess.of(azureEndpoint(), "", "", "", "", ACCOUNT, ACCOUNT_KEY, "", 60_000);
    }

    private static String azureEndpoint() {
        return "http://" + address("azurite") + "/" + ACCOUNT;
    }

    private static String address(String peer) {
        return PeerAddress.of(peer).orElseThrow();
    }
}
