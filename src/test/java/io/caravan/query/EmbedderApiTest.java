package io.caravan.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.caravan.embedding.OnnxEmbedder;
import io.caravan.embedding.SharedEmbedder;
import io.caravan.embedding.TinyModel;
import io.swagger.v3.parser.OpenAPIV3Parser;
import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors over HTTP, in the shapes of OpenAI and of Text Embeddings Inference, from a model of which the answers are known. */
class EmbedderApiTest {

    private static final String KEY = "a key of the embedder";
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    @TempDir
    static Path folder;

    private static QueryApi api;
    private static OnnxEmbedder direct;

    @BeforeAll
    static void start() throws Exception {
        TinyModel tiny = new TinyModel(folder.resolve("tiny"));
        QueryStores stores = new QueryStores(folder);
        Properties settings = stores.settings();
        settings.setProperty("caravan.embedder.enabled", "true");
        settings.setProperty("caravan.embedder.key", KEY);
        settings.setProperty("caravan.embedding.model", tiny.folder().toString());
        settings.setProperty("caravan.embedder.textsPerRequest", "300");
        settings.setProperty("caravan.embedder.charactersPerText", "2000");
        settings.setProperty("caravan.embedder.bodyBytes", "100000");
        settings.setProperty("caravan.api.timeoutMillis", "2000");
        api = new QueryApi(settings);
        direct = new OnnxEmbedder(tiny.folder().toString(), 8);
    }

    @AfterAll
    static void stop() {
        direct.close();
        api.close();
    }

    @Test
    void answersAsOpenAiDoes() throws Exception {
        HttpResponse<String> answer = post("/v1/embeddings", "{'input':['red','blue red',''],'model':'tiny'}");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        JsonNode json = JSON.readTree(answer.body());
        assertThat(json.fieldNames()).toIterable().containsExactly("object", "data", "model", "usage");
        assertThat(json.path("object").asText()).isEqualTo("list");
        assertThat(json.path("model").asText()).isEqualTo(direct.model()).startsWith("tiny:");
        assertThat(json.path("usage").toString()).isEqualTo("{\"prompt_tokens\":3,\"total_tokens\":3}");
        float[][] wanted = direct.embed(List.of("red", "blue red", ""));
        for (int i = 0; i < 3; i++) {
            JsonNode one = json.path("data").path(i);
            assertThat(one.fieldNames()).toIterable().containsExactly("object", "index", "embedding");
            assertThat(one.path("object").asText()).isEqualTo("embedding");
            assertThat(one.path("index").asInt()).isEqualTo(i);
            assertThat(vector(one.path("embedding"))).isEqualTo(wanted[i]);
        }
    }

    @Test
    void aSingleTextDimensionsBase64AndAPromptAreAsAsked() throws Exception {
        JsonNode json = ok(
                "/v1/embeddings", """
                {'input':'red','model':'bundled?','dimensions':3,'encoding_format':'base64','prompt_name':'query'}""".replace("bundled?", folder.resolve("tiny").toString()));
        byte[] bytes = Base64.getDecoder().decode(json.at("/data/0/embedding").asText());
        float[] made = new float[3];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(made);
        float[] whole = direct.prompted("query").embed(List.of("red"))[0];
        float[] wanted = Arrays.copyOf(whole, 3);
        double length = Math.sqrt(IntStream.range(0, 3)
                .mapToDouble(d -> (double) wanted[d] * wanted[d])
                .sum());
        for (int d = 0; d < 3; d++) assertThat(made[d]).isCloseTo((float) (wanted[d] / length), within(1e-6f));
        assertThat(json.path("model").asText())
                .isEqualTo(direct.prompted("query").model());
        assertThat(json.at("/usage/prompt_tokens").asInt()).isEqualTo(3);
    }

    @Test
    void answersAsTextEmbeddingsInferenceDoes() throws Exception {
        float[][] wanted = direct.embed(List.of("red", "green"));
        JsonNode json = ok("/embed", "{'inputs':['red','green'],'truncate':true,'normalize':true}");
        assertThat(json.size()).isEqualTo(2);
        assertThat(vector(json.path(1))).isEqualTo(wanted[1]);
        JsonNode one = ok("/embed", "{'inputs':'red'}");
        assertThat(vector(one.path(0))).isEqualTo(wanted[0]);
        assertThat(one.size()).isOne();
    }

    @Test
    void aTextLongerThanTheModelReadsIsCutOrRefusedAsAsked() throws Exception {
        String longer = "red ".repeat(300) + "blue";
        float[] cut = direct.embed(List.of(longer))[0];
        assertThat(vector(ok("/embed", "{'inputs':'" + longer + "','truncate':true}")
                        .path(0)))
                .isEqualTo(cut);
        assertThat(vector(ok("/v1/embeddings", "{'input':'" + longer + "'}").at("/data/0/embedding")))
                .isEqualTo(cut);
        HttpResponse<String> refused = post("/embed", "{'inputs':['red','" + longer + "']}");
        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(refused.body())
                .isEqualTo("{\"error\":\"embedder: inputs[1] must have at most 256 tokens, or be cut,"
                        + " got 'more'\",\"error_type\":\"Validation\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '^',
            value = {
                "{'input':[1,2,3]} # 400 # input[0] must be text: tokens are not taken, send the text itself, got '1'",
                "{'input':[[1,2],[3]]} # 400 # input[0] must be text: tokens are not taken, send the text itself, got 'a list'",
                "{'input':[]} # 400 # input must hold at least one text, got 'none'",
                "{'input':['a',null]} # 400 # input[1] must be text, got 'null'",
                "{'input':{}} # 400 # input must be a text or a list of texts, got 'an object'",
                "{} # 400 # input must be a text or a list of texts, got 'nothing'",
                "[] # 400 # the body must be a JSON object, got 'something else'",
                "{'input':'a','encoding_format':'int8'} # 400 # encoding_format must be float or base64, got 'int8'",
                "{'input':'a','dimensions':9} # 400 # dimensions must be a whole number of 1 to 8, got '9'",
                "{'input':'a','dimensions':0} # 400 # dimensions must be a whole number of 1 to 8, got '0'",
                "{'input':'a','dimensions':1.5} # 400 # dimensions must be a whole number of 1 to 8, got '1.5'",
                "{'input':'a','dimensions':99999999999999999999} # 400 # dimensions must be a whole number of 1 to 8,"
                        + " got '99999999999999999999'",
                "{'input':'a','model':'gpt-9'} # 404 # model must be tiny, the one that is served, got 'gpt-9'",
                "{'input':'red bad'} # 413 # input must be a text that the model can embed, got 'another'",
                "{'input':['red','bad','blue']} # 413 # input[1] must be a text that the model can embed, got 'another'"
            })
    void whatBreaksARuleIsSaidInOpenAisShape(String body, int status, String sentence) throws Exception {
        HttpResponse<String> answer = post("/v1/embeddings", body);
        JsonNode error = JSON.readTree(answer.body()).path("error");
        assertThat(error.path("message").asText()).isEqualTo("embedder: " + sentence);
        assertThat(error.fieldNames()).toIterable().containsExactly("message", "type", "param", "code");
        assertThat(error.path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(answer.statusCode()).isEqualTo(status);
    }

    @Test
    void whatIsNoJsonOrNamesNoPromptIsRefused() throws Exception {
        for (String body : List.of("", "{", "{'input':'a','input':'b'}", "{'input':'a'} x", "\u0000")) {
            HttpResponse<String> answer = post("/v1/embeddings", body);
            assertThat(answer.statusCode()).as(body).isEqualTo(400);
        }
        HttpResponse<String> prompt = post("/v1/embeddings", "{'input':'a','prompt_name':'passage'}");
        assertThat(prompt.statusCode()).isEqualTo(400);
        assertThat(prompt.body()).contains("config_sentence_transformers.json, [document, query], got 'passage'");
        assertThat(post("/embed", "{'inputs':'a','normalize':false}").statusCode())
                .isEqualTo(422);
        assertThat(post("/embed", "{'inputs':[1]}").body()).contains("\"error_type\":\"Validation\"");
    }

    @Test
    void tooManyTextsTooLongOnesAndTooManyBytesAre413() throws Exception {
        String many = "{'input':[" + "'a',".repeat(300) + "'a']}";
        assertThat(message(post("/v1/embeddings", many), 413))
                .isEqualTo("embedder: input must hold at most 300 texts, got '301'");
        assertThat(message(post("/v1/embeddings", "{'input':'" + "a".repeat(2001) + "'}"), 413))
                .isEqualTo("embedder: input must have at most 2000 characters, got '2001'");
        assertThat(message(post("/v1/embeddings", "{'input':'" + "a".repeat(100_000) + "'}"), 413))
                .startsWith("embedder: the body must have at most 100000 bytes; ");
        assertThat(post("/v1/embeddings", "{'input':'red'}").statusCode()).isEqualTo(200);
    }

    @Test
    void aBodyThatNeverEndsIsRefusedAfterTheTimeLimit() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", api.port)) {
            socket.setSoTimeout(20_000);
            String head = "POST /v1/embeddings HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\nAuthorization: Bearer "
                    + KEY + "\r\n\r\n{";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(answer);
            assertThat(answer.toString(StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 408 ")
                    .contains("the body must arrive within 2000 ms");
        }
    }

    @Test
    void withoutTheKeyNothingIsAnswered() throws Exception {
        for (String path : List.of("/v1/embeddings", "/embed")) {
            for (String header : List.of("Bearer wrong", "Bearer ", KEY, "Basic " + KEY)) {
                HttpResponse<String> answer = send(path, "{'input':'red','inputs':'red'}", "Authorization", header);
                assertThat(answer.statusCode()).as(header).isEqualTo(401);
                assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("Bearer realm=\"caravan\"");
                assertThat(answer.body()).doesNotContain(KEY);
            }
            assertThat(send(path, "{'input':'red','inputs':'red'}", "X-API-Key", KEY)
                            .statusCode())
                    .isEqualTo(200);
            assertThat(send(path, "{'input':'red','inputs':'red'}", "authorization", "bearer  " + KEY)
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(JSON.readTree(send("/v1/embeddings", "{}", "X-API-Key", "x").body())
                        .at("/error/code")
                        .asText())
                .isEqualTo("invalid_api_key");
    }

    @Test
    void onlyPostIsServed() {
        HttpResponse<String> answer = api.get("/v1/embeddings");
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("POST");
    }

    @Test
    void fiftyRequestsAtOnceAreAnsweredInFarFewerCallsOfTheModel() throws Exception {
        SharedEmbedder embedder = api.bean(SharedEmbedder.class);
        ok("/embed", "{'inputs':'red'}");
        long before = embedder.calls();
        HttpClient client = HttpClient.newHttpClient();
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            asked.add(client.sendAsync(
                    request("/v1/embeddings", "{'input':'" + words(i) + "'}", "Authorization", "Bearer " + KEY),
                    HttpResponse.BodyHandlers.ofString()));
        }
        for (int i = 0; i < 50; i++) {
            HttpResponse<String> answer = asked.get(i).get();
            assertThat(answer.statusCode()).isEqualTo(200);
            float[] made = vector(JSON.readTree(answer.body()).at("/data/0/embedding"));
            assertThat(made).as(words(i)).isEqualTo(direct.embed(List.of(words(i)))[0]);
        }
        assertThat(embedder.calls() - before).isBetween(1L, 25L);
    }

    @Test
    void aBadTextFailsItsOwnRequestOnlyAlthoughAllAreOneBatch() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String text = i % 8 == 3 ? "bad " + i : words(100 + i);
            asked.add(client.sendAsync(
                    request("/embed", "{'inputs':'" + text + "'}", "Authorization", "Bearer " + KEY),
                    HttpResponse.BodyHandlers.ofString()));
        }
        for (int i = 0; i < 40; i++) {
            assertThat(asked.get(i).get().statusCode()).as("" + i).isEqualTo(i % 8 == 3 ? 413 : 200);
        }
    }

    @Test
    void moreRequestsThanAreLetInAre429WithATimeToComeBack() throws Exception {
        SharedEmbedder embedder = api.bean(SharedEmbedder.class);
        List<SharedEmbedder.Admission> others = new ArrayList<>();
        for (int i = 0; i < 64; i++) others.add(embedder.admit().orElseThrow());
        try {
            HttpResponse<String> answer = post("/v1/embeddings", "{'input':'red'}");
            assertThat(answer.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(message(answer, 429)).startsWith("embedder: too many requests at the same time");
            assertThat(post("/embed", "{'inputs':'red'}").body()).contains("\"error_type\":\"Overloaded\"");
        } finally {
            others.forEach(SharedEmbedder.Admission::close);
        }
        assertThat(post("/v1/embeddings", "{'input':'red'}").statusCode()).isEqualTo(200);
    }

    @Test
    void theOpenApiDocumentHasBothPaths() throws Exception {
        String document = api.get("/openapi.json").body();
        assertThat(new OpenAPIV3Parser().readContents(document).getMessages()).isEmpty();
        JsonNode json = JSON.readTree(document);
        JsonNode embeddings = json.at("/paths/~1v1~1embeddings/post");
        assertThat(embeddings.at("/security").toString()).isEqualTo("[{\"bearerKey\":[]}]");
        assertThat(embeddings
                        .at("/requestBody/content/application~1json/schema/$ref")
                        .asText())
                .isEqualTo("#/components/schemas/EmbeddingsRequest");
        assertThat(embeddings
                        .at("/responses/200/content/application~1json/schema/$ref")
                        .asText())
                .isEqualTo("#/components/schemas/Embeddings");
        assertThat(json.at("/paths/~1embed/post/responses").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("200", "401", "413", "422", "429", "503");
    }

    private static String words(int number) {
        List<String> words = List.of("red", "green", "blue", "title", "none", "query", "red blue");
        return words.get(number % 7) + " " + words.get(number / 7 % 7) + " " + words.get(number / 49 % 7);
    }

    private static String message(HttpResponse<String> answer, int status) throws Exception {
        assertThat(answer.statusCode()).isEqualTo(status);
        return JSON.readTree(answer.body()).at("/error/message").asText();
    }

    private static JsonNode ok(String path, String body) throws Exception {
        HttpResponse<String> answer = post(path, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static HttpResponse<String> post(String path, String body) {
        return send(path, body, "Authorization", "Bearer " + KEY);
    }

    private static HttpResponse<String> send(String path, String body, String header, String value) {
        return api.send(request(path, body, header, value));
    }

    private static HttpRequest request(String path, String body, String header, String value) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port + path))
                .header("Content-Type", "application/json")
                .header(header, value)
                .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
                .build();
    }

    private static float[] vector(JsonNode numbers) {
        float[] vector = new float[numbers.size()];
        for (int d = 0; d < vector.length; d++) vector[d] = numbers.get(d).floatValue();
        return vector;
    }
}
