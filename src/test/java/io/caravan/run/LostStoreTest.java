package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.error.BadRecordException;
import io.caravan.record.Record;
import io.caravan.run.RunReport.Status;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Fault 18 of issue 20: what a sink lost is sent again; a run sees by the sink's marker that its store is another, or was emptied. */
class LostStoreTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private final Things things = new Things(ledger);

    @BeforeEach
    void firstRun() {
        things.left.marking = true;
        things.object("a", "one=1", "two=2", "three=3");
        assertThat(things.run().notes()).isEmpty();
        assertThat(things.left.markers).hasSize(1);
    }

    @Test
    void aStoreThatWasEmptiedGetsEverythingAnew() {
        things.left.held.clear();
        things.left.markers.clear();
        RunReport plan = things.run(RunRequest.of(Mode.PLAN));
        assertThat(plan.notes()).containsExactly(SAID);
        assertThat(plan.sinks().get("left").inserts() + plan.sinks().get("left").updates())
                .isEqualTo(3);
        assertThat(things.left.held).isEmpty();
        RunReport run = things.run();
        assertThat(run.problems()).isEmpty();
        assertThat(run.notes()).containsExactly(SAID);
        assertThat(run.sinks().get("left").written()).isEqualTo(3);
        assertThat(run.sinks().get("right").written()).isZero();
        assertThat(things.left.held).isEqualTo(things.right.held);
        assertThat(things.run()).satisfies(next -> {
            assertThat(next.notes()).isEmpty();
            assertThat(next.sinks().get("left").written()).isZero();
        });
    }

    @Test
    void aStoreWithAnothersMarkerIsAnotherStore() {
        things.left.markers.replaceAll((owner, marker) -> "0".repeat(32));
        things.left.held.remove("two");
        assertThat(things.run().notes()).containsExactly(SAID);
        assertThat(things.left.held).isEqualTo(things.right.held);
    }

    @Test
    void aSinkThatCannotBeAskedIsSaidAndFailsOnlyWhatItShouldHaveGot() {
        things.left.down = true;
        RunReport nothing = things.run();
        assertThat(nothing.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(nothing.notes())
                .containsExactly("left: the store is down; whether it still holds what it got is unknown");
        things.object("a", "one=1", "two=2", "three=4");
        RunReport news = things.run();
        assertThat(news.problems()).containsExactly("left: the store is down");
        assertThat(things.right.held).hasSize(3);
        things.left.down = false;
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.left.held).isEqualTo(things.right.held);
    }

    @Test
    void aSinkThatAnOlderCaravanFilledIsMarkedWithoutBeingSentAnything() {
        ledger.execute("update ledger.sink_state set marker = null");
        things.left.markers.clear();
        RunReport run = things.run();
        assertThat(run.notes()).isEmpty();
        assertThat(run.sinks().get("left").written()).isZero();
        assertThat(things.left.markers).hasSize(1);
        things.left.held.clear();
        assertThat(things.run().sinks().get("left").written()).isEqualTo(3);
    }

    @Test
    void aSinkThatHoldsNothingAsItsSourceHasNothingIsNotTakenForLost() {
        things.object("a");
        assertThat(things.run().sinks().get("left").deleted()).isEqualTo(3);
        assertThat(things.left.held).isEmpty();
        assertThat(things.run(RunRequest.of(Mode.PLAN)).notes()).isEmpty();
        assertThat(things.run().notes()).isEmpty();

        // it is marked again before it holds something, so that it is not taken for lost then either
        things.object("a", "four=4");
        assertThat(things.run().sinks().get("left").written()).isEqualTo(1);
        RunReport next = things.run();
        assertThat(next.notes()).isEmpty();
        assertThat(next.sinks().get("left").written()).isZero();
        things.left.held.clear();
        assertThat(things.run().notes()).containsExactly(SAID);
    }

    @Test
    void aSinkThatRefusedAllItsRecordsIsNotSentThemInEveryRun() {
        Things refused = new Things(ledger);
        refused.left.marking = true;
        refused.left.poison = r -> true;
        refused.object("a", "one=1", "two=2");
        assertThat(refused.run().sinks().get("left").dead()).isEqualTo(2);
        int calls = refused.left.calls;
        assertThat(refused.run(RunRequest.of(Mode.PLAN)).notes()).isEmpty();
        assertThat(refused.run().notes()).isEmpty();
        assertThat(refused.left.calls).isEqualTo(calls);

        // one record that it took is enough to see a loss by
        refused.object("b", "three=3");
        refused.left.poison = r -> !r.key().equals("three");
        assertThat(refused.run().sinks().get("left").written()).isEqualTo(1);
        assertThat(refused.run().notes()).isEmpty();
        refused.left.held.clear();
        assertThat(refused.run().notes()).containsExactly(SAID);
        assertThat(refused.left.held.keySet()).containsExactly("three");
    }

    @Test
    void aSinkOfWhichAStepRefusedAllRecordsIsNotTakenForLost() {
        things.object("a");
        things.run();
        things.object("b", "bad=1");
        things.steps.add((batch, refuse) -> {
            batch.stream().filter(r -> !r.deleted()).forEach(r -> refuse.accept(r, new BadRecordException("bad")));
            return batch.stream().filter(Record::deleted).toList();
        });
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
        assertThat(things.run().notes()).isEmpty();
    }

    @Test
    void aSinkThatAFilterKeepsEmptyBatchesFromIsAskedAtItsFirstBatch() {
        things.left.held.clear();
        things.left.markers.clear();
        things.object("b", "four=4");
        RunReport run = runWithoutEmptyBatches();
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.problems())
                .containsExactly("left: its store does not hold what was written to it any more; run again, that sends"
                        + " it everything again");
        assertThat(things.right.held).hasSize(4);
        assertThat(runWithoutEmptyBatches().sinks().get("left").written()).isEqualTo(4);
        assertThat(things.left.held).isEqualTo(things.right.held);
        things.object("b", "four=5");
        assertThat(runWithoutEmptyBatches().status()).isEqualTo(Status.SUCCEEDED);
    }

    private RunReport runWithoutEmptyBatches() {
        Session session = things.open(RunRequest.of(Mode.RUN));
        Iterator<List<Record>> batches = session.batches();
        while (batches.hasNext()) {
            List<Record> batch = batches.next();
            if (!batch.isEmpty()) session.deliver(things.left, batch);
            session.deliver(things.right, batch);
        }
        return session.close(Optional.empty());
    }

    private static final String SAID =
            "left: its store does not hold what was written to it any more; it gets everything again";
}
