package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.BadRecordException;
import io.caravan.error.ConfigurationException;
import io.caravan.record.Record;
import io.caravan.run.RunReport.Status;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A run that is for some sinks only. */
class OnlySinksTest {

    private static final String SAID = "right: left out by --only-sinks; the next run without it gives them everything";

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
        things.object("a", "one=1", "two=2", "three=3");
        things.run();
    }

    @Test
    void theOthersAreNeitherAskedNorWrittenNorAcknowledgedAndTheNextRunBringsThemUpToDate() {
        long acked = things.acked("right");
        int calls = things.right.calls;
        things.object("a", "one=1", "three=4", "four=4");
        things.right.down = true;

        RunReport run = things.run(onlyLeft(Mode.RUN));
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.sinks()).containsOnlyKeys("left");
        assertThat(run.notes()).containsExactly(SAID);
        assertThat(things.left.held).containsOnlyKeys("one", "three", "four");
        assertThat(things.right.calls).isEqualTo(calls);
        assertThat(things.acked("right")).isEqualTo(acked);
        assertThat(things.acked("left")).isEqualTo(run.runId());

        // a second one has nothing to do, and forgets nothing that the other waits for
        assertThat(things.run(onlyLeft(Mode.RUN)).sinks().get("left").written()).isZero();

        things.right.down = false;
        RunReport next = things.run();
        assertThat(next.sinks().get("left").written()).isZero();
        assertThat(next.sinks().get("left").deleted()).isZero();
        assertThat(next.sinks().get("right").written()).isEqualTo(2);
        assertThat(next.sinks().get("right").deleted()).isEqualTo(1);
        assertThat(things.right.held).isEqualTo(things.left.held);
    }

    @Test
    void aFirstRunForOneSinkLeavesTheOtherEverything() {
        Things fresh = new Things(ledger);
        fresh.object("a", "one=1", "two=2");
        fresh.run(onlyLeft(Mode.RUN));
        assertThat(fresh.right.held).isEmpty();
        assertThat(fresh.run().sinks().get("right").written()).isEqualTo(2);
        assertThat(fresh.left.held).isEqualTo(fresh.right.held);
    }

    @Test
    void aLostStoreThatIsLeftOutIsFoundByTheNextRun() {
        things.right.marking = true;
        things.run();
        things.right.held.clear();
        things.right.markers.clear();
        assertThat(things.run(onlyLeft(Mode.RUN)).notes()).containsExactly(SAID);
        things.run();
        assertThat(things.right.held).isEqualTo(things.left.held);
    }

    @Test
    void planVerifyAndRepairAreForTheseSinksToo() {
        things.object("a", "one=1", "two=2", "three=3", "four=4");
        RunReport plan = things.run(onlyLeft(Mode.PLAN));
        assertThat(plan.sinks()).containsOnlyKeys("left");
        assertThat(plan.sinks().get("left").inserts()).isEqualTo(1);
        things.run();
        things.left.held.remove("one");
        things.right.held.remove("two");
        RunReport verify = things.run(onlyLeft(Mode.VERIFY));
        assertThat(verify.sinks()).containsOnlyKeys("left");
        assertThat(verify.sinks().get("left").differing()).containsExactly("one");
        RunReport repair = things.run(onlyLeft(Mode.REPAIR));
        assertThat(repair.sinks()).containsOnlyKeys("left");
        assertThat(things.left.held).containsKey("one");
        assertThat(things.right.held).doesNotContainKey("two");
    }

    @Test
    void aStepsLetterDoesNotEndWhileASinkThatIsLeftOutWasToldToDoWithoutTheRecord() {
        Things refusing = new Things(ledger);
        refusing.object("a", "one=1", "bad=2");
        refusing.steps.add((batch, refuse) -> {
            batch.stream().filter(OnlySinksTest::bad).forEach(r -> refuse.accept(r, new BadRecordException("bad")));
            return batch.stream().filter(r -> !bad(r)).toList();
        });
        refusing.run();
        refusing.steps.clear();
        refusing.generations.put("left", "2"); // it gets everything again, by steps that refuse nothing
        refusing.run(onlyLeft(Mode.RUN));
        assertThat(refusing.left.held).containsKey("bad");
        assertThat(refusing.letters()).containsExactly("bad open");
        assertThat(refusing.replay(java.util.Optional.empty()).status()).isEqualTo(Status.SUCCEEDED);
        assertThat(refusing.right.held).containsKey("bad");
    }

    @Test
    void aNameThatNoSinkHasIsRefusedWithTheRightOnes() {
        for (Mode mode : List.of(Mode.RUN, Mode.PLAN, Mode.VERIFY)) {
            assertThatThrownBy(() -> things.open(RunRequest.of(mode).onlyTo(List.of("left", "rihgt"))))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage(things.name + ": --only-sinks must name sinks of left, right, got 'rihgt'");
        }
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
    }

    private static boolean bad(Record record) {
        return record.key().equals("bad");
    }

    private static RunRequest onlyLeft(Mode mode) {
        return RunRequest.of(mode).onlyTo(List.of("left")).allowingDeletes(true).comparingContents(true);
    }
}
