package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.PlainTransactions;
import io.caravan.ledger.SinkStates;
import io.caravan.run.RunReport.Status;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A run that deletes from the sinks all that they hold of a pipeline. */
class RemoveRunTest {

    private static TestLedger ledger;
    private Things things;

    @BeforeAll
    static void open() {
        ledger = new TestLedger();
    }

    @AfterAll
    static void close() {
        ledger.close();
    }

    @BeforeEach
    void firstRun() {
        things = new Things(ledger);
        things.limits = Limits.DEFAULT;
        things.left.marking = true;
        things.object("a", "one=1", "two=2", "three=3", "=4");
        things.object("b", "four=4");
        things.right.poison = r -> !r.deleted() && r.key().equals("four");
        things.run();
    }

    @Test
    void everySinkLosesWhatTheLedgerSaysThatItHoldsAndItsMarkerWhateverTheSourceStillHas() {
        things.left.held.put("stranger", things.left.held.get("one"));
        assertThat(held()).isEqualTo(Map.of("left", 4L, "right", 3L));
        int opened = things.memory.opened.get();
        RunReport remove = things.run(RunRequest.of(Mode.REMOVE));
        assertThat(remove.problems()).isEmpty();
        assertThat(remove.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(remove.sinks().get("left").deleted()).isEqualTo(4);
        assertThat(remove.sinks().get("right").deleted()).isEqualTo(3);
        assertThat(things.left.held).as("what the ledger does not know stays").containsOnlyKeys("stranger");
        assertThat(things.right.held).isEmpty();
        assertThat(things.left.markers).isEmpty();
        assertThat(things.memory.opened.get()).isEqualTo(opened);
        assertThat(held()).isEqualTo(Map.of("left", 0L, "right", 0L));
    }

    @Test
    void aSinkThatIsAwayFailsItAndLosesItsRecordsByTheNext() {
        things.left.down = true;
        RunReport remove = things.run(RunRequest.of(Mode.REMOVE));
        assertThat(remove.status()).isEqualTo(Status.FAILED);
        assertThat(things.right.held).isEmpty();
        things.left.down = false;
        assertThat(things.run(RunRequest.of(Mode.REMOVE)).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.left.held).isEmpty();
    }

    @Test
    void aRunAfterOneThatFailedBringsEverythingBack() {
        things.left.down = true;
        things.run(RunRequest.of(Mode.REMOVE));
        things.left.down = false;
        things.run();
        assertThat(things.left.held).containsOnlyKeys("one", "two", "three", "four");
        assertThat(things.right.held).containsOnlyKeys("one", "two", "three");
    }

    private Map<String, Long> held() {
        return new PlainTransactions(ledger.pool)
                .in(c -> SinkStates.held(c, ledger.flow(things.name).id()));
    }
}
