package io.caravan.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.pool.DatabasePool;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuditTest {

    private final Endpoint at = TestStores.freshDatabase();
    private final DatabasePool pool = LedgerDatabase.open(at.uri(), at.user(), at.password(), 5_000, 60_000);
    private final PlainTransactions ledger = new PlainTransactions(pool);
    private final Flow flow = ledger.in(c -> Flows.of(c, "things"));

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void aRunWhoseProcessDiedEndsWhenTheNextBegins() {
        long dead = start(by(Map.of("a", "1"), Map.of()));
        assertThat(of(dead).status()).isEqualTo("running");
        assertThat(of(dead).finished()).isEmpty();
        long next = start(by(Map.of("a", "1"), Map.of()));
        assertThat(of(dead).status()).isEqualTo("failed");
        assertThat(of(dead).finished()).isPresent();
        ledger.in(c -> {
            Runs.finish(c, next, "partial", 7, "", Map.of());
            return null;
        });
        assertThat(of(next).status()).isEqualTo("partial");
        assertThat(of(next).recordsRead()).isEqualTo(7);
    }

    @Test
    void settingsAreKeptOnceHoweverManyRunsHadThem() {
        long one = start(by(Map.of("a", "1", "b", "2"), Map.of("c", "3")));
        long two = start(by(Map.of("b", "2", "a", "1"), Map.of("c", "4", "a", "9")));
        long three = start(by(Map.of("a", "12", "b", ""), Map.of()));
        assertThat(of(one).configuration())
                .isEqualTo(of(two).configuration())
                .isNotEqualTo(of(three).configuration());
        assertThat(settings(one)).isEqualTo(Map.of("a", "1", "b", "2", "c", "3"));
        assertThat(settings(two)).isEqualTo(Map.of("a", "9", "b", "2", "c", "4"));
        assertThat(settings(three)).isEqualTo(Map.of("a", "12", "b", ""));
        assertThat(ledger.<Long>in(
                        c -> Sql.first(c, r -> r.getLong(1), "select count(*) from ledger.audit_configuration")
                                .orElseThrow()))
                .isEqualTo(2);
    }

    @Test
    void whatPostgresqlCannotKeepFailsNoRun() {
        Starter odd = new Starter(
                "a\0b", "h", "\ud800", "x".repeat(20_000), "", "v", Map.of("k\0", "\udfff"), Map.of("g", "\0"));
        long run = start(odd);
        assertThat(of(run).user()).isEqualTo("a?b");
        assertThat(of(run).named()).isEqualTo("?");
        assertThat(of(run).command()).hasSize(8_003).endsWith("x...");
        assertThat(settings(run)).isEqualTo(Map.of("k?", "?", "g", "?"));
    }

    @Test
    void thePartsOfAPipelineAreItsToo() {
        Flow part = ledger.in(c -> Flows.of(c, "things[a]"));
        Flow other = ledger.in(c -> Flows.of(c, "things2"));
        for (Flow each : new Flow[] {flow, part, other})
            ledger.in(c -> Runs.start(c, each, "run", by(Map.of(), Map.of())));
        assertThat(newest(Optional.of("things"), 10))
                .extracting(Audit.Entry::pipeline)
                .containsExactly("things[a]", "things");
        assertThat(newest(Optional.empty(), 2)).hasSize(2);
    }

    private static Starter by(Map<String, String> settings, Map<String, String> given) {
        return new Starter("me", "here", "", "caravan run things", "things", "caravan 1", settings, given);
    }

    private long start(Starter by) {
        return ledger.in(c -> Runs.start(c, flow, "run", by));
    }

    private Map<String, String> settings(long run) {
        return ledger.in(c -> Audit.settings(c, run));
    }

    private List<Audit.Entry> newest(Optional<String> pipeline, int most) {
        return ledger.in(c -> Audit.newest(c, pipeline, most));
    }

    private Audit.Entry of(long run) {
        return ledger.in(c -> Audit.of(c, run)).orElseThrow();
    }
}
