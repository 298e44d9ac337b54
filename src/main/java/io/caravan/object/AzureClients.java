package io.caravan.object;

import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.BlobContainerClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import io.caravan.error.ConfigurationException;
import java.net.http.HttpClient;
import java.time.Duration;

/** Makes clients for one container of Azure Blob, on the JDK's HTTP client. */
final class AzureClients {

    /** That the client takes. */
    private static final long SHORTEST_TRY_MILLIS = 1_000;

    private AzureClients() {}

    static BlobContainerClient of(String container, ObjectAccess access) {
        return of(container, access, 4);
    }

    static BlobContainerClient withoutRetries(String container, ObjectAccess access) {
        return of(container, access, 1);
    }

    private static BlobContainerClient of(String container, ObjectAccess access, int tries) {
        Duration timeout = Duration.ofMillis(access.timeoutMillis());
        BlobContainerClientBuilder client = new BlobContainerClientBuilder()
                .containerName(container)
                .httpClient(new JdkHttpClientBuilder(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1))
                        .connectionTimeout(timeout)
                        .responseTimeout(timeout)
                        .readTimeout(timeout)
                        .writeTimeout(timeout)
                        .build())
                .retryOptions(new RequestRetryOptions(
                        RetryPolicyType.EXPONENTIAL,
                        tries,
                        Duration.ofMillis(Math.max(SHORTEST_TRY_MILLIS, 2L * access.timeoutMillis() / tries)),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(5),
                        null));
        try {
            if (!access.connectionString().isEmpty()) {
                return client.connectionString(access.connectionString())
                        .containerName(container)
                        .buildClient();
            }
            client.endpoint(endpoint(access)).containerName(container);
            if (access.accountKey().isEmpty()) client.credential(new DefaultAzureCredentialBuilder().build());
            else client.credential(new StorageSharedKeyCredential(access.account(), access.accountKey()));
            return client.buildClient();
        } catch (IllegalArgumentException e) {
            // its message may repeat a key
            throw new ConfigurationException(
                    "objects: connectionString, or account and accountKey, must be as Azure's portal shows them;"
                            + " the client cannot read them");
        }
    }

    /** Where the account is, for messages too. */
    static String endpoint(ObjectAccess access) {
        if (!access.endpoint().isEmpty()) return access.endpoint();
        return access.account().isEmpty() ? "Azure" : "https://" + access.account() + ".blob.core.windows.net";
    }
}
