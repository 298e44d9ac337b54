package io.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.Responses.Response;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What all workers know of an API. */
class ApiPaceTest {

    private static final Duration GAP = Duration.ofSeconds(10);
    private static LedgerDataSource ledger;

    @BeforeAll
    static void open() {
        Endpoint e = TestStores.freshDatabase();
        ledger = new LedgerDataSource(e.uri(), e.user(), e.password());
    }

    @AfterAll
    static void close() {
        ledger.close();
    }

    @Test
    void eachRequestHasAPlaceOfItsOwn() {
        assertThat(next("line")).isZero();
        assertThat(next("line")).isBetween(Duration.ofSeconds(9), GAP);
        assertThat(next("line")).isBetween(Duration.ofSeconds(19), Duration.ofSeconds(20));
        assertThat(next("another")).isZero();
    }

    @Test
    void aServerThatAsksForSilenceIsHeardByAll() {
        in(c -> {
            ApiPace.quiet(c, "quiet", Duration.ofMinutes(5));
            return null;
        });
        assertThat(next("quiet")).isBetween(Duration.ofSeconds(290), Duration.ofSeconds(300));
    }

    @Test
    void anAnswerIsKnownUntilItIsTooOld() {
        in(c -> {
            Responses.keep(c, "api", "q", new Response(200, new byte[] {1}));
            Responses.keep(c, "api", "q", new Response(404, new byte[] {2, 0}));
            return null;
        });
        Optional<Response> known = find("api", Duration.ofDays(1));
        assertThat(known).hasValueSatisfying(r -> {
            assertThat(r.status()).isEqualTo(404);
            assertThat(r.body()).containsExactly(2, 0);
        });
        assertThat(find("api", Duration.ZERO)).isEmpty();
        assertThat(find("other", Duration.ofDays(1))).isEmpty();
        int forgotten = in(c -> Responses.forget(c, "api", Duration.ZERO));
        assertThat(forgotten).isEqualTo(1);
        assertThat(find("api", Duration.ofDays(1))).isEmpty();
    }

    private static Optional<Response> find(String api, Duration age) {
        return in(c -> Responses.find(c, api, "q", age));
    }

    private static Duration next(String api) {
        return in(c -> ApiPace.next(c, api, GAP));
    }

    private static <T> T in(SqlWork<T> work) {
        return new PlainTransactions((DataSource) ledger).in(work);
    }
}
