package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.DeadProcess;
import io.caravan.ledger.ProcessId;
import io.caravan.record.Hash;
import io.caravan.run.RunReport.Status;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A process is suspended in the middle of a bulk write, its lease ends, others take over, and then it wakes and the write
 * goes on: what it overwrote and what it brought back is fixed by the next run.
 */
class LateWriteTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private final Things things = new Things(ledger);

    @Test
    void aWriteThatEndsAfterAnotherRunIsMendedByTheNext() {
        AtomicBoolean suspended = new AtomicBoolean();
        things.leaseMillis = 300;
        things.object("a", "kept=1", "changed=1", "gone=1");
        things.left.meddler = position -> {
            if (position == 0 && suspended.compareAndSet(false, true)) takeOver("kept=1", "changed=2");
        };
        RunReport late = Loop.run(things.open(RunRequest.of(Mode.RUN)), things.steps, things.sinks);
        assertThat(late.status()).isEqualTo(Status.FAILED);
        assertThat(things.left.held).containsKey("gone").isNotEqualTo(things.right.held);

        assertThat(things.run().problems()).isEmpty();
        assertThat(things.left.held.keySet()).containsExactly("changed", "kept");
        assertThat(things.left.held).isEqualTo(things.right.held);
        assertThat(things.verify().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.run().sinks().get("left").written()).isZero();
    }

    @Test
    void aRunThatSeesALateWriteIsNoSuccess() {
        things.object("a", "one=1", "two=1");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        things.object("a", "one=1", "two=2");
        things.left.meddler = position ->
                ledger.execute("update ledger.sink_state set generation = '', acked_run = 0 where sink = 'left'");
        RunReport run = things.run();
        assertThat(run.problems())
                .containsExactly("left: an earlier run wrote to it after its lease had ended; run again, that sends it"
                        + " everything again");
        things.left.meddler = position -> {};
        assertThat(things.run().sinks().get("left").written()).isEqualTo(2);
    }

    /** Fault 2 of issue 20: it could not reach the ledger when it woke, and ended before anybody looked for it again. */
    @Test
    void whatAWriterLeftThatDiedWithoutAWordAfterAnotherRunIsMendedByTheNext() {
        things.object("a", "changed=1");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        Hash before = things.left.held.get("changed");
        ledger.execute("insert into ledger.writer (flow, sink, run, process) select f.id, 'left', 0, '"
                + ProcessId.current().text() + "' from ledger.flow f where f.name = '" + things.name + "'");
        things.object("a", "changed=2");
        assertThat(things.run().problems()).isEmpty();

        things.left.held.put("changed", before);
        ledger.execute("update ledger.writer set process = '" + DeadProcess.id().text() + "'");
        assertThat(things.run().problems()).isEmpty();
        assertThat(things.left.held).isEqualTo(things.right.held);
        assertThat(things.run().sinks().get("left").written()).isZero();
    }

    /** What happens while the writer sleeps: its lease ends, the source changes, another run delivers. */
    private void takeOver(String... rows) {
        ledger.execute("update ledger.lease set expires_at = clock_timestamp()");
        // by its own clock the writer's lease has ended too
        long ended = System.nanoTime() + Duration.ofMillis(things.leaseMillis).toNanos();
        while (System.nanoTime() < ended) LockSupport.parkNanos(ended - System.nanoTime());
        things.leaseMillis = 30_000;
        things.object("a", rows);
        RunReport other = Loop.run(things.open(RunRequest.of(Mode.RUN)), things.steps, things.sinks);
        assertThat(other.problems()).isEmpty();
    }
}
