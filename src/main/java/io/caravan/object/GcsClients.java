package io.caravan.object;

import com.google.api.gax.retrying.BasicResultRetryAlgorithm;
import com.google.api.gax.retrying.ResultRetryAlgorithm;
import com.google.auth.Credentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.ServiceOptions;
import com.google.cloud.http.HttpTransportOptions;
import com.google.cloud.storage.BlobWriteSessionConfigs;
import com.google.cloud.storage.HttpStorageOptions;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.StorageOptions;
import com.google.cloud.storage.StorageRetryStrategy;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Makes clients for Google Cloud Storage and for servers that speak like it, over HTTP and JSON. */
final class GcsClients {

    private static final String SCOPE = "https://www.googleapis.com/auth/devstorage.read_write";

    private GcsClients() {}

    /** A put replaces what is there and a delete is idempotent: all of our calls may be sent twice. */
    static Storage of(ObjectAccess access) {
        return of(access, StorageRetryStrategy.getUniformStorageRetryStrategy());
    }

    static Storage withoutRetries(ObjectAccess access) {
        return of(access, new Once());
    }

    private static Storage of(ObjectAccess access, StorageRetryStrategy retries) {
        HttpStorageOptions.Builder client = StorageOptions.http()
                .setCredentials(credentials(access))
                .setStorageRetryStrategy(retries)
                .setBlobWriteSessionConfig(BlobWriteSessionConfigs.getDefault().withChunkSize(PartsOutput.PART))
                // asked for only by calls about projects, of which we make none
                .setProjectId("caravan")
                .setTransportOptions(HttpTransportOptions.newBuilder()
                        .setConnectTimeout(access.timeoutMillis())
                        .setReadTimeout(access.timeoutMillis())
                        .build())
                .setRetrySettings(ServiceOptions.getDefaultRetrySettings().toBuilder()
                        .setInitialRetryDelayDuration(Duration.ofMillis(200))
                        .setMaxRetryDelayDuration(Duration.ofSeconds(5))
                        .setMaxAttempts(4)
                        .setTotalTimeoutDuration(Duration.ofMillis(2L * access.timeoutMillis()))
                        .build());
        if (!access.endpoint().isEmpty()) client.setHost(access.endpoint());
        return client.build().getService();
    }

    static void close(Storage client) {
        try {
            client.close();
        } catch (Exception e) {
            throw new IllegalStateException("objects: the client of Google Cloud Storage cannot be closed", e);
        }
    }

    private static Credentials credentials(ObjectAccess access) {
        String file = access.credentialsFile();
        try {
            if (!file.isEmpty()) {
                try (InputStream json = Files.newInputStream(Path.of(file))) {
                    return ServiceAccountCredentials.fromStream(json).createScoped(SCOPE);
                }
            }
            // a server without TLS is no server of Google's: nothing is told to it
            if (access.endpoint().startsWith("http:")) return NoCredentials.getInstance();
            return GoogleCredentials.getApplicationDefault().createScoped(SCOPE);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationException(Settings.sentence(
                            "objects",
                            "credentialsFile",
                            "be the JSON file of a service account, or empty where Google's default credentials exist",
                            file)
                    + "; correct 'credentialsFile'");
        }
    }

    /** Never sends anything twice. */
    private static final class Once extends BasicResultRetryAlgorithm<Object> implements StorageRetryStrategy {

        private static final long serialVersionUID = 1L;

        @Override
        public boolean shouldRetry(Throwable failure, Object response) {
            return false;
        }

        @Override
        public ResultRetryAlgorithm<?> getIdempotentHandler() {
            return this;
        }

        @Override
        public ResultRetryAlgorithm<?> getNonidempotentHandler() {
            return this;
        }
    }
}
