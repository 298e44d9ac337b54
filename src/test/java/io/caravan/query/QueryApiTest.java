package io.caravan.query;

import static io.caravan.query.QueryStores.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.swagger.v3.parser.OpenAPIV3Parser;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the query API answers, over HTTP, from real stores. */
class QueryApiTest {

    private static final String ANNAS_CAMPAIGNS = "/graph/user-campaigns?user_id=anna";

    @TempDir
    static Path folder;

    private static QueryApi api;

    @BeforeAll
    static void start() throws Exception {
        QueryStores stores = new QueryStores(folder);
        stores.write(List.of(
                event("r1", "anna", "spring", "2025-09-01T10:00:00.000001Z", 1, 0),
                event("r2", "anna", "Autumn", "2025-09-03T10:00:00Z", 0, 0),
                event("r3", "anna", "spring", "2025-09-02T10:00:00Z", 1, 0),
                event("r4", "bert", null, "2025-09-01T12:00:00Z", 3, 4),
                event("r5", "bert", null, "2025-09-01T12:00:00Z", 0, 1),
                event("r6", "cleo", "spring", "2025-09-01T12:00:00Z", -1, 0),
                event("r7", "dora", "spring", "2025-09-01T12:00:00Z", 0, 0),
                event("r8", "emil & söhne", "été", "2025-09-01T12:00:00Z", 4, 3)));
        stores.run("personalization", "run", "succeeded");
        api = new QueryApi(stores.settings());
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void findsSimilarUsersByTheMeanOfTheirVectorsBestFirst() {
        assertAnswer("/recommendations/similar-users?user_id=anna", """
                [{"user_id":"emil & söhne","similarity_score":0.8},{"user_id":"bert","similarity_score":0.6},\
                {"user_id":"cleo","similarity_score":-1.0}]""");
    }

    @Test
    void givesAtMostAsManySimilarUsersAsTheLimitSays() {
        assertAnswer(
                "/recommendations/similar-users?user_id=anna&limit=1",
                "[{\"user_id\":\"emil & söhne\",\"similarity_score\":0.8}]");
    }

    @Test
    void aUserWithoutMeaningfulMessagesIsSimilarToNobody() {
        assertAnswer("/recommendations/similar-users?user_id=dora", "[]");
    }

    @Test
    void namesTheCampaignsOfAUserSorted() {
        assertAnswer(ANNAS_CAMPAIGNS, "{\"campaigns\":[\"Autumn\",\"spring\"]}");
        assertAnswer("/graph/user-campaigns?user_id=bert", "{\"campaigns\":[]}");
        assertAnswer("/graph/user-campaigns?user_id=emil+%26+s%C3%B6hne", "{\"campaigns\":[\"été\"]}");
    }

    @Test
    void recommendsCampaignsOfUsersAlikeThatAUserDoesNotHave() {
        assertAnswer("/recommendations/campaigns?user_id=cleo", """
                [{"campaign":"Autumn","score":1.0,"users":1,"path":{"through":"users","nodes":[\
                {"label":"User","id":"cleo"},{"label":"Campaign","id":"spring"},{"label":"User","id":"anna"},\
                {"label":"Campaign","id":"Autumn"}],\
                "relationships":["PARTICIPATED_IN","PARTICIPATED_IN","PARTICIPATED_IN"]}}]""");
        assertAnswer("/recommendations/campaigns?user_id=anna", "[]");
        assertAnswer("/recommendations/campaigns?user_id=bert", "[]");
    }

    @Test
    void sumsUpTheEngagementOfAUserInUtc() {
        assertAnswer("/analytics/user-engagement?user_id=anna", """
                {"user_id":"anna","total_events":3,"first_event_time":"2025-09-01T10:00:00.000001Z",\
                "last_event_time":"2025-09-03T10:00:00Z"}""");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/recommendations/similar-users",
                "/recommendations/campaigns",
                "/graph/user-campaigns",
                "/analytics/user-engagement"
            })
    void aUserNobodyKnowsIs404(String path) {
        assertProblem(
                api.get(path + "?user_id=Anna"),
                404,
                "Not Found",
                "query: user_id must be a known user, got 'Anna'",
                path);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    /recommendations/similar-users |                          | user_id must be given, got 'nothing'
                    /graph/user-campaigns          | user=anna                | user_id must be given, got 'nothing'
                    /analytics/user-engagement     | user_id=                 | user_id must be 1 to 256 characters and not blank, got ''
                    /analytics/user-engagement     | user_id=%20              | user_id must be 1 to 256 characters and not blank, got ' '
                    /analytics/user-engagement     | user_id=a%00             | user_id must not hold the character 0, got 'a␀'
                    /graph/user-campaigns          | user_id=anna&user_id=anna| user_id must be given once, got '2 times'
                    /graph/user-campaigns          | user_id=%C3              | every parameter must be percent-encoded UTF-8, got '%C3'
                    /recommendations/similar-users | user_id=anna&limit=0     | limit must be an integer of 1 to 20, got '0'
                    /recommendations/similar-users | user_id=anna&limit=21    | limit must be an integer of 1 to 20, got '21'
                    /recommendations/similar-users | user_id=anna&limit=five  | limit must be an integer of 1 to 20, got 'five'
                    /recommendations/similar-users | user_id=anna&limit=5&limit=6 | limit must be given once, got '2 times'
                    """)
    void aBadParameterIs400WithItsRule(String path, String query, String rule) {
        assertProblem(api.get(path + (query == null ? "" : "?" + query)), 400, "Bad Request", "query: " + rule, path);
    }

    @Test
    void aParameterThatIsTooLongIsRefused() {
        String path = "/graph/user-campaigns";
        assertProblem(
                api.get(path + "?user_id=" + "x".repeat(257)),
                400,
                "Bad Request",
                "query: user_id must be 1 to 256 characters and not blank, got '" + "x".repeat(50) + "...'",
                path);
        // beyond 4,096 characters the server reads no further
        assertThat(api.get(path + "?user_id=" + "x".repeat(10_000)).statusCode())
                .isEqualTo(414);
    }

    @Test
    void aUrlThatCannotBeDecodedIs400() {
        String answer = RawHttp.get(api.port, ANNAS_CAMPAIGNS + "%zz");
        assertThat(answer)
                .startsWith("HTTP/1.1 400 Bad Request\r\n")
                .contains("Content-Type: application/problem+json\r\n", "X-Content-Type-Options: nosniff\r\n")
                .endsWith("""
                        {"type":"about:blank","title":"Bad Request","status":400,\
                        "detail":"query: the URL must be percent-encoded UTF-8","instance":"/graph/user-campaigns"}""");
        assertThat(RawHttp.get(api.port, "/%zz")).startsWith("HTTP/1.1 400 Bad Request\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "' OR '1'='1",
                "x'; DROP TABLE user_data; --",
                "\"}) DETACH DELETE n //",
                "$user_id",
                ":user_id",
                "${sys.user.home}",
                "${bean:findUserCampaigns}",
                "{{caravan.graph.password}}",
                "a\r\nSet-Cookie: x=1\r\n\r\n<html>",
                "<script>alert(1)</script>",
                "../../etc/passwd",
                "*:*",
                "anna\u202e",
                "аnna",
                "🐫",
                "%00",
                "RAW(anna)",
                "#bean:queryKey"
            })
    void aHostileUserIsOnlyAUserNobodyKnows(String user) {
        for (String path : List.of(
                "/recommendations/similar-users",
                "/recommendations/campaigns",
                "/graph/user-campaigns",
                "/analytics/user-engagement")) {
            HttpResponse<String> answer = api.get(path + "?user_id=" + URLEncoder.encode(user, StandardCharsets.UTF_8));
            String shown = user.replaceAll("[\r\n]", "␀");
            assertProblem(answer, 404, "Not Found", "query: user_id must be a known user, got '" + shown + "'", path);
        }
        assertThat(api.get("/analytics/user-engagement?user_id=anna").statusCode())
                .isEqualTo(200);
    }

    @Test
    void headersOfTheRequestChangeNothingAndDoNotComeBack() {
        HttpResponse<String> answer = api.get(
                ANNAS_CAMPAIGNS,
                "CamelHttpUri",
                "http://127.0.0.1:1/",
                "camelhttppath",
                "/health/live",
                "CAMELHTTPMETHOD",
                "DELETE",
                "CamelHttpQuery",
                "user_id=bert",
                "CamelHttpRawQuery",
                "user_id=bert",
                "CamelHttpResponseCode",
                "418",
                "camelBeanMethodName",
                "toString",
                "CamelFileName",
                "x",
                "Content-Type",
                "text/html;charset=UTF-16",
                "X-Forwarded-Prefix",
                "/evil",
                "X-Mine",
                "mine",
                "Cookie",
                "a=b",
                "Accept",
                "text/html");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"campaigns\":[\"Autumn\",\"spring\"]}");
        assertOnlyOwnHeaders(answer);
    }

    @Test
    void otherParametersChangeNothingAndDoNotComeBackAsHeaders() {
        HttpResponse<String> answer = api.get(ANNAS_CAMPAIGNS
                + "&CamelHttpRawQuery=user_id%3Dbert&CamelHttpResponseCode=418&CamelHttpPath=/x&Content-Type=text/html"
                + "&X-Mine=mine&Location=http://evil&limit=many");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"campaigns\":[\"Autumn\",\"spring\"]}");
        assertOnlyOwnHeaders(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO"})
    void everyOtherMethodIs405(String method) {
        for (String path : List.of(
                "/recommendations/similar-users",
                "/recommendations/campaigns",
                "/graph/user-campaigns",
                "/graph/recommendations",
                "/graph/similar-readers",
                "/graph/clubs",
                "/graph/readers",
                "/analytics/user-engagement",
                "/health/live",
                "/health/ready",
                "/openapi.json",
                "/swagger-ui",
                "/swagger-ui/index.html")) {
            HttpResponse<String> answer = api.send(method, path);
            assertThat(answer.headers().firstValue("Allow")).hasValue("GET");
            assertProblem(answer, 405, "Method Not Allowed", "query: method must be GET, got '" + method + "'", path);
        }
    }

    @Test
    void headHasNoBody() {
        HttpResponse<String> answer = api.send("HEAD", ANNAS_CAMPAIGNS);
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET");
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void aBodyMeansNothingHoweverLargeAndTheConnectionGoesOn() {
        URI uri = URI.create("http://127.0.0.1:" + api.port + ANNAS_CAMPAIGNS);
        HttpRequest.Builder form = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .method("GET", BodyPublishers.ofString("user_id=bert&CamelHttpResponseCode=418"));
        assertThat(api.send(form.build()).body()).isEqualTo("{\"campaigns\":[\"Autumn\",\"spring\"]}");
        HttpRequest large = HttpRequest.newBuilder(uri)
                .POST(BodyPublishers.ofByteArray(new byte[3_000_000]))
                .build();
        assertProblem(
                api.send(large),
                405,
                "Method Not Allowed",
                "query: method must be GET, got 'POST'",
                "/graph/user-campaigns");
        assertThat(api.get(ANNAS_CAMPAIGNS).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/nothing",
                "/graph",
                "/GRAPH/user-campaigns",
                "/graph/user-campaigns/x",
                "/health",
                "/v1/embeddings",
                "/embed",
                "/q/dev"
            })
    void aPathThatIsNotThereIs404(String path) {
        assertProblem(api.get(path), 404, "Not Found", "query: no such path; /openapi.json lists them", path);
        assertProblem(api.send("POST", path), 404, "Not Found", "query: no such path; /openapi.json lists them", path);
    }

    @Test
    void saysThatItLivesAndIsReady() {
        assertAnswer("/health/live", "{\"status\":\"UP\"}");
        assertAnswer("/health/ready", """
                {"status":"UP","checks":[{"name":"personalization","status":"UP"},{"name":"graph","status":"UP"},\
                {"name":"vectors","status":"UP"},{"name":"warehouse","status":"UP"}]}""");
    }

    @Test
    void answersManyAtOnce() {
        Map<String, String> answers = Map.of(
                ANNAS_CAMPAIGNS,
                api.get(ANNAS_CAMPAIGNS).body(),
                "/analytics/user-engagement?user_id=bert",
                api.get("/analytics/user-engagement?user_id=bert").body(),
                "/recommendations/similar-users?user_id=cleo",
                api.get("/recommendations/similar-users?user_id=cleo").body(),
                "/graph/user-campaigns?user_id=nobody",
                api.get("/graph/user-campaigns?user_id=nobody").body());
        HttpClient client = HttpClient.newHttpClient();
        List<CompletableFuture<?>> asked = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.forEach((path, body) -> asked.add(client.sendAsync(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .thenAccept(answer -> assertThat(answer.body()).isEqualTo(body))));
        }
        CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).join();
    }

    @Test
    void theOpenApiDocumentIsValidAndTellsEverything() throws Exception {
        HttpResponse<String> answer = api.get("/openapi.json");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(new OpenAPIV3Parser().readContents(answer.body()).getMessages())
                .isEmpty();
        JsonNode api = JsonMapper.builder().build().readTree(answer.body());
        assertThat(api.at("/paths").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "/recommendations/similar-users",
                        "/recommendations/campaigns",
                        "/graph/user-campaigns",
                        "/graph/recommendations",
                        "/graph/similar-readers",
                        "/graph/clubs",
                        "/graph/readers",
                        "/analytics/user-engagement",
                        "/health/live",
                        "/health/ready");
        JsonNode similar = api.at("/paths/~1recommendations~1similar-users/get");
        assertThat(similar.at("/parameters/0").toString()).isEqualTo("""
                        {"name":"user_id","in":"query","description":"Who it is about","required":true,\
                        "schema":{"maxLength":256,"minLength":1,"type":"string"}}""");
        assertThat(similar.at("/parameters/1/schema").toString())
                .isEqualTo("{\"maximum\":20,\"minimum\":1,\"type\":\"integer\",\"default\":5}");
        assertThat(similar.at("/security").toString()).isEqualTo("[{\"apiKey\":[]}]");
        for (String status : List.of("400", "401", "404", "500", "503")) {
            assertThat(similar.at("/responses/" + status + "/content").toString())
                    .isEqualTo(
                            "{\"application/problem+json\":{\"schema\":{\"$ref\":\"#/components/schemas/Problem\"}}}");
        }
        assertThat(similar.at("/responses/200/content/application~1json/schema").toString())
                .isEqualTo("{\"type\":\"array\",\"items\":{\"$ref\":\"#/components/schemas/SimilarUser\"}}");
        assertThat(api.at("/paths/~1graph~1readers/get/parameters/0/name").asText())
                .isEqualTo("book_id");
        assertThat(api.at("/components/schemas/GraphPath/properties").toString())
                .isEqualTo("""
                        {"through":{"type":"string"},"nodes":{"type":"array","items":{"$ref":"#/components/schemas/GraphNode"}},\
                        "relationships":{"type":"array","items":{"type":"string"}}}""");
        assertThat(api.at("/components/securitySchemes/apiKey").toString())
                .isEqualTo("{\"type\":\"apiKey\",\"description\":\"Wanted when caravan.api.key is set\","
                        + "\"name\":\"X-API-Key\",\"in\":\"header\"}");
        assertThat(api.at("/components/schemas/UserEngagement/required"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder("user_id", "total_events", "first_event_time", "last_event_time");
    }

    @Test
    void swaggerUiShowsOurDocumentAndAsksNobodyElse() {
        HttpResponse<String> folder = api.get("/swagger-ui");
        assertThat(folder.statusCode()).isEqualTo(308);
        assertThat(folder.headers().firstValue("Location")).hasValue("swagger-ui/");
        HttpResponse<String> page = api.get("/swagger-ui/");
        assertThat(page.body()).contains("<title>Swagger UI</title>").doesNotContain("http:", "https:");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'self';");
        String script = api.get("/swagger-ui/swagger-initializer.js").body();
        assertThat(script)
                .contains("url: '../openapi.json'", "validatorUrl: null")
                .doesNotContain("petstore");
        assertThat(api.get("/swagger-ui/swagger-ui-bundle.js").body()).hasSizeGreaterThan(1_000_000);
        assertThat(api.get("/swagger-ui/swagger-ui.css").headers().firstValue("Content-Type"))
                .hasValue("text/css;charset=UTF-8");
        assertProblem(
                api.get("/swagger-ui/LICENSE"),
                404,
                "Not Found",
                "query: Swagger UI has no such file",
                "/swagger-ui/LICENSE");
        assertThat(api.get("/swagger-ui/%2e%2e/%2e%2e/application.properties").statusCode())
                .isEqualTo(404);
        assertThat(api.get("/swagger-uix").statusCode()).isEqualTo(404);
    }

    @Test
    void noPageOfAnotherOriginMayAskAsItShips() {
        HttpResponse<String> preflight = api.send(
                "OPTIONS",
                ANNAS_CAMPAIGNS,
                "Origin",
                "https://app.example.com",
                "Access-Control-Request-Method",
                "GET");
        assertThat(preflight.statusCode()).isEqualTo(405);
        assertOnlyOwnHeaders(preflight);
    }

    private static void assertAnswer(String path, String json) {
        HttpResponse<String> answer = api.get(path);
        assertThat(answer.body()).isEqualTo(json);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertOnlyOwnHeaders(answer);
    }

    static void assertProblem(HttpResponse<String> answer, int status, String title, String detail, String instance) {
        JsonNode problem = JsonMapper.builder()
                .build()
                .createObjectNode()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", detail)
                .put("instance", instance);
        assertThat(answer.body()).isEqualTo(problem.toString());
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertOnlyOwnHeaders(answer);
    }

    private static void assertOnlyOwnHeaders(HttpResponse<String> answer) {
        assertThat(answer.headers().map().keySet())
                .isSubsetOf(
                        "allow",
                        "cache-control",
                        "content-length",
                        "content-type",
                        "vary",
                        "www-authenticate",
                        "x-content-type-options");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
    }
}
