package io.caravan.http;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.format.JsonRecords;
import io.caravan.source.IncompleteSourceException;
import java.io.IOException;
import java.net.URI;
import java.util.Map;

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

    HttpAnswer get(URI uri, int number) {
        return whole(api.send(HttpApi.Call.get(uri, Map.of()), maxResponseBytes), number);
    }

    /** An answer that has the page in it; what is no such answer is closed. */
    HttpAnswer whole(HttpAnswer answer, int number) {
        String encoding = answer.first("Content-Encoding").orElse("identity");
        if (answer.status() == 200 && encoding.equals("identity")) return answer;
        answer.close();
        String unit = api.unit() + ": page " + number + " of "
                + Address.shown(api.address().uri());
        String wrong = answer.status() == 200
                ? SettingChecks.sentence(unit, "Content-Encoding", "be identity, as asked", encoding)
                : SettingChecks.sentence(unit, "status", "be 200", answer.status());
        if (number > 1) throw new IncompleteSourceException(wrong);
        boolean redirect = answer.status() / 100 == 3;
        throw new ConfigurationException(wrong
                + (redirect
                        ? "; redirects are not followed, set '" + api.setting() + "' to where it leads"
                        : "; correct '" + api.setting() + "'"));
    }

    JsonPage page(String name, HttpAnswer answer, JsonRecords reader) throws IOException {
        return new JsonPage(name, answer.body(), reader, records, paging.nextPath());
    }
}
