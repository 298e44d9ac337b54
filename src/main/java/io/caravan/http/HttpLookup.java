package io.caravan.http;

import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/** Asks an API for one thing at a time. */
public final class HttpLookup implements CamelContextAware {

    private static final int MOST_REDIRECTS = 3;
    private static final int MOST_SAID = 16 << 10;
    private static final Set<Integer> DENIED = Set.of(401, 403, 407);
    /** Google says of a wrong key that the request is a bad one. */
    private static final Pattern OF_THE_KEY = Pattern.compile("api[_ ]?key|keyInvalid", Pattern.CASE_INSENSITIVE);

    private final HttpApi api;
    private final String keySetting;
    private final int mostBytes;

    /**
     * @param keySetting what is to be corrected when the API refuses the account
     * @param mostBytes of an answer; more is an error
     */
    public HttpLookup(HttpApi api, String keySetting, int mostBytes) {
        this.api = api;
        this.keySetting = keySetting;
        this.mostBytes = mostBytes;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        api.setCamelContext(context);
    }

    @Override
    public CamelContext getCamelContext() {
        return api.getCamelContext();
    }

    /** What the server said: status 200, or 404 for what it does not know. */
    public record Answer(int status, byte[] body) {}

    /** The same, each request sent once only, and held back by this throttle: for a check. */
    public HttpLookup once(Throttle throttle) {
        return new HttpLookup(api.once().throttled(throttle), keySetting, mostBytes);
    }

    /**
     * The answer to a GET; where it leads to another place of the same API, the answer there.
     *
     * <ul>
     *   <li>in: a path below the API's address, beginning with a slash; query parameters, encoded here
     *   <li>errors: {@link UnavailableException} when the server stays away, answers anything but 200 or 404, or too much;
     *       {@link ConfigurationException} for 401, 403 and 407, and a 400 that is about our key
     * </ul>
     */
    public Answer get(String path, Map<String, String> query) {
        URI uri = Address.below(api.address().uri(), path);
        for (Map.Entry<String, String> parameter : new TreeMap<>(query).entrySet()) {
            uri = Address.with(uri, parameter.getKey(), parameter.getValue());
        }
        HttpApi.Call call = HttpApi.Call.get(uri, Map.of());
        HttpApi.Answer answer = api.lookUp(call, mostBytes + 1);
        for (int i = 0;
                i < MOST_REDIRECTS
                        && answer.status() / 100 == 3
                        && answer.location().isPresent();
                i++) {
            Optional<URI> there =
                    api.address().follow(call.uri(), answer.location().get());
            if (there.isEmpty()) break;
            call = HttpApi.Call.get(there.get(), Map.of());
            answer = api.lookUp(call, mostBytes + 1);
        }
        if (answer.body().length > mostBytes) {
            throw new UnavailableException(
                    api.unit() + ": " + call + " must answer at most " + mostBytes + " bytes, got 'more'", null);
        }
        if (answer.status() != 200 && answer.status() != 404) throw refused(call, answer);
        return new Answer(answer.status(), answer.body());
    }

    /** What to throw when what answers is another kind of server; {@code got}: by what we know. */
    public ConfigurationException other(String got) {
        return api.server().other("", got);
    }

    private RuntimeException refused(HttpApi.Call call, HttpApi.Answer answer) {
        String body = api.hide(
                new String(answer.body(), 0, Math.min(MOST_SAID, answer.body().length), StandardCharsets.UTF_8));
        String said = ServerMessage.of(body.getBytes(StandardCharsets.UTF_8));
        String why = said.isEmpty() ? "" : ": " + said;
        int status = answer.status();
        if (DENIED.contains(status)
                || (status == 400 && OF_THE_KEY.matcher(body).find())) {
            return api.server().denied(status == 403, "", api.who(), "status " + status + why, keySetting);
        }
        return new UnavailableException(
                api.unit() + ": " + call + " must answer 200 or 404, got '" + status + "'" + why, null);
    }
}
