package io.caravan.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.util.Properties;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who guards the embedder's paths: the embedder where it is on, the API's key where a user's route stands there. */
class GuardTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @ParameterizedTest
    @CsvSource({
        "/embed, false, 401",
        "/v1/embeddings, false, 401",
        "/embed, '', 401",
        "/embed, true, 200",
        "/v1/embeddings, true, 200",
        "/embed/more, true, 401"
    })
    void theEmbeddersPathsWantTheApisKeyWhileItIsOff(String path, String embedder, int status) throws Exception {
        Properties settings = new Properties();
        settings.setProperty("caravan.api.key", "k");
        settings.setProperty("caravan.api.openPaths", "/health/live");
        settings.setProperty("caravan.embedder.enabled", embedder);
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getPropertiesComponent().setInitialProperties(settings);
            Router router = Router.router(vertx);
            Guard.before(router, context);
            router.route().handler(request -> request.end("somebody's"));
            int port = vertx.createHttpServer()
                    .requestHandler(router)
                    .listen(0)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join()
                    .actualPort();

            assertThat(RawHttp.get(port, path)).startsWith("HTTP/1.1 " + status + " ");
        }
    }
}
