package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.ledger.LateWrites;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A writer that wakes late notes the keys it wrote at the moment another run writes the same down: the run goes on. */
class LateNoteTest {

    private static final String LATE =
            "left: an earlier run wrote to it after its lease had ended; run again, that sends"
                    + " it everything again";

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private final Things things = new Things(ledger);

    @BeforeEach
    void news() {
        things.object("a", "one=1", "two=2");
    }

    @Test
    void aNoteBetweenTheLookUpAndTheRowsDoesNotFailTheRun() {
        run(() -> {
            try (Connection late = connection()) {
                note(late, "one", "brought back");
                late.commit();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @Test
    void aNoteThatIsCommittedWhileTheRunWaitsForItDoesNotFailTheRun() throws Exception {
        try (Connection late = connection()) {
            run(() -> {
                note(late, "two");
                CompletableFuture.runAsync(() -> {
                    awaitSomebodyWaiting();
                    commit(late);
                });
            });
        }
    }

    @Test
    void aNoteAndARunThatWaitForEachOtherDoNotFailTheRun() throws Exception {
        try (Connection late = connection()) {
            run(() -> {
                note(late, "two");
                CompletableFuture.runAsync(() -> {
                    awaitSomebodyWaiting(); // it has inserted one
                    note(late, "one");
                    commit(late);
                });
            });
        }
    }

    /** The run gives the other sink all there is. */
    private void run(Runnable late) {
        Before insert = new Before(ledger.pool, "insert into ledger.record_state", late);
        RunReport run = Loop.run(things.open(RunRequest.of(Mode.RUN), insert.database()), things.steps, things.sinks);
        assertThat(insert.happened()).isTrue();
        assertThat(run.problems()).containsExactly(LATE);
        assertThat(things.right.held.keySet()).containsExactly("one", "two");
    }

    /** The next run repairs what the late writer did. */
    @AfterEach
    void nextRun() {
        assertThat(things.run().problems()).isEmpty();
        assertThat(things.left.held).isEqualTo(things.right.held);
        assertThat(things.verify().status()).isEqualTo(RunReport.Status.SUCCEEDED);
    }

    private static Connection connection() throws SQLException {
        Connection late = ledger.pool.getConnection();
        late.setAutoCommit(false);
        return late;
    }

    private void note(Connection late, String... keys) {
        try {
            LateWrites.note(late, ledger.flow(things.name).id(), "left", 0, List.of(keys));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void commit(Connection late) {
        try {
            late.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitSomebodyWaiting() {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (ledger.texts("select pid from pg_locks where not granted").isEmpty()) {
            if (System.nanoTime() > end) throw new AssertionError("nobody waits for the note");
            LockSupport.parkNanos(2_000_000);
        }
    }
}
