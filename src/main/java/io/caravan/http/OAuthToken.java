package io.caravan.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.endpoint.PlainHttp;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;

/**
 * A token of OAuth 2 that a client gets by its own credentials (RFC 6749, 4.4). It is kept in memory alone and renewed before it ends, in
 * the last fifth of its time, a minute at most; one that cannot be renewed is used as long as it lasts. Thread-safe.
 */
final class OAuthToken {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_BYTES = 64 << 10;
    private static final Duration EARLY = Duration.ofMinutes(1);
    private static final Pattern SENT_AS_IT_IS = Pattern.compile("[A-Za-z0-9._~+/=-]+");

    private final HttpApi endpoint;
    private final Map<String, String> form;
    private final String secret;
    private final InstantSource clock;
    private Held held = new Held("", Instant.MIN, Instant.MIN);
    private String before = "";

    private record Held(String token, Instant renewed, Instant ends) {}

    /**
     * @param endpoint where tokens are given, with the client's credentials if they go in the header
     * @param form what is asked for, the client's credentials in it if they do not
     * @param secret what is in no message
     */
    OAuthToken(HttpApi endpoint, Map<String, String> form, String secret, InstantSource clock) {
        this.endpoint = endpoint;
        this.form = new LinkedHashMap<>(form);
        this.secret = secret;
        this.clock = clock;
    }

    void in(CamelContext context) {
        PlainHttp.check(
                context, endpoint.unit(), endpoint.setting(), endpoint.address().uri(), true);
        endpoint.setCamelContext(context);
    }

    /**
     * Sees to it that there is one, and tells it.
     *
     * <ul>
     *   <li>errors: {@link UnavailableException} when nobody gives one now, {@link ConfigurationException} when nobody will
     * </ul>
     */
    synchronized String ready() {
        Instant now = clock.instant();
        if (now.isBefore(held.renewed())) return held.token();
        try {
            Held next = asked(now);
            before = held.token();
            held = next;
        } catch (UnavailableException e) {
            if (!now.isBefore(held.ends())) throw e;
        }
        return held.token();
    }

    /** Hears that a server did not take it: another one is asked for the next time. */
    synchronized void refused(String token) {
        if (held.token().equals(token)) held = new Held(token, Instant.MIN, Instant.MIN);
    }

    /** The one that requests are signed with. */
    synchronized String held() {
        return held.token();
    }

    synchronized String hide(String text) {
        String hidden = secret.length() < 4 ? text : text.replace(secret, "*****");
        for (String token : new String[] {held.token(), before}) {
            if (!token.isEmpty()) hidden = hidden.replace(token, "*****");
        }
        return hidden;
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Held asked(Instant now) {
        byte[] body = form.entrySet().stream()
                .map(pair -> encoded(pair.getKey()) + "=" + encoded(pair.getValue()))
                .collect(Collectors.joining("&"))
                .getBytes(StandardCharsets.US_ASCII);
        Map<String, String> headers = Map.of("Content-Type", "application/x-www-form-urlencoded");
        HttpApi.Call call = new HttpApi.Call("POST", endpoint.address().uri(), headers, body);
        HttpApi.Answer answer = answer(call);
        if (!answer.success()) throw refusal(call, answer);
        JsonNode said = json(answer.body());
        String token = said.path("access_token").asText("");
        String type = said.path("token_type").asText("bearer");
        if (!SENT_AS_IT_IS.matcher(token).matches() || !type.equalsIgnoreCase("bearer")) {
            throw endpoint.wrong(call, answer.status(), "answer JSON with an access_token for bearer", "correct");
        }
        Optional<Duration> lasts = seconds(said.path("expires_in")).map(Duration::ofSeconds);
        Instant ends = lasts.map(now::plus).orElse(Instant.MAX);
        Instant renewed = lasts.map(l -> ends.minus(l.dividedBy(5).compareTo(EARLY) < 0 ? l.dividedBy(5) : EARLY))
                .orElse(Instant.MAX);
        return new Held(token, renewed, ends);
    }

    /** What the endpoint says may hold what it was told, which is also in the body. */
    private HttpApi.Answer answer(HttpApi.Call call) {
        try {
            return endpoint.exchange(call, MOST_BYTES, true);
        } catch (ConfigurationException e) {
            throw new ConfigurationException(hide(e.getMessage()));
        } catch (UnavailableException e) {
            throw new UnavailableException(hide(e.getMessage()), e.getCause());
        }
    }

    private ConfigurationException refusal(HttpApi.Call call, HttpApi.Answer answer) {
        String text = hide(endpoint.hide(new String(answer.body(), StandardCharsets.UTF_8)));
        String said = ServerMessage.of(text.getBytes(StandardCharsets.UTF_8));
        return endpoint.wrong(
                call,
                answer.status(),
                said.isEmpty() ? "" : " (" + said + ")",
                "give a token",
                "correct 'authName', 'authSecret', 'authScope', 'authClient' or");
    }

    private static JsonNode json(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (JsonProcessingException e) {
            return JSON.missingNode();
        } catch (IOException e) {
            throw new IllegalStateException(e); // they are in memory
        }
    }

    /** Some say the number as a text. */
    private static Optional<Long> seconds(JsonNode said) {
        long seconds = said.asLong(-1);
        return seconds < 0 || seconds > Integer.MAX_VALUE ? Optional.empty() : Optional.of(seconds);
    }
}
