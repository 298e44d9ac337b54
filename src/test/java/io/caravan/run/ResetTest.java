package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.PlainTransactions;
import io.caravan.ledger.SinkStates;
import io.caravan.run.RunReport.Status;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pipeline whose sinks are to get everything again. */
class ResetTest {

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
        things.left.marking = true;
        things.object("a", "one=1", "two=2", "three=3");
        things.object("b", "four=4");
        things.run();
    }

    @Test
    void theSinkGetsEverythingAgainAndTheOtherNothing() {
        things.left.held.remove("two"); // what nobody else would see
        reset("left");
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.notes()).isEmpty();
        assertThat(run.sinks().get("left").written()).isEqualTo(4);
        assertThat(run.sinks().get("right").written()).isZero();
        assertThat(things.left.held).isEqualTo(things.right.held);
        assertThat(things.run().sinks().get("left").written()).isZero();
    }

    @Test
    void allSinksGetEverythingAgainAlsoTwiceInARow() {
        reset("left", "right");
        reset("left", "right");
        RunReport run = things.run();
        assertThat(run.sinks().get("left").written()).isEqualTo(4);
        assertThat(run.sinks().get("right").written()).isEqualTo(4);
    }

    @Test
    void whatIsDeletedBeforeAndAfterAResetIsDeletedFromTheSinks() {
        things.left.down = true;
        things.object("a", "one=1", "three=3");
        things.run(); // two is deleted from the right one only
        things.left.down = false;
        reset("left", "right");
        things.object("a", "one=1");
        things.memory.objects.remove("b");
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.left.held).containsOnlyKeys("one").isEqualTo(things.right.held);
        assertThat(run.sinks().get("left").deleted()).isEqualTo(3);
        assertThat(ledger.texts(
                        "select s.key from ledger.record_state s join ledger.flow f on f.id = s.flow where f.name = '"
                                + things.name + "'"))
                .as("tombstones go when every sink is past them")
                .containsExactly("one");
    }

    @Test
    void aRunThatDiesAfterTheResetLeavesTheRestToTheNext() {
        reset("left", "right");
        things.right.down = true;
        assertThat(things.run().status()).isEqualTo(Status.FAILED);
        things.right.down = false;
        RunReport run = things.run();
        assertThat(run.sinks().get("left").written()).isZero();
        assertThat(run.sinks().get("right").written()).isEqualTo(4);
    }

    private void reset(String... sinks) {
        new PlainTransactions(ledger.pool).in(c -> {
            SinkStates.reset(c, ledger.flow(things.name).id(), List.of(sinks));
            return null;
        });
    }
}
