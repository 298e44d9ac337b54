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
import io.caravan.endpoint.Client;
import io.caravan.endpoint.ClientKind;
import io.caravan.endpoint.Clients;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.component.google.storage.GoogleCloudStorageComponent;
import org.apache.camel.support.ResourceHelper;

/** Makes clients for Google Cloud Storage and for servers that speak like it, over HTTP and JSON. */
final class GcsClients {

    private static final String SCOPE = "https://www.googleapis.com/auth/devstorage.read_write";

    static final String SCHEME = "google-storage";

    private static final ClientKind<Storage, GoogleCloudStorageComponent> KIND = new ClientKind<>(
            "storage",
            Storage.class,
            SCHEME,
            "storage-client",
            GoogleCloudStorageComponent.class,
            component -> component.getConfiguration().getStorageClient());

    private GcsClients() {}

    /** The context's client for this access. */
    static Client<Storage> of(CamelContext context, ObjectAccess access) {
        return Clients.of(context).get(KIND, access, () -> of(access, given(context, access)));
    }

    /** A put replaces what is there and a delete is idempotent: all of our calls may be sent twice. */
    static Storage of(ObjectAccess access, Credentials credentials) {
        HttpStorageOptions.Builder client = StorageOptions.http()
                .setCredentials(credentials)
                .setStorageRetryStrategy(StorageRetryStrategy.getUniformStorageRetryStrategy())
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

    /** The same login and limits, and nothing is sent twice; a client of the user's that is not of HTTP stays as it is. */
    static Storage withoutRetries(Storage client) {
        if (!(client.getOptions() instanceof HttpStorageOptions options)) return client;
        return options.toBuilder().setStorageRetryStrategy(new Once()).build().getService();
    }

    /** As the user set the component, {@code camel.component.google-storage.*}, where the access says nothing else. */
    private static Credentials given(CamelContext context, ObjectAccess access) {
        String key = context.getComponent(SCHEME, GoogleCloudStorageComponent.class)
                .getConfiguration()
                .getServiceAccountKey();
        if (key == null || key.isBlank() || !access.credentialsFile().isEmpty()) return credentials(access);
        try (InputStream json = ResourceHelper.resolveMandatoryResourceAsInputStream(context, key)) {
            return ServiceAccountCredentials.fromStream(json).createScoped(SCOPE);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationException(
                    SettingChecks.sentence(SCHEME, "service-account-key", "be the JSON of a service account", key)
                            + "; correct 'camel.component.google-storage.service-account-key'");
        }
    }

    static Credentials credentials(ObjectAccess access) {
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
            throw new ConfigurationException(SettingChecks.sentence(
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
