package io.caravan.http;

import io.caravan.error.UnavailableException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Asks an API for one thing at a time. */
public final class HttpLookup {

    private static final int MOST_REDIRECTS = 3;

    private final HttpApi api;
    private final int mostBytes;

    /** @param mostBytes of an answer; more is an error */
    public HttpLookup(HttpApi api, int mostBytes) {
        this.api = api;
        this.mostBytes = mostBytes;
    }

    /** What the server said: status 200, or 404 for what it does not know. */
    public record Answer(int status, byte[] body) {}

    /**
     * The answer to a GET; where it leads to another place of the same API, the answer there.
     *
     * <ul>
     *   <li>in: a path below the API's address, beginning with a slash; query parameters, encoded here
     *   <li>errors: {@link UnavailableException} when the server stays away, answers anything but 200 or 404, or too much;
     *       {@link io.caravan.error.ConfigurationException} for 401, 403 and 407
     * </ul>
     */
    public Answer get(String path, Map<String, String> query) {
        URI uri = Address.below(api.address().uri(), path);
        for (Map.Entry<String, String> parameter : new TreeMap<>(query).entrySet()) {
            uri = Address.with(uri, parameter.getKey(), parameter.getValue());
        }
        HttpApi.Call call = HttpApi.Call.get(uri, Map.of());
        HttpApi.Answer answer = api.exchange(call, mostBytes + 1, true);
        for (int i = 0;
                i < MOST_REDIRECTS
                        && answer.status() / 100 == 3
                        && answer.location().isPresent();
                i++) {
            Optional<URI> there =
                    api.address().follow(call.uri(), answer.location().get());
            if (there.isEmpty()) break;
            call = HttpApi.Call.get(there.get(), Map.of());
            answer = api.exchange(call, mostBytes + 1, true);
        }
        if (answer.body().length > mostBytes) {
            throw new UnavailableException(
                    api.unit() + ": " + call + " must answer at most " + mostBytes + " bytes, got 'more'", null);
        }
        if (answer.status() != 200 && answer.status() != 404) {
            throw new UnavailableException(
                    api.unit() + ": " + call + " must answer 200 or 404, got '" + answer.status() + "'", null);
        }
        return new Answer(answer.status(), answer.body());
    }

    /** Asks for nothing but an answer. */
    public void check() {
        api.exchange(HttpApi.Call.get(api.address().uri(), Map.of()), 1024, false);
    }
}
