package io.caravan.http;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.format.JsonRecords;
import io.caravan.source.IncompleteSourceException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** The pages of one list of an API. Thread-safe. */
record HttpPages(HttpApi api, Paging paging, JsonPath records, long maxResponseBytes) {

    Address address() {
        return api.address();
    }

    URI first() {
        return paging.first(api.address().uri());
    }

    /** The same, asking once. */
    HttpPages once() {
        return new HttpPages(api.once(), paging, records, maxResponseBytes);
    }

    int retries() {
        return api.retries();
    }

    void pause(int attempt) {
        api.pause(attempt);
    }

    /** A page; empty where the answer is the end of the list. */
    Optional<HttpAnswer> page(URI uri, int number) {
        HttpAnswer answer = send(uri);
        if (!paging.ends(answer.status(), number)) return Optional.of(whole(answer, number));
        answer.close();
        if (answer.status() == 204) return Optional.empty();
        // a server in trouble can say so by chance, and all that is behind would count as deleted: it must say so again
        HttpAnswer again = send(uri);
        if (!paging.ends(again.status(), number)) return Optional.of(whole(again, number));
        again.close();
        return Optional.empty();
    }

    /** The first page, which must be there. */
    HttpAnswer get(URI uri) {
        return whole(send(uri), 1);
    }

    private HttpAnswer send(URI uri) {
        return api.send(HttpApi.Call.get(uri, Map.of()), maxResponseBytes);
    }

    /** Whether the answer to the request for the first page says that the list is empty. */
    boolean empty(HttpAnswer first) {
        return paging.ends(first.status(), 1);
    }

    /** An answer that has the page in it; what is no such answer is closed. */
    HttpAnswer whole(HttpAnswer answer, int number) {
        String encoding = answer.first("Content-Encoding").orElse("identity");
        if (answer.status() == 200 && encoding.equals("identity")) return answer;
        if (answer.status() == 200 && encoding.matches("(?i)(x-)?gzip")) return answer.unpacked();
        boolean redirect = answer.status() / 100 == 3;
        String said = redirect ? Quote.where(api.address().uri(), answer.first("Location")) : "";
        if (said.isEmpty()) said = Quote.of(api, api.address().uri(), answer);
        answer.close();
        String unit = api.unit() + ": page " + number + " of "
                + Address.shown(api.address().uri());
        String wrong = answer.status() == 200
                ? SettingChecks.sentence(unit, "Content-Encoding", "be identity, as asked, or gzip", encoding)
                : SettingChecks.sentence(unit, "status", "be 200", answer.status()) + said;
        if (number > 1) {
            throw new IncompleteSourceException(wrong
                    + (paging.couldEnd(answer.status())
                            ? "; if that is how the API ends a list, say so by endStatus: " + answer.status()
                            : ""));
        }
        throw new ConfigurationException(wrong
                + (redirect
                        ? "; redirects are not followed, set '" + api.setting() + "' to where it leads"
                        : "; correct '" + api.setting() + "'"));
    }

    JsonPage page(String name, InputStream body, JsonRecords reader) throws IOException {
        return new JsonPage(name, body, reader, records, paging.nextPath());
    }
}
