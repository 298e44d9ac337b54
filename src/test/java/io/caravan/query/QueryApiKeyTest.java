package io.caravan.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a key, every path but those listed as open wants it, whoever's route serves it. */
class QueryApiKeyTest {

    /** Digits only: Camel would make a number of it where it can. */
    private static final String KEY = "4711471147114711";

    private static final List<String> PATHS = List.of(
            "/recommendations/similar-users?user_id=anna",
            "/graph/user-campaigns?user_id=anna",
            "/recommendations/campaigns?user_id=anna",
            "/graph/recommendations?user_id=anna",
            "/graph/similar-readers?user_id=anna",
            "/graph/clubs?user_id=anna",
            "/graph/readers?book_id=b1",
            "/analytics/user-engagement?user_id=anna",
            "/openapi.json",
            "/swagger-ui",
            "/swagger-ui/index.html",
            "/nothing",
            "/");

    /** Routes that know nothing of any key. */
    private static final String OWN = """
            - route:
                id: own
                from:
                  uri: platform-http:/own
                  parameters: {matchOnUriPrefix: true}
                  steps:
                    - setBody: {constant: mine}
            """;

    @TempDir
    static Path folder;

    private static QueryApi api;

    @BeforeAll
    static void start() throws Exception {
        QueryStores stores = new QueryStores(folder);
        stores.write(List.of(QueryStores.event("r1", "anna", "spring", "2025-09-01T10:00:00Z", 1)));
        stores.run("personalization", "run", "succeeded");
        Properties settings = stores.settings();
        settings.setProperty("caravan.api.key", KEY);
        settings.setProperty("caravan.api.openPaths", "/health/live,/health/ready,/own/open");
        settings.setProperty("caravan.api.allowedOrigins", "https://app.example.com, http://localhost:3000");
        settings.setProperty("caravan.embedder.enabled", "true");
        settings.setProperty(
                "camel.main.routes-include-pattern",
                "file:" + Files.writeString(folder.resolve("own.camel.yaml"), OWN));
        api = new QueryApi(settings);
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void withoutTheKeyEveryPathButHealthIs401() {
        for (String path : PATHS) assertRefused(api.get(path), path);
        assertRefused(api.send("POST", "/graph/user-campaigns"), "/graph/user-campaigns");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "471147114711471", "47114711471147110", "4711471147114712", "x", "Ü"})
    void withAWrongKeyToo(String key) {
        assertRefused(api.get("/graph/user-campaigns?user_id=anna", "X-API-Key", key), "/graph/user-campaigns");
    }

    @Test
    void theApiAsksItselfWithItsKey() {
        List<List<String>> requests =
                List.of(List.of("/graph/user-campaigns?user_id=anna", "/graph/user-campaigns?user_id=unknown"));
        assertThat(new OwnCalls("0.0.0.0", api.port, KEY).make(requests, 20, Long.MAX_VALUE / 4))
                .isTrue();
        assertThat(new OwnCalls("127.0.0.1", api.port, "wrong").make(requests, 20, Long.MAX_VALUE / 4))
                .isFalse();
    }

    @Test
    void aKeyInTheUrlOrAnotherHeaderIsNoKey() {
        String path = "/graph/user-campaigns";
        assertRefused(api.get(path + "?user_id=anna&X-API-Key=" + KEY), path);
        assertRefused(api.get(path + "?user_id=anna", "Authorization", KEY), path);
        assertRefused(api.get(path + "?user_id=anna", "CamelHttpPath", "/health/live"), path);
    }

    @Test
    void withTheKeyEverythingIsAnswered() {
        for (String path : PATHS) {
            int status = api.get(path, "x-api-key", KEY).statusCode();
            assertThat(status).as(path).isNotEqualTo(401);
        }
        assertThat(api.get("/graph/user-campaigns?user_id=anna", "X-API-Key", KEY)
                        .body())
                .isEqualTo("{\"campaigns\":[\"spring\"]}");
        assertThat(api.get("/openapi.json", "X-API-Key", KEY).statusCode()).isEqualTo(200);
    }

    @Test
    void healthIsOpen() {
        assertThat(api.get("/health/live").statusCode()).isEqualTo(200);
        assertThat(api.get("/health/ready").statusCode()).isEqualTo(200);
        assertThat(api.send("POST", "/health/live").statusCode()).isEqualTo(405);
    }

    @Test
    void aNewRouteOfAnybodyIsClosedToo() {
        for (String path :
                List.of("/own", "/own/", "/own/deeper", "//own", "/own/open/", "/own/open/../closed", "/%6fwn")) {
            assertThat(RawHttp.get(api.port, path))
                    .as(path)
                    .startsWith("HTTP/1.1 401 ")
                    .doesNotContain("mine");
        }
        assertThat(api.send("POST", "/own").statusCode()).isEqualTo(401);
        assertThat(api.get("/own/deeper", "X-API-Key", KEY).body()).isEqualTo("mine");
    }

    @Test
    void whatIsListedAsOpenIsOpen() {
        assertThat(api.get("/own/open").body()).isEqualTo("mine");
        assertThat(RawHttp.get(api.port, "/own/x/../open")).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void withoutAKeyOfItsOwnTheEmbedderWantsThatOfTheApi() {
        assertThat(api.send("POST", "/v1/embeddings").statusCode()).isEqualTo(401);
        assertThat(api.send("POST", "/embed").statusCode()).isEqualTo(401);
        assertThat(api.send("POST", "/embed", "Authorization", "Bearer " + KEY).statusCode())
                .isEqualTo(422);
    }

    @Test
    void aBrowserMayAskForPagesOfTheOriginsThatAreListed() {
        HttpResponse<String> preflight = preflight("https://app.example.com");
        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin"))
                .hasValue("https://app.example.com");
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Headers"))
                .hasValueSatisfying(names -> assertThat(names).contains("X-API-Key"));
        HttpResponse<String> answer =
                api.get("/graph/user-campaigns?user_id=anna", "Origin", "http://localhost:3000", "X-API-Key", KEY);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).hasValue("http://localhost:3000");
        // the key is wanted all the same
        assertThat(api.get("/graph/user-campaigns?user_id=anna", "Origin", "http://localhost:3000")
                        .statusCode())
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://evil.example.com", "http://app.example.com", "https://app.example.com:8443", "null"})
    void pagesOfOtherOriginsAreRefused(String origin) {
        HttpResponse<String> preflight = preflight(origin);
        assertThat(preflight.statusCode()).isEqualTo(403);
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin"))
                .isEmpty();
        assertThat(preflight.body())
                .contains("\"detail\":\"query: header Origin must be one of caravan.api.allowedOrigins\"");
        assertThat(api.get("/own", "Origin", origin, "X-API-Key", KEY).statusCode())
                .isEqualTo(403);
    }

    private static HttpResponse<String> preflight(String origin) {
        return api.send(
                "OPTIONS",
                "/graph/user-campaigns",
                "Origin",
                origin,
                "Access-Control-Request-Method",
                "GET",
                "Access-Control-Request-Headers",
                "x-api-key");
    }

    private static void assertRefused(HttpResponse<String> answer, String path) {
        QueryApiTest.assertProblem(
                answer,
                401,
                "Unauthorized",
                "query: header X-API-Key must hold the key of this API",
                path.replaceAll("\\?.*", ""));
        assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("ApiKey realm=\"caravan\"");
    }
}
