package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.record.Hash;
import io.caravan.run.RunReport.Status;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Fault 18 of issue 20: a repair writes again what verify finds missing, different or too much, everywhere, and says what. */
class RepairTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private final Things things = new Things(ledger);

    private final GatheringSink gathering = new GatheringSink("right");

    @BeforeEach
    void firstRun() {
        things.sinks = List.of(things.left, gathering);
        things.many("a", 0, 200);
        assertThat(things.run().problems()).isEmpty();
    }

    @Test
    void whatIsMissingDifferentOrTooMuchIsRepairedInEverySink() {
        for (Map<String, Hash> held : List.of(things.left.held, gathering.held)) {
            held.remove("k5");
            held.put("k9", Hash.NONE);
            held.put("stranger", Hash.NONE);
        }
        things.left.strays.add("(user)-[:LEFT_OVER]->(campaign)");
        assertThat(things.verify().status()).isEqualTo(Status.PARTIAL);
        RunReport repair = things.run(RunRequest.of(Mode.REPAIR));
        assertThat(repair.problems()).isEmpty();
        assertThat(repair.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(repair.sinks().get("left"))
                .isEqualTo(new RunReport.SinkReport(
                        2, 198, 2, 0, 0, 0, List.of("(user)-[:LEFT_OVER]->(campaign)", "k5", "k9", "stranger")));
        assertThat(repair.sinks().get("right"))
                .isEqualTo(new RunReport.SinkReport(2, 198, 1, 0, 0, 0, List.of("k5", "k9", "stranger")));
        assertThat(things.verify().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.run(RunRequest.of(Mode.REPAIR)).sinks().get("left").differing())
                .isEmpty();
        assertThat(things.run().sinks().get("left").written()).isZero();
    }

    /** It said "succeeded, nothing had to be written" of a sink that had just failed. */
    @Test
    void aRepairAfterARunThatFailedForASinkDoesNotSaySucceeded() {
        things.left.down = true;
        things.object("b", "new=1", "newer=2");
        assertThat(things.run().status()).isEqualTo(Status.FAILED);
        things.left.down = false;
        things.left.held.remove("k7");
        RunReport repair = things.run(RunRequest.of(Mode.REPAIR));
        assertThat(repair.status()).isEqualTo(Status.FAILED);
        assertThat(repair.problems())
                .containsExactly("left: it still waits for 2 records, which a repair leaves to a run: ./caravan run "
                        + things.name);
        assertThat(repair.sinks().get("left").differing())
                .as("repaired all the same")
                .containsExactly("k7");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.run(RunRequest.of(Mode.REPAIR)).status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void verifyNamesTheRepairWhereSinksDiffer() {
        things.left.held.remove("k7");
        assertThat(things.verify().notes())
                .containsExactly(things.name
                        + ": to write what sinks lack or hold differently, and delete what they have too much: ./caravan run "
                        + things.name + " --repair");
        things.run(RunRequest.of(Mode.REPAIR));
        assertThat(things.verify().notes()).isEmpty();
    }

    @Test
    void whatHasADeadLetterIsLeftToAReplay() {
        things.left.poison = r -> r.key().equals("new");
        things.object("b", "new=1");
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
        things.left.held.remove("k7");
        RunReport repair = things.run(RunRequest.of(Mode.REPAIR));
        assertThat(repair.problems()).isEmpty();
        assertThat(repair.status()).isEqualTo(Status.PARTIAL);
        assertThat(repair.sinks().get("left").differing()).containsExactly("k7");
    }

    @Test
    void aRecordTheSinkRefusesBecomesADeadLetter() {
        things.left.held.remove("k7");
        things.left.poison = r -> r.key().equals("k7");
        RunReport repair = things.run(RunRequest.of(Mode.REPAIR));
        assertThat(repair.sinks().get("left").dead()).isEqualTo(1);
        assertThat(things.letters()).containsExactly("left k7 open");
    }

    /** They may be another pipeline's, in a table of both. */
    @Test
    void moreStrangersThanTheDeleteLimitAreLeftAlone() {
        things.limits = Limits.DEFAULT;
        for (int i = 0; i < 50; i++) things.left.held.put("stranger" + i, Hash.NONE);
        RunReport repair = things.run(RunRequest.of(Mode.REPAIR));
        assertThat(repair.problems())
                .containsExactly(
                        "left: holds 50 that its source does not have, more than 20 % of 200 records; if they are"
                                + " not another's, run once with --repair --allow-deletes");
        assertThat(things.left.held).hasSize(250);
        assertThat(things.run(RunRequest.of(Mode.REPAIR).allowingDeletes(true)).problems())
                .isEmpty();
        assertThat(things.left.held).hasSize(200);
    }
}
