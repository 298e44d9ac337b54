package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.record.Hash;
import io.caravan.run.RunReport.Status;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A repair does all that it says it did, and no more than it may. */
class RepairLimitsTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private final Things things = new Things(ledger);

    private RunReport repair(boolean allowDeletes) {
        return things.run(RunRequest.of(Mode.REPAIR).allowingDeletes(allowDeletes));
    }

    @Test
    void aSinkThatGathersLosesAllThatItHasTooMuch() {
        GatheringSink gathering = new GatheringSink("right");
        things.sinks = List.of(things.left, gathering);
        things.object("a", "one=1");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        for (int i = 0; i < 60_000; i++) gathering.held.put("extra" + i, new Hash(1, i));
        RunReport repair = repair(true);
        assertThat(repair.problems()).isEmpty();
        assertThat(repair.sinks().get("right").deleted()).isEqualTo(60_000);
        assertThat(gathering.held.keySet()).containsExactly("one");
    }

    @Test
    void whatNothingSupportsIsRemovedInMassesOnlyWhenSomebodySaysSo() {
        things.limits = Limits.DEFAULT;
        things.object("a", "one=1", "two=1");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        for (int i = 0; i < 10; i++) things.left.strays.add("node " + i);
        assertThat(repair(false).problems()).singleElement().asString().contains("--allow-deletes");
        assertThat(things.left.strays).hasSize(10);
        assertThat(repair(true).sinks().get("left").deleted()).isEqualTo(10);
        assertThat(things.left.strays).isEmpty();
    }

    /** A sink that took nothing for a fault of its own would refuse all of it once more, and have a letter of each. */
    @Test
    void whatASinkStillWaitsForIsLeftToTheNextRun() {
        things.object("a", "one=1");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        things.many("b", 0, 30);
        things.left.poison = r -> true;
        assertThat(things.run().status()).isEqualTo(Status.FAILED);
        List<String> letters = things.letters();
        assertThat(letters).hasSizeLessThan(30);
        things.left.held.clear();
        things.left.poison = r -> !r.key().equals("one");
        RunReport repair = repair(false);
        assertThat(repair.problems())
                .singleElement()
                .asString()
                .contains("left: it still waits for 30 records, which a repair leaves to a run");
        assertThat(repair.sinks().get("left").differing()).containsExactly("one");
        assertThat(things.letters()).isEqualTo(letters);
        things.left.poison = r -> false;
        assertThat(things.run().sinks().get("left").written()).isEqualTo(30);
        assertThat(things.left.held).isEqualTo(things.right.held);
    }

    /** The fence ends a transaction that says nothing for as long as a lease lasts. */
    @Test
    void aStoreMayListItsKeysMoreSlowlyThanALeaseLasts() {
        things.leaseMillis = 900;
        things.object("a", "one=1");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        things.left.held.put("extra", new Hash(1, 1));
        MemorySink slow = new MemorySink("left", things.left.held) {
            @Override
            public Stream<String> keys() {
                return super.keys().peek(key -> silentFor(Duration.ofMillis(700)));
            }
        };
        things.sinks = List.of(slow, things.right);
        RunReport repair = repair(true);
        assertThat(repair.problems()).isEmpty();
        assertThat(things.left.held.keySet()).containsExactly("one");
    }

    /** As long as the store is slow; there is nothing to wait for. */
    private static void silentFor(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) java.util.concurrent.locks.LockSupport.parkNanos(end - System.nanoTime());
    }
}
