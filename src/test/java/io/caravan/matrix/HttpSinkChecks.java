package io.caravan.matrix;

import static io.caravan.matrix.Wrong.with;
import static io.caravan.matrix.Wrong.without;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code http-sink}, wrongly. */
final class HttpSinkChecks implements Supplier<List<Wrong>> {

    @Override
    public List<Wrong> get() {
        List<Wrong> all = new ArrayList<>(Wrong.servers(
                "store", "url", "an API", HttpSourceChecks::url, at -> parameters(HttpSourceChecks.url(at)), Map.of()));
        all.add(new Wrong("wrong token", () -> {
            String url = HttpSourceChecks.answering(403, "{}");
            return new Wrong.Seen(
                    parameters(url),
                    "store: access denied for auth 'bearer' at " + url + " (status 403);"
                            + " grant it the rights it needs, or correct 'auth', 'authName' and 'authSecret'");
        }));
        all.add(new Wrong("it moved", () -> {
            String url = HttpSourceChecks.answering(308, "");
            return new Wrong.Seen(
                    parameters(url),
                    "store: OPTIONS " + url + " must answer itself, redirects are not followed, got status '308';"
                            + " correct 'url'");
        }));
        all.add(new Wrong("no such list to verify with", () -> {
            String url = HttpSourceChecks.answering(404, "{}");
            return new Wrong.Seen(
                    with(parameters(url), "readUrl", url, "readKeyFields", "id"),
                    "store: page 1 of " + url + ": status must be 200, got '404'; correct 'readUrl'");
        }));
        return all;
    }

    private static Map<String, String> parameters(String url) {
        return without(HttpSourceChecks.parameters(url), "keyFields");
    }
}
