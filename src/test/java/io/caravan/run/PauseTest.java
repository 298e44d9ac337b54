package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is stopped past its lease, as by a suspended machine, finds that another run took over. */
class PauseTest {

    @Test
    void aRunThatWasPausedPastItsLeaseFailsAndHarmsNothing(@TempDir Path folder) throws Exception {
        ThingsSubject things = new ThingsSubject(folder, 20_000);
        things.change(0);
        try (Child paused = new Child("things", things.properties())) {
            waitUntil(() -> things.contents().get("left").size() > 1_000);
            try (TestLedger ledger = things.ledger()) {
                stopBetweenTwoWrites(paused, ledger);
                assertThat(things.contents().get("left")).hasSizeLessThan(19_000);
                things.change(5);
                Child.End next = runWhenFree(things);
                assertThat(next.said()).containsExactly("SUCCEEDED");
                Map<String, Map<String, String>> held = things.contents();
                List<String> rows = ledger.dump("things");
                paused.signal("CONT");
                Child.End end = paused.end();
                assertThat(end.code()).isEqualTo(1);
                assertThat(end.said().get(0)).isEqualTo("FAILED");
                assertThat(end.said())
                        .contains(
                                "ledger: the lease of this run (token 1) has ended and another run may have taken over;"
                                        + " nothing more is written, run again");
                assertThat(ledger.dump("things")).isEqualTo(rows);
                assertThat(ledger.texts("select status || ': ' || coalesce(problem, '') from ledger.run order by id"))
                        .containsExactly("failed: the process ended before the run did", "succeeded: ");
                assertThat(things.contents()).isEqualTo(held);
            }
        }
        assertThat(runWhenFree(things).code()).isZero();
    }

    /** Stops it where it waits for the ledger, inside a transaction, and the sinks have nothing to do. */
    private static void stopBetweenTwoWrites(Child child, TestLedger ledger) throws Exception {
        try (Connection c = ledger.pool.getConnection();
                Statement lock = c.createStatement()) {
            c.setAutoCommit(false);
            lock.execute("lock table ledger.batch_state in access exclusive mode");
            String busy = "select pid::text from pg_stat_activity where datname = current_database()"
                    + " and pid <> pg_backend_pid() and (state = 'active' and wait_event_type is distinct from 'Lock'"
                    + " or query like '%sink_%' and state_change > clock_timestamp() - interval '1 second')";
            String waiting = "select pid::text from pg_stat_activity where datname = current_database()"
                    + " and wait_event_type = 'Lock'";
            waitUntil(
                    () -> !ledger.texts(waiting).isEmpty() && ledger.texts(busy).isEmpty());
            child.signal("STOP");
            c.rollback();
        }
    }

    private static Child.End runWhenFree(ThingsSubject things) throws Exception {
        while (true) {
            try (Child child = new Child("things", things.properties())) {
                Child.End end = child.end();
                if (end.code() != 4) return end;
                assertThat(end.said())
                        .singleElement()
                        .asString()
                        .startsWith("things: the lease is held by run of process");
            }
        }
    }

    private static void waitUntil(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(2_000_000);
        }
    }
}
