package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.run.RunReport.Status;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a run counts is what happened, and the same whoever counts. */
class CountsTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private Things things;

    @BeforeEach
    void pipeline() {
        things = new Things(ledger);
    }

    @Test
    void recordsThatNoSinkEverHeldAreNotReportedAsDeleted() {
        things.object("o", "a=1", "b=2", "c=3", "d=4");
        things.left.poison = r -> !r.deleted() && Set.of("b", "d").contains(r.key());
        things.steps.add(GateTest.rejecting(Set.of("c")));
        things.run();
        things.object("o", "a=1");
        RunReport plan = things.run(RunRequest.of(Mode.PLAN));
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.sinks().get("left").deleted()).as("of b, c and d").isZero();
        assertThat(run.sinks().get("right").deleted()).as("of b, c and d").isEqualTo(2);
        assertThat(plan.sinks().get("left").deleted()).isZero();
        assertThat(plan.sinks().get("right").deleted()).isEqualTo(2);
        assertThat(things.right.held).containsOnlyKeys("a");
    }

    @Test
    void aRecordOfWhichASinkHoldsAnEarlierFormIsReportedAsDeleted() {
        things.object("o", "a=1", "b=2");
        things.run();
        things.left.poison = r -> !r.deleted() && r.key().equals("b");
        things.object("o", "a=1", "b=22");
        things.run();
        things.object("o", "a=1");
        assertThat(things.run().sinks().get("left").deleted()).isEqualTo(1);
        assertThat(things.left.held).containsOnlyKeys("a");
    }

    @Test
    void aRecordThatWasReplayedBeforeItDisappearedIsReportedAsDeleted() {
        things.object("o", "a=1", "b=2");
        things.left.poison = r -> r.key().equals("b");
        things.run();
        things.left.poison = r -> false;
        things.replay(Optional.empty());
        things.object("o", "a=1");
        assertThat(things.run().sinks().get("left").deleted()).isEqualTo(1);
    }

    /** They were counted as unchanged, and verify did not say a word of their letters. */
    @Test
    void recordsThatWereRefusedBeforeAreNotUnchanged() {
        things.object("o", "a=1", "b=2", "c=3", "d=4", "=5");
        things.object("p", "e=1", "f=2");
        things.left.poison = r -> Set.of("b", "e").contains(r.key());
        things.steps.add(GateTest.rejecting(Set.of("c")));
        assertThat(things.run().openDeadLetters()).isEqualTo(4);
        things.object("p", "e=1", "f=2", "g=3");

        RunReport plan = things.run(RunRequest.of(Mode.PLAN));
        assertThat(plan.openDeadLetters()).isEqualTo(4);
        assertThat(plan.sinks().get("left")).isEqualTo(new RunReport.SinkReport(0, 3, 0, 4, 1, 0, List.of()));
        assertThat(plan.sinks().get("right")).isEqualTo(new RunReport.SinkReport(0, 5, 0, 2, 1, 0, List.of()));

        RunReport verify = things.verify();
        assertThat(verify.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(verify.openDeadLetters()).isEqualTo(4);
        assertThat(verify.sinks().get("left").unchanged()).as("a, d, f").isEqualTo(3);

        RunReport run = things.run();
        assertThat(run.sinks().get("left").dead()).isEqualTo(4);
        assertThat(run.sinks().get("left").unchanged()).isEqualTo(3);
        assertThat(run.sinks().get("right").unchanged()).isEqualTo(5);
    }

    @Test
    void verifyAndARunThatSkipsObjectsCountTheSameRowsAsRead() {
        things.object("o", "a=1", "=2", "b=2", "=3");
        things.object("p", "c=1", "a=5");
        RunReport first = things.run();
        assertThat(first.recordsRead()).isEqualTo(6);
        RunReport second = things.run();
        assertThat(second.recordsRead()).as("o is skipped").isEqualTo(6);
        assertThat(second.sinks().get("left").dead()).isEqualTo(3);
        assertThat(things.verify().recordsRead()).isEqualTo(6);
    }
}
