package io.caravan.library;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.book.Wanted;
import io.caravan.delivery.ErrorsAsExceptions;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.http.HttpApi;
import io.caravan.http.HttpLookup;
import io.caravan.http.Throttle;
import io.caravan.job.Claim;
import io.caravan.job.WorkTrip;
import io.caravan.ledger.PlainTransactions;
import io.caravan.ledger.Responses;
import io.caravan.ledger.Responses.Response;
import io.caravan.ledger.Transactions;
import io.caravan.pace.LedgerThrottles;
import io.caravan.record.JsonFault;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Asks one API about the book of a {@link Claim}: what it answered within {@code cacheDays} is not asked again, by any
 * worker; all workers together send no more than {@code requestsPerSecond}.
 *
 * <ul>
 *   <li>in: a claim; out: an {@link ApiAnswer}
 *   <li>errors: {@link UnavailableException} when the API stays away, or answers what is no JSON again and again
 * </ul>
 */
public final class AskApi implements Processor {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_BYTES = 4 << 20;
    private static final int REQUEST_DELAY_MILLIS = 200;
    private static final Throttle NO_LINE = () -> {};

    private final BookApi api;
    private final Throttle line;
    private final HttpLookup http;
    private final Transactions ledger;
    private final Duration cached;
    private final int retries;
    /** Whether answers that are too old were removed; once a process is enough. */
    private final AtomicBoolean forgotten = new AtomicBoolean();

    /**
     * @param api {@code google-books} or {@code open-library}
     * @param key sent as parameter {@code key}; blank for none
     * @param requestsPerSecond of all workers together; 0 for any number
     * @param timeoutMillis how long one request may take, to the last byte of its answer
     * @param requestRetries how often a request is sent again
     * @param maxWaitMillis how long all pauses of one request may be together
     * @param cacheDays how long an answer is taken for the present one; 0 asks again each time
     */
    // Object where Camel makes numbers of texts of digits, or texts of numbers with a point
    public AskApi(
            String api,
            String url,
            Object key,
            Object requestsPerSecond,
            int timeoutMillis,
            int requestRetries,
            int maxWaitMillis,
            int cacheDays,
            DataSource ledger) {
        this.api = BookApi.named(api);
        boolean keyed = !key.toString().isBlank();
        HttpApi http = new HttpApi(
                api,
                this.api.urlSetting(),
                url,
                keyed ? "query" : "none",
                keyed ? "key" : "",
                key,
                "",
                requestsPerSecond,
                timeoutMillis,
                timeoutMillis,
                requestRetries,
                REQUEST_DELAY_MILLIS,
                maxWaitMillis);
        new SettingChecks(api).between("cacheDays", cacheDays, 0, 36_500).check();
        this.ledger = new PlainTransactions(ledger);
        this.cached = Duration.ofDays(cacheDays);
        this.retries = requestRetries;
        double perSecond = Double.parseDouble(requestsPerSecond.toString());
        this.line = perSecond == 0
                ? NO_LINE
                : new LedgerThrottles(ledger).of(api, perSecond, Duration.ofMillis(maxWaitMillis));
        this.http = new HttpLookup(http.throttled(line), this.api.keySetting(), MOST_BYTES);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        http.setCamelContext(exchange.getContext());
        Claim claim = exchange.getMessage().getBody(Claim.class);
        ErrorsAsExceptions.run(() -> exchange.getMessage().setBody(ask(BookJob.wanted(claim))));
    }

    /** In a check: asks the API once, whatever cache and circuit say; in the line of all workers, if there is a ledger. */
    public void check(Exchange exchange) throws Exception {
        http.setCamelContext(exchange.getContext());
        WorkTrip trip = WorkTrip.of(exchange);
        ErrorsAsExceptions.run(() -> {
            CompletableFuture<Boolean> lined = trip.check("ledger", () -> ledger.in(c -> null));
            trip.check(api.name(), () -> check(http.once(lined.join() ? line : NO_LINE)));
        });
    }

    private void check(HttpLookup once) {
        boolean known = api.answers((path, query) -> {
            HttpLookup.Answer answer = once.get(path, query);
            if (answer.status() == 404) throw once.other("status 404");
            try {
                return json(new Response(answer.status(), answer.body()));
            } catch (UnavailableException e) {
                throw once.other("its answer is no JSON");
            }
        });
        if (!known) throw once.other("its answer is other JSON");
    }

    ApiAnswer ask(Wanted wanted) {
        return ApiAnswer.of(api.name(), api.facts(wanted, this::ask));
    }

    private Optional<JsonNode> ask(String path, Map<String, String> query) {
        if (!cached.isZero() && forgotten.compareAndSet(false, true))
            ledger.in(c -> Responses.forget(c, api.name(), cached));
        String request = path + new TreeMap<>(query);
        Optional<Response> known =
                cached.isZero() ? Optional.empty() : ledger.in(c -> Responses.find(c, api.name(), request, cached));
        if (known.isPresent()) return json(known.get());
        for (int attempt = 0; ; attempt++) {
            HttpLookup.Answer answer = http.get(path, query);
            Response response = new Response(answer.status(), answer.body());
            try {
                Optional<JsonNode> json = json(response);
                if (!cached.isZero()) {
                    ledger.in(c -> {
                        Responses.keep(c, api.name(), request, response);
                        return null;
                    });
                }
                return json;
            } catch (UnavailableException e) {
                if (attempt >= retries) throw e;
            }
        }
    }

    private Optional<JsonNode> json(Response response) {
        if (response.status() == 404) return Optional.empty();
        try {
            JsonNode json = JSON.readTree(response.body());
            if (json.isObject()) return Optional.of(json);
            throw new UnavailableException(
                    SettingChecks.sentence(api.name(), "an answer", "be a JSON object", json.getNodeType()), null);
        } catch (JacksonException e) {
            throw new UnavailableException(
                    SettingChecks.sentence(api.name(), "an answer", "be JSON", JsonFault.of(e)), e);
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory", e);
        }
    }
}
