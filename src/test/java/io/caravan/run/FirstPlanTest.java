package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.run.RunReport.SinkReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A plan of records that the ledger knows nothing of. */
class FirstPlanTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private final Things things = new Things(ledger);

    /** They were all written there and rolled back, which leaves as much to clean up and more in the database's log than a run. */
    @Test
    void writesNoneOfThemToTheLedgerAndCountsWhatTheRunWillDo() {
        things.object("o", "a=1", "b=2", "a=3", "=4");
        things.object("p", "b=7", "c=4", "d=5");
        things.object("q", "c=4", "d=5");
        things.left.poison = r -> r.key().equals("d");
        ledger.execute("create function refuse() returns trigger language plpgsql as"
                + " $$ begin raise exception 'a plan writes %', new.key; end $$");
        ledger.execute(
                "create trigger refuse before insert on ledger.record_state for each row execute function refuse()");
        RunReport plan = things.run(RunRequest.of(Mode.PLAN));
        ledger.execute("drop trigger refuse on ledger.record_state");
        assertThat(plan.problems()).isEmpty();
        RunReport run = things.run();
        SinkReport right = plan.sinks().get("right");
        assertThat(right.inserts())
                .isEqualTo(run.sinks().get("right").written())
                .isEqualTo(4);
        assertThat(right.dead()).isEqualTo(run.sinks().get("right").dead());
        assertThat(right.updates() + right.deleted() + right.unchanged()).isZero();

        things.object("p", "b=7", "c=5", "d=5", "e=6");
        SinkReport next = things.run(RunRequest.of(Mode.PLAN)).sinks().get("right");
        assertThat(next.inserts()).isEqualTo(1);
        assertThat(next.updates()).isEqualTo(1);
    }
}
