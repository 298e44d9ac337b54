package io.caravan.http;

import static io.caravan.http.ApiServer.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.caravan.endpoint.TestContext;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tokens of OAuth 2 by client credentials. */
class HttpOAuthTest {

    private static final String SECRET = "cl1ent/secret+&";

    private final AtomicInteger given = new AtomicInteger();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile String expiresIn = "3600";
    private volatile int tokenStatus = 200;
    /** The API takes the tokens from this number on. */
    private volatile int taken = 1;

    private final ApiServer login = new ApiServer(this::token);
    private final ApiServer api = new ApiServer(exchange -> {
        exchange.getRequestBody().readAllBytes();
        String token = exchange.getRequestHeaders().getFirst("Authorization");
        boolean good = token != null
                && token.startsWith("Bearer token-")
                && Integer.parseInt(token.substring("Bearer token-".length())) >= taken;
        answer(exchange, good ? 200 : 401, good ? "[]" : "{\"error\":\"no " + token + " of " + SECRET + "\"}");
    });

    private void token(HttpExchange exchange) throws IOException {
        String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
        asked.add(exchange.getRequestHeaders().getFirst("Content-Type") + " " + form + " "
                + exchange.getRequestHeaders().getFirst("Authorization"));
        answer(
                exchange,
                tokenStatus,
                tokenStatus == 200
                        ? "{\"access_token\":\"token-" + given.incrementAndGet()
                                + "\",\"token_type\":\"Bearer\",\"expires_in\":" + expiresIn + "}"
                        : "{\"error\":\"invalid_scope\",\"error_description\":\"unknown to " + SECRET + "\"}");
    }

    @AfterEach
    void close() {
        api.close();
        login.close();
    }

    @Test
    void oneTokenServesAllRequestsAndTheClientSaysWhoItIsInTheHeader() {
        HttpApi known = api("basic", "read write");
        IntStream.range(0, 20).parallel().forEach(i -> assertThat(get(known)).isEqualTo(200));
        String pair = "the+client:cl1ent%2Fsecret%2B%26";
        assertThat(asked)
                .containsExactly(
                        "application/x-www-form-urlencoded grant_type=client_credentials&scope=read+write Basic "
                                + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII)));
        assertThat(api.headers).extracting(h -> h.getFirst("Authorization")).containsOnly("Bearer token-1");
        assertThat(login.headers).hasSize(1);
    }

    @Test
    void orInTheBody() {
        assertThat(get(api("body", ""))).isEqualTo(200);
        assertThat(asked)
                .containsExactly("application/x-www-form-urlencoded grant_type=client_credentials&client_id=the+client"
                        + "&client_secret=cl1ent%2Fsecret%2B%26 null");
    }

    /** The server may end a token before its time, and one that it never takes is asked for once more only. */
    @Test
    void aTokenThatTheApiRefusesIsReplacedOnce() {
        HttpApi known = api("basic", "");
        assertThat(get(known)).isEqualTo(200);
        taken = 2;
        assertThat(get(known)).isEqualTo(200);
        assertThat(given).hasValue(2);
        taken = 100;
        assertThatThrownBy(() -> get(known))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("things: authentication failed for auth 'oauth2 the client' at " + api.url("/"))
                .hasMessageNotContaining(SECRET)
                .hasMessageNotContaining("token-");
        assertThat(given).hasValue(3);
    }

    @Test
    void aTokenIsRenewedBeforeItEndsAndUsedToItsEndWhenItCannotBe() {
        Instant[] now = {Instant.parse("2031-02-03T04:05:00Z")};
        InstantSource clock = () -> now[0];
        HttpApi endpoint = TestContext.knownTo(
                new HttpApi("things", "authUrl", login.url("/t"), "basic", "c", SECRET, "", 0, 1000, 5000, 0, 1, 1000));
        OAuthToken token = new OAuthToken(endpoint, Map.of("grant_type", "client_credentials"), SECRET, clock);
        expiresIn = "\"100\"";
        assertThat(token.ready()).isEqualTo("token-1");
        now[0] = now[0].plusSeconds(79);
        assertThat(token.ready()).isEqualTo("token-1");
        now[0] = now[0].plusSeconds(1);
        assertThat(token.ready()).as("in its last fifth").isEqualTo("token-2");
        tokenStatus = 503;
        now[0] = now[0].plusSeconds(99);
        assertThat(token.ready()).as("as long as it lasts").isEqualTo("token-2");
        now[0] = now[0].plusSeconds(1);
        assertThatThrownBy(token::ready).isInstanceOf(UnavailableException.class);
        tokenStatus = 200;
        expiresIn = "3600";
        assertThat(token.ready()).isEqualTo("token-3");
        now[0] = now[0].plusSeconds(3539);
        assertThat(token.ready()).isEqualTo("token-3");
        now[0] = now[0].plusSeconds(1);
        assertThat(token.ready()).as("a minute before").isEqualTo("token-4");
        assertThat(token.hide("a token-4 b " + SECRET)).isEqualTo("a ***** b *****");
    }

    @Test
    void whatTheTokenEndpointRefusesIsSaidWithoutSecrets() {
        tokenStatus = 400;
        assertThatThrownBy(() -> get(api("basic", "")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("things: POST " + login.url("/t")
                        + " must give a token, got status '400' (unknown to *****); correct 'authName', 'authSecret',"
                        + " 'authScope', 'authClient' or 'authUrl'");
        tokenStatus = 401;
        assertThatThrownBy(() -> get(api("body", "")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("things: authentication failed")
                .hasMessageContaining("authSecret")
                .hasMessageNotContaining(SECRET);
        tokenStatus = 503;
        assertThatThrownBy(() -> get(api("basic", "")))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("correct 'authUrl'");
        assertThat(api.asked).isEmpty();
        assertThatThrownBy(() ->
                        new HttpApi("things", "http://x", "oauth2", "", "", "", 0, 1, 1, 0, 1, 1, "", "", "header"))
                .hasMessageContaining("authName must not be blank")
                .hasMessageContaining("authUrl must not be blank")
                .hasMessageContaining("authClient must be basic or body, got 'header'");
    }

    private static int get(HttpApi api) {
        try (HttpAnswer answer = api.send(HttpApi.Call.get(api.address().uri(), Map.of()), 1000)) {
            return answer.status();
        }
    }

    private HttpApi api(String client, String scope) {
        return TestContext.knownTo(new HttpApi(
                "things",
                api.url("/"),
                "oauth2",
                "the client",
                SECRET,
                "",
                0,
                1000,
                5000,
                0,
                1,
                1000,
                login.url("/t"),
                scope,
                client));
    }
}
