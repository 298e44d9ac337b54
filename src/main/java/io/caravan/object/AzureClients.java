package io.caravan.object;

import com.azure.core.credential.AzureSasCredential;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.identity.ClientSecretCredentialBuilder;
import com.azure.identity.DefaultAzureCredentialBuilder;
import com.azure.storage.blob.BlobServiceClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RequestRetryPolicy;
import com.azure.storage.common.policy.RetryPolicyType;
import io.caravan.endpoint.Client;
import io.caravan.endpoint.ClientKind;
import io.caravan.endpoint.Clients;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.component.azure.storage.blob.BlobComponent;
import org.apache.camel.component.azure.storage.blob.BlobConfiguration;

/** Makes clients for Azure Blob, on the JDK's HTTP client. */
final class AzureClients {

    /** That the client takes. */
    private static final long SHORTEST_TRY_MILLIS = 1_000;

    static final String SCHEME = "azure-storage-blob";

    private static final int TRIES = 4;
    private static final ClientKind<BlobServiceClient, BlobComponent> KIND = new ClientKind<>(
            "blobServiceClient",
            BlobServiceClient.class,
            SCHEME,
            "service-client",
            BlobComponent.class,
            component -> component.getConfiguration().getServiceClient());

    private AzureClients() {}

    /** The context's client for this access; {@code unit} begins the sentence that says why there can be none. */
    static Client<BlobServiceClient> of(CamelContext context, String unit, ObjectAccess access) {
        return Clients.of(context).get(KIND, access, () -> {
            BlobConfiguration given =
                    context.getComponent(SCHEME, BlobComponent.class).getConfiguration();
            new SettingChecks(unit)
                    .must(
                            !access.connectionString().isEmpty()
                                    || !access.account().isEmpty()
                                    || !access.endpoint().isEmpty()
                                    || given.getCredentials() != null,
                            "account",
                            "be set for azure:, or connectionString, or endpoint",
                            "")
                    .check();
            return of(given, access);
        });
    }

    /** As the user set the component, {@code camel.component.azure-storage-blob.*}, where the access says nothing else. */
    static BlobServiceClient of(BlobConfiguration given, ObjectAccess access) {
        Duration timeout = Duration.ofMillis(access.timeoutMillis());
        BlobServiceClientBuilder client = new BlobServiceClientBuilder()
                .httpClient(new JdkHttpClientBuilder(HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1))
                        .connectionTimeout(timeout)
                        .responseTimeout(timeout)
                        .readTimeout(timeout)
                        .writeTimeout(timeout)
                        .build())
                .retryOptions(new RequestRetryOptions(
                        RetryPolicyType.EXPONENTIAL,
                        TRIES,
                        Duration.ofMillis(Math.max(SHORTEST_TRY_MILLIS, 2L * access.timeoutMillis() / TRIES)),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(5),
                        null));
        try {
            if (!access.connectionString().isEmpty()) {
                return client.connectionString(access.connectionString()).buildClient();
            }
            boolean ofGiven = access.endpoint().isEmpty() && access.account().isEmpty();
            client.endpoint(ofGiven ? endpoint(given.getCredentials().getAccountName()) : endpoint(access));
            identify(client, given, access);
            return client.buildClient();
        } catch (IllegalArgumentException e) {
            // its message may repeat a key
            throw new ConfigurationException(
                    "objects: connectionString, or account and accountKey, must be as Azure's portal shows them;"
                            + " the client cannot read them");
        }
    }

    private static void identify(BlobServiceClientBuilder client, BlobConfiguration given, ObjectAccess access) {
        if (!access.accountKey().isEmpty()) {
            client.credential(new StorageSharedKeyCredential(access.account(), access.accountKey()));
        } else if (given.getCredentials() != null) {
            client.credential(given.getCredentials());
        } else if (given.getAccessKey() != null) {
            client.credential(new StorageSharedKeyCredential(access.account(), given.getAccessKey()));
        } else if (given.getSasToken() != null) {
            client.credential(new AzureSasCredential(given.getSasToken()));
        } else if (given.getAzureClientSecret() != null) {
            client.credential(new ClientSecretCredentialBuilder()
                    .tenantId(given.getAzureTenantId())
                    .clientId(given.getAzureClientId())
                    .clientSecret(given.getAzureClientSecret())
                    .build());
        } else {
            client.credential(new DefaultAzureCredentialBuilder().build());
        }
    }

    /** The same connections and the same login, and nothing is sent twice. */
    static BlobServiceClient withoutRetries(BlobServiceClient client) {
        HttpPipeline all = client.getHttpPipeline();
        List<HttpPipelinePolicy> policies = new ArrayList<>();
        for (int i = 0; i < all.getPolicyCount(); i++) {
            if (!(all.getPolicy(i) instanceof RequestRetryPolicy)) policies.add(all.getPolicy(i));
        }
        return new BlobServiceClientBuilder()
                .endpoint(client.getAccountUrl())
                .pipeline(new HttpPipelineBuilder()
                        .httpClient(all.getHttpClient())
                        .policies(policies.toArray(HttpPipelinePolicy[]::new))
                        .build())
                .buildClient();
    }

    /** Where the account is, for messages too. */
    static String endpoint(ObjectAccess access) {
        if (!access.endpoint().isEmpty()) return access.endpoint();
        return access.account().isEmpty() ? "Azure" : endpoint(access.account());
    }

    private static String endpoint(String account) {
        return "https://" + account + ".blob.core.windows.net";
    }
}
