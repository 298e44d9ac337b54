package io.caravan.object;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.caravan.endpoint.TestContext;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.Base64;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.component.google.storage.GoogleCloudStorageComponent;
import org.apache.camel.component.google.storage.GoogleCloudStorageConfiguration;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the peer for Google Cloud Storage never answers: it asks nobody who they are. */
class GcsAnswersTest {

    @TempDir
    private Path folder;

    private HttpServer server;
    private String endpoint;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        endpoint = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aServiceAccountThatGoogleDoesNotKnowIsAWrongSetting() throws Exception {
        answer("/token", 400, "{\"error\": \"invalid_grant\"}");
        assertThatThrownBy(() -> list(serviceAccount()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("test: cannot list gs://things: authentication failed for the account of ")
                .hasMessageEndingWith(" at " + endpoint + " (no login); correct 'credentialsFile'");
    }

    @Test
    void theServiceAccountOfTheComponentCountsWhereTheAccessSaysNothing() throws Exception {
        answer("/token", 400, "{\"error\": \"invalid_grant\"}");
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.start();
            GoogleCloudStorageConfiguration given = context.getComponent(
                            "google-storage", GoogleCloudStorageComponent.class)
                    .getConfiguration();
            given.setServiceAccountKey("file:" + serviceAccount());
            assertThatThrownBy(() -> store("", context).check()).hasMessageContaining("(no login)");

            given.setObjectName("everything");
            assertThatThrownBy(() -> store("", context).check())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("google-storage: camel.component.google-storage.object-name must be blank, or all goes"
                            + " there, got 'everything'");
        }
    }

    @Test
    void aServiceAccountThatMayNotListIsAWrongSetting() throws Exception {
        answer("/token", 200, "{\"access_token\": \"t\", \"token_type\": \"Bearer\", \"expires_in\": 3600}");
        answer("/storage", 403, "{\"error\": {\"code\": 403, \"errors\": [{\"reason\": \"forbidden\"}]}}");
        assertThatThrownBy(() -> list(serviceAccount()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("test: cannot list gs://things: access denied for the account of ")
                .hasMessageEndingWith(" at " + endpoint
                        + " (403 forbidden); grant it the rights it needs, or correct 'credentialsFile'");
    }

    @Test
    void aServerThatIsBusyIsUnavailable() throws Exception {
        answer("/storage", 503, "{\"error\": {\"code\": 503, \"errors\": [{\"reason\": \"backendError\"}]}}");
        assertThatThrownBy(() -> list(""))
                .isInstanceOf(UnavailableException.class)
                .hasMessage(
                        "test: cannot list gs://things: endpoint must lead to Google Cloud Storage that answers, got '"
                                + endpoint + "' (503 backendError); try again later, look at its log");
    }

    @Test
    void aFileThatIsNoServiceAccountIsAWrongSetting() throws IOException {
        String file = Files.writeString(folder.resolve("no.json"), "{}").toString();
        for (String wrong : new String[] {file, folder.resolve("none").toString()}) {
            assertThatThrownBy(() -> list(wrong))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith(
                            "objects: credentialsFile must be the JSON file of a service account, or empty"
                                    + " where Google's default credentials exist, got '" + wrong + "'");
        }
    }

    private void list(String credentialsFile) {
        try (ObjectStore store = store(credentialsFile, TestContext.get())) {
            store.list("", new Glob("*")).next();
        }
    }

    private ObjectStore store(String credentialsFile, CamelContext context) {
        ObjectAccess access = ObjectAccess.of(endpoint, "", "", "", credentialsFile, "", "", "", 1000);
        ObjectStore store = ObjectStores.of("test", "input", "gs://things", access);
        CamelContextAware.trySetCamelContext(store, context);
        return store;
    }

    private void answer(String path, int status, String json) {
        server.createContext(path, exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    private String serviceAccount() throws Exception {
        KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
        keys.initialize(2048);
        String key = Base64.getEncoder()
                .encodeToString(keys.generateKeyPair().getPrivate().getEncoded());
        String json = """
                {"type": "service_account", "client_id": "1", "client_email": "a@b", "private_key_id": "2",
                 "private_key": "-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----\\n",
                 "token_uri": "%s/token"}""";
        return Files.writeString(folder.resolve("account.json"), json.formatted(key, endpoint))
                .toString();
    }
}
