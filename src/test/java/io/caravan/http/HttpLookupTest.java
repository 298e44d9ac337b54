package io.caravan.http;

import static io.caravan.http.RawServer.ascii;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.endpoint.TestContext;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.source.RecordReader;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpLookupTest {

    private static final int TIMEOUT = 400;
    private static final String HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n";

    /** What Camel loads at its first request is not what is measured. */
    @BeforeAll
    static void camelIsReady() {
        try (ApiServer server = new ApiServer(exchange -> ApiServer.answer(exchange, 200, "{}"))) {
            HttpApi api = TestContext.knownTo(
                    new HttpApi("api", server.url("/"), "none", "", "", "", 0, 60_000, 60_000, 0, 1, 0));
            new HttpLookup(api, "apiKey", 100).get("/thing", Map.of());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nX-Head: ", HEAD})
    void anAnswerThatDripsEndsWithTheTimeLimitOfTheRequest(String begin) throws IOException {
        try (RawServer server = new RawServer((request, out) -> {
            out.write(ascii(begin));
            for (int i = 0; i < 1_000; i++) drip(out, "x");
        })) {
            long begun = System.nanoTime();
            assertThatThrownBy(() -> lookup(server.url("/api"), 1).get("/thing", Map.of()))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage("api: cannot GET: apiUrl must lead to an API that answers, got '" + server.url("/api")
                            + "' (no answer in time); look at its load and the network between,"
                            + " raise its 'timeoutMillis' or 'connectTimeoutMillis', or correct 'apiUrl'");
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .as("two requests")
                    .isBetween(Duration.ofMillis(2 * TIMEOUT), Duration.ofMillis(6 * TIMEOUT));
            assertThat(server.asked).hasValue(2);
        }
    }

    @Test
    void aListThatIsReadAsItArrivesMayTakeLongerAsLongAsItComesOn() throws IOException {
        try (RawServer server = new RawServer((request, out) -> {
            String text = ",\"text\":\"" + "x".repeat(300) + "\"";
            out.write(ascii("HTTP/1.1 200 OK\r\nContent-Length: " + (91 + 10 * text.length()) + "\r\n\r\n["));
            for (int i = 0; i < 10; i++) drip(out, "{\"id\":" + i + text + "}" + (i < 9 ? "," : "]"));
        })) {
            HttpApi api = TestContext.knownTo(
                    new HttpApi("http-source", server.url("/"), "none", "", "", "", 0, 1_000, TIMEOUT, 0, 1, 100));
            Paging none = new Paging("http-source", "none", "", "", "", "", 1, "empty", 1);
            int records = 0;
            try (HttpSource source = new HttpSource(api, none, "", "id", 10_000);
                    RecordReader reader = source.open(source.objects().next())) {
                while (reader.read(bad -> {}).isPresent()) records++;
            }
            assertThat(records).isEqualTo(10);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 407})
    void whatShutsUsOutNamesTheSettingOfTheKey(int status) {
        try (ApiServer server = new ApiServer(exchange -> ApiServer.answer(exchange, status, "{\"message\":\"no\"}"))) {
            assertThatThrownBy(() -> lookup(server.url("/api"), 3).get("/thing", Map.of()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("api: " + (status == 403 ? "access denied" : "authentication failed") + " at "
                            + server.url("/api") + " (status " + status + ": no); "
                            + (status == 403 ? "grant it the rights it needs, or " : "") + "correct 'apiKey'");
            assertThat(server.asked).hasSize(1);
        }
    }

    @Test
    void aRequestThatTheServerMindsForAnotherReasonIsNotTheKeysFault() {
        try (ApiServer server = new ApiServer(exchange -> ApiServer.answer(exchange, 400, "{\"message\":\"q\"}"))) {
            assertThatThrownBy(() -> lookup(server.url("/api"), 3).get("/thing", Map.of("q", "x")))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage("api: GET " + server.url("/api/thing") + " must answer 200 or 404, got '400': q");
        }
    }

    private static HttpLookup lookup(String url, int retries) {
        HttpApi api = TestContext.knownTo(
                new HttpApi("api", "apiUrl", url, "none", "", "", "", 0, TIMEOUT, TIMEOUT, retries, 1, 1_000));
        return new HttpLookup(api, "apiKey", 2_000_000);
    }

    /** The pause is the server's fault that is tried here. */
    private static void drip(OutputStream out, String text) throws IOException {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        out.write(ascii(text));
        out.flush();
    }
}
