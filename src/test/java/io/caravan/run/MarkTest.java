package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.error.UnavailableException;
import io.caravan.run.RunReport.Status;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A store is marked as patiently as it is written: one that is away for a moment fails no sink. */
class MarkTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private final Things things = new Things(ledger);
    private final Throttled left = new Throttled();

    @BeforeEach
    void store() {
        things.sinks = List.of(left, things.right);
        things.retries = 3;
        things.object("a", "one=1", "two=2");
    }

    @Test
    void aStoreThatIsAwayForAMomentWhenItIsMarkedFailsNoSink() {
        left.away = 3;
        RunReport run = things.run();
        assertThat(run.problems()).isEmpty();
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(left.held).isEqualTo(things.right.held);
        assertThat(left.markers).hasSize(1);
        assertThat(left.asked).isEqualTo(4);
        assertThat(things.run().notes()).isEmpty();
    }

    @Test
    void aStoreThatStaysAwayWhenItIsMarkedIsTriedAsOftenAsABatch() {
        left.away = 100;
        assertThat(things.run().problems()).containsExactly("left: throttled");
        assertThat(left.asked).isEqualTo(4);
        assertThat(left.calls).isZero();
        assertThat(things.right.held).hasSize(2);
        left.away = 0;
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(left.held).isEqualTo(things.right.held);
    }

    /** A store in memory that has no time for so many marks. */
    private static final class Throttled extends MemorySink {

        int away;
        int asked;

        Throttled() {
            super("left");
            marking = true;
        }

        @Override
        public void mark(String owner, String marker) {
            asked++;
            if (away-- > 0) throw new UnavailableException("left: throttled", null);
            super.mark(owner, marker);
        }
    }
}
