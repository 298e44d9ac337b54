package io.caravan.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.CamelContextAware;
import org.apache.camel.component.azure.storage.blob.BlobComponent;
import org.apache.camel.component.azure.storage.blob.BlobConfiguration;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the peer for Azure cannot be made to answer. */
class AzureAnswersTest {

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final DefaultCamelContext context = new DefaultCamelContext();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        context.start();
    }

    @AfterEach
    void stop() {
        context.stop();
        server.stop(0);
    }

    @Test
    void theLoginOfTheComponentCountsWhereTheAccessSaysNothing() {
        answer(403, "AuthorizationFailure");
        BlobConfiguration given =
                context.getComponent("azure-storage-blob", BlobComponent.class).getConfiguration();
        given.setSasToken("sv=2025-01-05&sig=of-the-user");

        assertThatThrownBy(() -> store("").check()).isInstanceOf(ConfigurationException.class);
        assertThat(asked).singleElement().asString().startsWith("GET ").contains("sig=of-the-user");

        assertThatThrownBy(() -> store("b3Vycw==").check()).isInstanceOf(ConfigurationException.class);
        assertThat(asked.get(1)).doesNotContain("sig=");
    }

    @Test
    void checkAsksOnceAndACallTriesAgain() {
        answer(503, "ServerBusy");
        assertThatThrownBy(() -> store("b3Vycw==").check())
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("503 ServerBusy");
        assertThat(asked).hasSize(1);

        assertThatThrownBy(() -> store("b3Vycw==").delete("a"))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("503 ServerBusy");
        assertThat(asked).hasSize(5);
    }

    @Test
    void deletingWhatIsNotThereIsDoneAndAContainerThatIsNotIsAWrongSetting() {
        answer(404, "BlobNotFound");
        store("b3Vycw==").delete("a");
        assertThat(asked).singleElement().asString().startsWith("DELETE /account/things/a");

        server.removeContext("/");
        answer(404, "ContainerNotFound");
        assertThatThrownBy(() -> store("b3Vycw==").delete("a"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("404 ContainerNotFound");
    }

    private ObjectStore store(String accountKey) {
        String endpoint = "http://127.0.0.1:" + server.getAddress().getPort() + "/account";
        ObjectAccess access = ObjectAccess.of(endpoint, "", "", "", "", "account", accountKey, "", 5_000);
        ObjectStore store = ObjectStores.of("test", "input", "azure://things", access);
        CamelContextAware.trySetCamelContext(store, context);
        return store;
    }

    private void answer(int status, String code) {
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("x-ms-error-code", code);
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
    }
}
