package io.caravan.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.caravan.embedding.EmbedText;
import io.caravan.embedding.OnnxEmbedder;
import io.caravan.embedding.TinyModel;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.ledger.NoLedger;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code embed-text-action} with {@code endpoint}: our own embedder, and services that answer anything. */
class EmbedByServiceTest {

    private static final String KEY = "4711471147114711";

    /** What a stub answers: status, body, and Retry-After where it is not blank. */
    private record Reply(int status, String body, String retryAfter) {}

    @TempDir
    static Path folder;

    private static QueryApi api;
    private static OnnxEmbedder direct;
    private static DefaultCamelContext camel;

    private final List<String> refused = new ArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private HttpServer stub;

    @BeforeAll
    static void start() throws Exception {
        TinyModel tiny = new TinyModel(folder.resolve("tiny"));
        Properties settings = new QueryStores(folder).settings();
        settings.setProperty("caravan.embedder.enabled", "true");
        settings.setProperty("caravan.embedder.key", KEY);
        settings.setProperty("caravan.embedding.model", tiny.folder().toString());
        api = new QueryApi(settings);
        direct = new OnnxEmbedder(tiny.folder().toString(), 8);
        camel = new DefaultCamelContext();
        camel.start();
    }

    @AfterAll
    static void stop() {
        camel.stop();
        direct.close();
        api.close();
    }

    @AfterEach
    void stopStub() {
        if (stub != null) stub.stop(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/embeddings", "/embed"})
    void ourOwnEmbedderGivesTheVectorsOfTheModelAndWhatItRefusesIsALetter(String path) {
        List<String> texts = IntStream.range(0, 150)
                .mapToObj(i -> i % 50 == 7 ? "bad " + i : i % 9 == 0 ? "  " : "red ".repeat(i % 5) + "blue " + i)
                .toList();
        try (EmbedText step = step("http://127.0.0.1:" + api.port + path, KEY, "bundled", "query", 5, new NoLedger())) {
            List<Record> made = apply(step, texts);
            assertThat(refused).hasSize(3).allSatisfy(reason -> assertThat(reason)
                    .contains("message must be a text that the model can embed", "refuses texts: status 413"));
            assertThat(made).hasSize(147);
            for (Record record : made) {
                String text = record.get("message").orElseThrow().toString();
                float[] whole = direct.prompted("query").embed(List.of(text))[0];
                float[] vector = (float[]) record.get("vector").orElseThrow();
                assertThat(vector).hasSize(5);
                double dot = IntStream.range(0, 5)
                        .mapToDouble(d -> (double) vector[d] * whole[d])
                        .sum();
                double length = Math.sqrt(IntStream.range(0, 5)
                        .mapToDouble(d -> (double) whole[d] * whole[d])
                        .sum());
                if (text.isBlank()) assertThat(vector).containsOnly(0);
                else assertThat(dot / length).as(text).isGreaterThan(0.99999);
            }
        }
    }

    @Test
    void aWrongKeyEndsTheRunAndIsNotSaid() {
        try (EmbedText step =
                step("http://127.0.0.1:" + api.port + "/embed", "wrong-key", "", "none", 0, new NoLedger())) {
            assertThatThrownBy(() -> apply(step, List.of("red")))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("authentication failed")
                    .hasMessageEndingWith("correct 'apiKey'")
                    .hasMessageNotContaining("wrong-key");
        }
    }

    @Test
    void asksAgainWhenTheServiceSaysLaterAndSendsSixtyFourTextsAtMost() throws Exception {
        int[] asked = {0};
        String url = stub(
                "/v1/embeddings",
                body -> ++asked[0] % 2 == 1
                        ? new Reply(429, "{\"error\":{\"message\":\"slower\"}}", "0")
                        : new Reply(200, answer(texts(body), ""), ""));
        try (EmbedText step = step(url, "", "some-model", "none", 0, new NoLedger())) {
            List<Record> made = apply(
                    step, IntStream.range(0, 130).mapToObj(i -> "text " + i).toList());
            assertThat(made).hasSize(130);
            assertThat(refused).isEmpty();
            assertThat(asked[0]).isEqualTo(6);
            assertThat(bodies).allSatisfy(body -> assertThat(body)
                    .contains("\"model\":\"some-model\"", "\"encoding_format\":\"float\"")
                    .doesNotContain("prompt_name", "dimensions"));
        }
    }

    @Test
    void vectorsStandWhereTheirIndexSays() throws Exception {
        String url = stub("/v1/embeddings", body -> new Reply(200, """
                {"model":"m","data":[{"index":1,"embedding":[2,2]},{"index":0,"embedding":"AACAPwAAgD8="}]}""", ""));
        try (EmbedText step = step(url, "", "", "none", 0, new NoLedger())) {
            List<Record> made = apply(step, List.of("a", "b"));
            assertThat((float[]) made.get(0).get("vector").orElseThrow()).containsExactly(1, 1);
            assertThat((float[]) made.get(1).get("vector").orElseThrow()).containsExactly(2, 2);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '^',
            value = {
                "200 # {'data':[{'index':0,'embedding':[1,2]}]} # have one vector for each of 2 texts, got '1'",
                "200 # {'data':[{'index':0,'embedding':[1]},{'index':0,'embedding':[1]}]} # have each index once, got '0'",
                "200 # {'data':[{'index':0,'embedding':[1]},{'index':2,'embedding':[1]}]} # have an index of 0 to 1",
                "200 # {'data':[{'embedding':[1]},{'index':1,'embedding':[1]}]} # have an index of 0 to 1",
                "200 # {'data':[{'index':0,'embedding':[]},{'index':1,'embedding':[1]}]} # have numbers in each vector",
                "200 # {'data':[{'index':0,'embedding':[1,2]},{'index':1,'embedding':[1]}]} # have 2 dimensions, got '1'",
                "200 # {'data':[{'index':0,'embedding':{}},{'index':1,'embedding':[1]}]} # have a list of numbers",
                "200 # {'data':[{'index':0,'embedding':'%'},{'index':1,'embedding':[1]}]} # have base64 or a list",
                "200 # {'data':'none'} # have a list of vectors in data",
                "200 # <html></html> # be JSON",
                "200 # [] # have a list of vectors in data",
                "404 # {'error':{'message':'no such model'}} # answers with vectors, got 'status 404: no such model'",
                "302 # {} # answers with vectors, got 'status 302: {}'"
            })
    void anAnswerThatIsNoneEndsTheRun(int status, String body, String rule) throws Exception {
        String url = stub("/v1/embeddings", asked -> new Reply(status, body.replace('\'', '"'), ""));
        try (EmbedText step = step(url, "", "", "none", 0, new NoLedger())) {
            assertThatThrownBy(() -> apply(step, List.of("a", "b")))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining(rule);
        }
        assertThat(refused).isEmpty();
    }

    @Test
    void anotherNumberOfDimensionsThanAskedForIsRefused() throws Exception {
        String url = stub("/embed", body -> new Reply(200, "[[1,2,3]]", ""));
        try (EmbedText step = step(url, "", "", "none", 2, new NoLedger())) {
            assertThatThrownBy(() -> apply(step, List.of("a")))
                    .hasMessageContaining("a vector of the service must have 2 dimensions, got '3'");
        }
        assertThat(bodies).containsExactly("{\"inputs\":[\"a\"],\"truncate\":true,\"dimensions\":2}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"NaN\"", "1e999"})
    void whatIsNoNumberIsALetterOfItsText(String number) throws Exception {
        String url = stub("/v1/embeddings", body -> new Reply(200, answer(texts(body), number), ""));
        try (EmbedText step = step(url, "", "", "none", 0, new NoLedger())) {
            assertThat(apply(step, List.of("a", "odd", "b", "c"))).hasSize(3);
        }
        assertThat(refused).hasSize(1).allSatisfy(reason -> assertThat(reason).contains("hold finite numbers"));
    }

    @Test
    void aServiceThatChangesItsModelInTheMiddleIsRefused() throws Exception {
        int[] asked = {0};
        String url = stub(
                "/v1/embeddings",
                body -> new Reply(200, answer(texts(body), "").replace("\"m\"", "\"m" + ++asked[0] / 2 + "\""), ""));
        try (EmbedText step = step(url, "", "", "none", 0, new NoLedger())) {
            apply(step, List.of("a"));
            assertThatThrownBy(() -> apply(step, List.of("b")))
                    .hasMessageContaining("the service's model must stay m0, got 'm1'");
        }
    }

    @Test
    void vectorsOfAnotherModelAreNotMixedWithThoseInTheCacheWhateverTheServiceCallsIt() throws Exception {
        Endpoint database = TestStores.freshDatabase();
        boolean[] changed = {false};
        String url = stub("/v1/embeddings", body -> {
            String answer = answer(texts(body), "");
            return new Reply(200, changed[0] ? answer.replace("[1,", "[-1,") : answer, "");
        });
        try (LedgerDataSource ledger = new LedgerDataSource(database.uri(), database.user(), database.password())) {
            try (EmbedText first = step(url, "", "m", "none", 0, ledger)) {
                assertThat(apply(first, List.of("a", "b"))).hasSize(2);
            }
            int before = bodies.size();
            try (EmbedText again = step(url, "", "m", "none", 0, ledger)) {
                assertThat(apply(again, List.of("b", "a"))).hasSize(2);
            }
            assertThat(bodies).as("only the known text is embedded again").hasSize(before + 1);
            changed[0] = true;
            try (EmbedText other = step(url, "", "m", "none", 0, ledger)) {
                assertThatThrownBy(() -> apply(other, List.of("c")))
                        .isInstanceOf(CaravanException.class)
                        .hasMessageContaining("must make the vectors it made before (cosine 0.999 or more)")
                        .hasMessageContaining("say another 'revision'");
            }
            try (EmbedText revised =
                    new EmbedText("message", "vector", "m", ledger, 8, "none", 0, url, "", 5_000, "second")) {
                revised.setCamelContext(camel);
                assertThat(apply(revised, List.of("c"))).hasSize(1);
            }
        }
    }

    @Test
    void anEndpointOfNeitherShapeIsRefusedAtTheStart() {
        assertThatThrownBy(() -> step("http://localhost:8080/v1", "", "", "none", 0, new NoLedger()))
                .hasMessage("embed-text-action: endpoint must end with /embeddings or /embed, got"
                        + " 'http://localhost:8080/v1'");
    }

    private static EmbedText step(
            String endpoint, String key, String model, String prompt, int dimensions, DataSource ledger) {
        EmbedText step =
                new EmbedText("message", "vector", model, ledger, 8, prompt, dimensions, endpoint, key, 5_000, "");
        step.setCamelContext(camel);
        return step;
    }

    private List<Record> apply(EmbedText step, List<String> texts) {
        Fields fields = Fields.of("id", "message");
        List<Record> batch = IntStream.range(0, texts.size())
                .mapToObj(i ->
                        Record.read("" + i, fields, new Object[] {"" + i, texts.get(i)}, new Origin("o", 1), Hash.NONE))
                .toList();
        return step.apply(batch, (record, reason) -> refused.add(reason.getMessage()));
    }

    /** The texts of a request in the shape of OpenAI. */
    private static List<String> texts(String body) {
        String list = body.replaceFirst(".*\"input\":\\[\"", "").replaceFirst("\"].*", "");
        return List.of(list.split("\",\""));
    }

    /** A vector for each; the first number of that of {@code odd} is as told. */
    private static String answer(List<String> texts, String odd) {
        return IntStream.range(0, texts.size())
                .mapToObj(i -> "{\"index\":" + i + ",\"embedding\":["
                        + (texts.get(i).equals("odd") && !odd.isEmpty() ? odd : "1") + ",0.25]}")
                .collect(Collectors.joining(",", "{\"object\":\"list\",\"model\":\"m\",\"data\":[", "]}"));
    }

    private String stub(String path, Function<String, Reply> replies) throws IOException {
        stub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        stub.createContext(path, exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            bodies.add(body);
            Reply reply = replies.apply(body);
            byte[] bytes = reply.body().getBytes(StandardCharsets.UTF_8);
            if (!reply.retryAfter().isEmpty()) exchange.getResponseHeaders().add("Retry-After", reply.retryAfter());
            exchange.sendResponseHeaders(reply.status(), bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        stub.start();
        return "http://127.0.0.1:" + stub.getAddress().getPort() + path;
    }
}
