package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.DeadProcess;
import io.caravan.ledger.PlainTransactions;
import io.caravan.ledger.ProcessId;
import io.caravan.ledger.Writers;
import io.caravan.run.RunReport.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Fault 2 of issue 20: a run that never said that it writes no more is reckoned with for as long as it may write. */
class WritersTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private final Things things = new Things(ledger);

    @Test
    void aRunThatIsNotHeardOfAnyMoreMakesTheNextOnesSendEverythingForAsLongAsAWriteCanTake() {
        vanish(ProcessId.current());
        for (int i = 0; i < 2; i++) {
            RunReport run = things.run();
            assertThat(run.problems()).isEmpty();
            assertThat(run.sinks().get("left").written()).isEqualTo(2);
            assertThat(run.notes())
                    .containsExactly("left: gets everything again, as a run whose lease ended without a word may still"
                            + " have written to it");
        }
        ledger.execute("update ledger.writer set suspected_at = suspected_at - interval '11 minutes',"
                + " voided_at = voided_at - interval '11 minutes'");
        assertThat(things.run().sinks().get("left").written())
                .as("behind its last write")
                .isEqualTo(2);
        assertThat(things.run().sinks().get("left").written()).isZero();
        assertThat(things.run().notes()).isEmpty();
    }

    @Test
    void whatWasDeletedIsRememberedWhileSuchARunMayWakeUp() {
        vanish(ProcessId.current());
        things.object("a", "one=1");
        assertThat(things.run().sinks().get("left").deleted()).isEqualTo(1);
        assertThat(tombstones()).isEqualTo(1);
        ledger.execute("update ledger.writer set suspected_at = suspected_at - interval '25 hours'");
        things.run();
        assertThat(tombstones()).isZero();
    }

    @Test
    void aRunWhoseProcessIsGoneWritesNothing() {
        vanish(DeadProcess.id());
        RunReport run = things.run();
        assertThat(run.notes()).isEmpty();
        assertThat(run.sinks().get("left").written()).isZero();
        assertThat(ledger.texts("select sink from ledger.writer")).isEmpty();
    }

    /** Another took over while it slept; it woke, wrote, and was killed before it could say so. */
    @Test
    void aRunThatWasOverruledAndThenDiedMayHaveWrittenBefore() {
        vanish(ProcessId.current());
        things.run();
        ledger.execute("update ledger.writer set process = '" + DeadProcess.id().text() + "'");
        assertThat(things.run().sinks().get("left").written()).isEqualTo(2);
        assertThat(things.run().sinks().get("left").written()).isZero();
        assertThat(ledger.texts("select sink from ledger.writer")).isEmpty();
    }

    @Test
    void aRunThatEndsLeavesNoWriterBehind() {
        things.object("a", "one=1");
        things.right.down = true;
        assertThat(things.run().status()).isEqualTo(Status.FAILED);
        assertThat(ledger.texts("select sink from ledger.writer")).isEmpty();
    }

    /** After a good run, another one noted that it writes to the left sink, and was not heard of any more. */
    private void vanish(ProcessId process) {
        ledger.execute("truncate ledger.writer");
        things.object("a", "one=1", "two=2");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        short flow = ledger.flow(things.name).id();
        long run = Long.parseLong(
                        ledger.texts("select max(id)::text from ledger.run").get(0))
                - 1;
        new PlainTransactions(ledger.pool).in(c -> {
            Writers.begin(c, flow, "left", run, process);
            return null;
        });
    }

    private long tombstones() {
        return Long.parseLong(ledger.texts("select count(*)::text from ledger.record_state s join ledger.flow f on"
                        + " f.id = s.flow where f.name = '" + things.name + "' and dead")
                .get(0));
    }
}
