package io.caravan.matrix;

import static io.caravan.matrix.Wrong.with;

import io.caravan.http.ApiServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code http-source}, wrongly. */
final class HttpSourceChecks implements Supplier<List<Wrong>> {

    private static final String UNIT = "http-source";

    @Override
    public List<Wrong> get() {
        List<Wrong> all = new ArrayList<>(servers());
        all.add(new Wrong("wrong token", () -> {
            String url = answering(401, "{}");
            return new Wrong.Seen(
                    parameters(url),
                    UNIT + ": authentication failed for auth 'bearer' at " + url + " (status 401);"
                            + " correct 'auth', 'authName' and 'authSecret'");
        }));
        all.add(new Wrong("no such list", () -> {
            String url = answering(404, "{\"error\":\"none\"}");
            return new Wrong.Seen(
                    parameters(url),
                    UNIT + ": page 1 of " + url + ": status must be 200, got '404' (the answer says: none);"
                            + " correct 'url'");
        }));
        all.add(new Wrong("it moved", () -> {
            String url = answering(301, "");
            return new Wrong.Seen(
                    parameters(url),
                    UNIT + ": page 1 of " + url + ": status must be 200, got '301'; redirects are not followed, set"
                            + " 'url' to where it leads");
        }));
        all.add(new Wrong("it is in trouble", () -> {
            String url = answering(503, "");
            return new Wrong.Seen(
                    parameters(url),
                    UNIT + ": GET " + url + " failed 1 time, at last with status 503; try again later, look at its log"
                            + " or correct 'url'");
        }));
        all.add(new Wrong("a page of HTML", () -> {
            String url = answering(200, "<html>Log in</html>");
            return new Wrong.Seen(
                    parameters(url),
                    UNIT + ": url must give JSON with records at recordsPath, got '" + url
                            + "' (*); correct 'url' or 'recordsPath'");
        }));
        all.add(new Wrong("another path of the records", () -> {
            String url = answering(200, "{\"items\":[]}");
            return new Wrong.Seen(
                    with(parameters(url), "recordsPath", "data"),
                    UNIT + ": url must give JSON with records at recordsPath, got '" + url
                            + "' (*); correct 'url' or 'recordsPath'");
        }));
        return all;
    }

    private static List<Wrong> servers() {
        List<Wrong> all = new ArrayList<>(
                Wrong.servers(UNIT, "url", "an API", HttpSourceChecks::url, at -> parameters(url(at)), Map.of()));
        all.removeIf(wrong -> wrong.situation().equals(Wrong.HTML)); // said by its status
        all.add(new Wrong(Wrong.HTML, () -> {
            String url = url(WrongServer.HTML.address());
            return new Wrong.Seen(
                    parameters(url),
                    UNIT + ": page 1 of " + url + ": status must be 200, got '404' (*); correct 'url'");
        }));
        return all;
    }

    static String answering(int status, String body) {
        return new ApiServer(exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    ApiServer.answer(exchange, status, body);
                })
                .url("/things");
    }

    static String url(String at) {
        return "http://" + at + "/things";
    }

    static Map<String, String> parameters(String url) {
        return Map.of(
                "url", url + "?key=" + Wrong.SECRET,
                "keyFields", "id",
                "auth", "bearer",
                "authSecret", Wrong.SECRET + "-token",
                "connectTimeoutMillis", "1500",
                "timeoutMillis", "1500");
    }
}
