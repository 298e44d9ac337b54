package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.delivery.Fence;
import io.caravan.ledger.LeaseHeldException;
import io.caravan.ledger.LeaseLostException;
import io.caravan.run.RunReport.Status;
import io.caravan.source.BusyException;
import io.caravan.source.RunLock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A run takes its source's lock beside the lease, and both end with it whatever happens. */
class SourceLockTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    private final Things things = new Things(ledger);
    private final Lock lock = new Lock();

    SourceLockTest() {
        things.many("a", 0, 200);
        things.memory.lock = Optional.of(lock);
    }

    @Test
    void aRunTakesTheLockAndGivesItBack() {
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(lock.calls).containsExactly("acquire", "close");
        things.left.down = true;
        things.many("a", 0, 201);
        assertThat(things.run().status()).isEqualTo(Status.FAILED);
        assertThat(lock.calls).containsExactly("acquire", "close", "acquire", "close");
    }

    @Test
    void planVerificationAndCheckTakeNone() {
        for (Mode mode : List.of(Mode.PLAN, Mode.VERIFY, Mode.CHECK)) things.run(RunRequest.of(mode));
        assertThat(lock.calls).isEmpty();
    }

    @Test
    void aLockThatSomebodyElseHoldsIsSaidAndTheLeaseIsFreeAgain() {
        lock.busy = true;
        assertThatThrownBy(() -> things.open(RunRequest.of(Mode.RUN)))
                .isInstanceOf(LeaseHeldException.class)
                .hasMessage(things.name + ": the lock is somebody else's");
        lock.busy = false;
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void whatCannotBeOpenedGivesTheLockBack() {
        assertThatThrownBy(() -> things.open(RunRequest.of(Mode.RUN).heardBy(run -> {
                    throw new IllegalStateException("cannot hear");
                })))
                .hasMessage("cannot hear");
        assertThat(lock.calls).containsExactly("acquire", "close");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void aRunThatLosesTheLockEndsAndTheNextOneGivesItsSinksEverything() {
        things.left.meddler = position -> {
            if (position == 3) lock.lose();
        };
        RunReport report = things.run();
        assertThat(report.status()).isEqualTo(Status.FAILED);
        assertThat(report.problems())
                .contains(things.name
                        + ": the run was stopped by the loss of its lock before its end; the next run resumes");
        assertThat(things.left.held).hasSizeLessThan(200);
        assertThat(things.acked("left")).isZero();
        things.left.meddler = position -> {};
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.left.held).hasSize(200);
    }

    @Test
    void aSinkLearnsByWhichTokenItMayPublishAndThatItMayNoLonger() {
        GatheringSink published = new GatheringSink("left");
        things.sinks = List.of(published, things.right);
        List<Long> tokens = new ArrayList<>();
        published.meddler = position -> {
            if (position != 0) return;
            tokens.add(published.fence.token());
            published.fence.check();
            lock.lose();
            Fence fence = published.fence;
            assertThatThrownBy(fence::check)
                    .isInstanceOf(LeaseLostException.class)
                    .hasMessage("the lock was lost");
        };
        assertThat(things.run().status()).isEqualTo(Status.FAILED);
        assertThat(tokens).containsExactly(lock.token);
        published.meddler = position -> {};
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
    }

    /** As after a ledger was lost, or a lock in another store was used before. */
    @Test
    void tokensAreGreaterThanThoseOfWhatWasPublished() {
        things.memory.lock = Optional.empty();
        things.memory.highestToken = 41;
        GatheringSink published = new GatheringSink("left");
        things.sinks = List.of(published, things.right);
        things.run();
        assertThat(published.fence.token()).isEqualTo(42);
        things.many("a", 0, 201);
        things.run();
        assertThat(published.fence.token()).isEqualTo(43);
        things.memory.lock = Optional.of(lock);
        things.memory.highestToken = 100;
        things.many("a", 0, 202);
        things.run();
        assertThat(published.fence.token()).isEqualTo(lock.token).isEqualTo(102);
    }

    /** A lock in memory: its store may be away or somebody else's. */
    private static final class Lock implements RunLock {

        final List<String> calls = new ArrayList<>();
        boolean busy;
        long token;
        private boolean lost;
        private Runnable told = () -> {};

        @Override
        public Optional<String> check() {
            return Optional.empty();
        }

        @Override
        public Held acquire(Asker asker) {
            if (busy) throw new BusyException("the lock is somebody else's");
            assertThat(asker.name()).startsWith("run of process ");
            assertThat(asker.gone().test(asker.process())).isFalse();
            calls.add("acquire");
            lost = false;
            token = asker.floor().getAsLong() + 1;
            return new Held() {
                @Override
                public long token() {
                    return token;
                }

                @Override
                public boolean held() {
                    return !lost;
                }

                @Override
                public boolean confirmed() {
                    return !lost;
                }

                @Override
                public String ended() {
                    return "the lock was lost";
                }

                @Override
                public void whenLost(Runnable hearer) {
                    told = hearer;
                }

                @Override
                public void close() {
                    calls.add("close");
                }
            };
        }

        void lose() {
            lost = true;
            told.run();
        }
    }
}
