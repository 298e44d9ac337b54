package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.error.UnavailableException;
import io.caravan.run.RunReport.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is out of scope since the source's settings changed is not gone: only a person may say that it is to be deleted. */
class ScopeTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private Things things;

    @BeforeEach
    void firstRun() {
        things = new Things(ledger);
        things.scope = "all";
        things.many("a", 0, 10);
        things.many("b", 10, 100);
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void aNarrowerScopeDeletesNothingUnlessSomebodyAllowsIt() {
        narrow();
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.FAILED);
        assertThat(run.problems()).containsExactly(sentence(90));
        assertThat(things.left.held).hasSize(100).isEqualTo(things.right.held);
        assertThat(things.acked("left")).isEqualTo(run.runId());
        assertThat(things.run().problems()).as("the next run").containsExactly(sentence(90));
        RunReport allowed = things.run(RunRequest.of(Mode.RUN).allowingDeletes(true));
        assertThat(allowed.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(allowed.sinks().get("left").deleted()).isEqualTo(90);
        assertThat(things.left.held).hasSize(10).isEqualTo(things.right.held);
        things.object("a", "k0=0");
        assertThat(things.run().sinks().get("left").deleted())
                .as("in the new scope")
                .isEqualTo(9);
    }

    @Test
    void planSaysWhyNothingWouldBeDeleted() {
        narrow();
        RunReport plan = things.run(RunRequest.of(Mode.PLAN));
        assertThat(plan.problems()).containsExactly(sentence(90));
        assertThat(plan.sinks().get("left").deleted()).isZero();
        assertThat(things.run(RunRequest.of(Mode.PLAN).allowingDeletes(true))
                        .sinks()
                        .get("left")
                        .deleted())
                .isEqualTo(90);
    }

    @Test
    void aScopeThatIsSetBackDeletesNothing() {
        narrow();
        things.run();
        things.scope = "all";
        things.many("b", 10, 100);
        RunReport run = things.run();
        assertThat(run.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(run.sinks().get("left").written()).isZero();
        assertThat(things.left.held).hasSize(100);
    }

    @Test
    void aScopeThatNothingIsOutsideOfIsTakenOver() {
        things.scope = "all of it";
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        things.memory.objects.remove("b");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.left.held).hasSize(10);
    }

    @Test
    void anUnchangedObjectIsReadAgainWhenTheSettingsByWhichItIsReadChangedAndNotAgainAfterwards() {
        assertThat(opened()).as("nothing changed").isZero();
        things.scope = "by other rules";
        assertThat(opened()).isEqualTo(2);
        assertThat(opened()).isZero();
        things.scope = "all";
        things.memory.meddler = (object, reader) -> {
            throw new UnavailableException(object.name() + ": away", null);
        };
        assertThat(opened()).isZero();
        things.memory.meddler = (object, reader) -> reader;
        assertThat(opened()).as("the run that failed read nothing by these").isEqualTo(2);
        assertThat(things.left.held).hasSize(100);
    }

    @Test
    void aRunThatFailedHalfWayByOtherSettingsLeavesNoObjectThatIsTakenForReadByTheFormerOnes() {
        things.scope = "by other rules";
        things.memory.meddler = (object, reader) -> {
            if (object.name().equals("b")) throw new UnavailableException("b: away", null);
            return reader;
        };
        assertThat(things.run().status()).isEqualTo(Status.FAILED);
        things.memory.meddler = (object, reader) -> reader;
        things.scope = "all";
        assertThat(opened()).isEqualTo(2);
    }

    @Test
    void etagsOfAnOlderCaravanHoldAsLongAsTheSettingsAreThoseThatWereSettled() {
        ledger.execute("update ledger.object_state set etag = split_part(etag, e'\\n', 1) where flow ="
                + " (select id from ledger.flow where name = '" + things.name + "')");
        assertThat(opened()).isZero();
        things.scope = "by other rules";
        assertThat(opened()).isEqualTo(2);
    }

    private int opened() {
        int before = things.memory.opened.get();
        things.run();
        return things.memory.opened.get() - before;
    }

    @Test
    void aLedgerThatNeverKeptAScopeTakesThePresentOne() {
        ledger.execute("update ledger.flow set scope = null where name = '" + things.name + "'");
        narrow();
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        things.scope = "all";
        things.memory.objects.remove("a");
        things.many("c", 5, 10);
        assertThat(things.run().problems()).containsExactly(sentence(5));
    }

    @Test
    void deletesThatWereAllowedBeforeReachASinkThatWasDownThoughNewOnesAreStopped() {
        things.many("b", 11, 100);
        things.left.down = true;
        things.run();
        things.left.down = false;
        narrow();
        assertThat(things.run().problems()).containsExactly(sentence(89));
        assertThat(things.left.held).hasSize(99).isEqualTo(things.right.held);
    }

    @Test
    void aChangeThatIsNotDeliveredBecauseDeletesAreStoppedIsDeliveredWhenItComesBack() {
        things.object("a", "k0=77", "k1=1");
        things.left.down = true;
        assertThat(things.run().status()).isEqualTo(Status.FAILED);
        things.left.down = false;
        things.scope = "b";
        things.memory.objects.remove("a");
        assertThat(things.run().problems()).containsExactly(sentence(2));
        things.scope = "all";
        things.object("a", "k0=77", "k1=1");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.left.held).isEqualTo(things.right.held);
    }

    private void narrow() {
        things.scope = "a only";
        things.memory.objects.remove("b");
    }

    private String sentence(int deletes) {
        return things.name + ": deletes must be allowed when the source's settings changed what is in scope, got '"
                + deletes + "'; nothing was deleted. If the records that are out of scope now are to go, run once with"
                + " --allow-deletes; if not, set the source's settings back";
    }
}
