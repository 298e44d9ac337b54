package io.caravan.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.caravan.error.ConfigurationException;
import io.caravan.http.ApiServer;
import io.caravan.http.HttpApi;
import io.caravan.http.HttpLookup;
import io.caravan.ledger.ApiPace;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.ledger.PlainTransactions;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two contexts, each with connections of its own to one ledger as two processes have, ask one API that counts. */
class LedgerThrottlesTest {

    private static final int SILENT_SECONDS = 1;

    private final Endpoint database = TestStores.freshDatabase();
    private final AtomicInteger refuse = new AtomicInteger();
    private final List<Long> came = new CopyOnWriteArrayList<>();
    private final ApiServer api = new ApiServer(this::answer);
    private final List<LedgerDataSource> ledgers = new ArrayList<>();
    private final List<CamelContext> contexts = new ArrayList<>();
    private volatile String retryAfter = "" + SILENT_SECONDS;

    @BeforeEach
    void contexts() throws Exception {
        for (int i = 0; i < 2; i++) {
            LedgerDataSource ledger = new LedgerDataSource(database.uri(), database.user(), database.password());
            ledgers.add(ledger);
            CamelContext context = new DefaultCamelContext();
            context.getRegistry().bind("ledgerDataSource", ledger);
            context.getRegistry().bind("sharedThrottles", new LedgerThrottles());
            context.start();
            contexts.add(context);
        }
    }

    @AfterEach
    void close() {
        contexts.forEach(CamelContext::stop);
        ledgers.forEach(LedgerDataSource::close);
        api.close();
    }

    private void answer(HttpExchange exchange) throws IOException {
        came.add(System.nanoTime());
        boolean refused = refuse.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
        if (refused && !retryAfter.isEmpty()) exchange.getResponseHeaders().set("Retry-After", retryAfter);
        ApiServer.answer(exchange, refused ? 429 : 200, "{}");
    }

    private HttpLookup asking(int context, String budget, int perSecond) {
        HttpApi asked = new HttpApi(
                "api",
                api.url("/x"),
                "none",
                "",
                "",
                "",
                perSecond,
                5_000,
                5_000,
                3,
                1_000,
                60_000,
                "",
                "",
                "basic",
                budget);
        HttpLookup lookup = new HttpLookup(asked, "authSecret", 1_000);
        lookup.setCamelContext(contexts.get(context));
        return lookup;
    }

    @Test
    void bothTogetherSendNoMoreThanIsAllowed() {
        List<CompletableFuture<Void>> both = new ArrayList<>();
        for (int context = 0; context < 2; context++) {
            HttpLookup lookup = asking(context, "shared", 20);
            both.add(CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 10; i++) lookup.get("/y", Map.of());
            }));
        }
        both.forEach(CompletableFuture::join);
        assertThat(came).hasSize(20);
        assertThat(Duration.ofNanos(came.get(19) - came.get(0)))
                .as("19 gaps of 50 ms; each by itself would need 9")
                .isGreaterThan(Duration.ofMillis(19 * 50 - 100));
    }

    @Test
    void whenOneIsAskedToBeSilentTheOtherIsTooAlsoWithoutALimit() {
        asking(0, "shared", 0).get("/y", Map.of());
        for (int perSecond : List.of(0, 2)) {
            HttpLookup other = asking(1, "shared", perSecond);
            silence(asking(0, "shared", perSecond), other);
        }
    }

    @Test
    void tooManyRequestsMeanSilenceWithoutRetryAfterToo() {
        retryAfter = "";
        silence(asking(0, "shared", 0), asking(1, "shared", 0));
    }

    /** The other asks when the first has told the ledger. */
    private void silence(HttpLookup one, HttpLookup other) {
        came.clear();
        refuse.set(1);
        CompletableFuture<Void> first = CompletableFuture.runAsync(() -> one.get("/y", Map.of()));
        while (!silent()) Thread.onSpinWait();
        other.get("/y", Map.of());
        first.join();
        assertThat(came).hasSize(3);
        assertThat(Duration.ofNanos(came.get(1) - came.get(0)))
                .isGreaterThan(Duration.ofSeconds(SILENT_SECONDS).minusMillis(5));
    }

    private boolean silent() {
        return new PlainTransactions(ledgers.get(1)).<Boolean>in(c -> !ApiPace.silence(c, "shared at " + api.url(""))
                .isZero());
    }

    @Test
    void anotherBudgetAndNoneAreTheirOwn() {
        refuse.set(1);
        CompletableFuture<Void> first =
                CompletableFuture.runAsync(() -> asking(0, "shared", 0).get("/y", Map.of()));
        while (!silent()) Thread.onSpinWait();
        long asked = System.nanoTime();
        asking(1, "another", 0).get("/y", Map.of());
        asking(1, "", 0).get("/y", Map.of());
        assertThat(Duration.ofNanos(came.get(2) - asked)).isLessThan(Duration.ofMillis(SILENT_SECONDS * 1_000 - 100));
        first.join();
    }

    @Test
    void whereNobodyKeepsItABudgetIsRefused() throws Exception {
        HttpLookup lookup = asking(0, "shared", 0);
        try (CamelContext bare = new DefaultCamelContext()) {
            lookup.setCamelContext(bare);
            assertThatThrownBy(() -> lookup.get("/y", Map.of()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("api: budget must be blank where no bean of io.caravan.http.Throttles is");
        }
    }
}
