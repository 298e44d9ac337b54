package io.caravan.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClaimsTest {

    private static final Duration LONG = Duration.ofMinutes(5);
    private final TestJobs jobs = new TestJobs();
    private final Claims ann = new Claims("ann", LONG);
    private final Claims bob = new Claims("bob", LONG);

    @AfterEach
    void close() {
        jobs.close();
    }

    @Test
    void publishesEachKeyOnce() {
        jobs.publish(3);
        jobs.publish(5);
        assertThat(jobs.jobs())
                .containsExactly(
                        "k1 pending 0 0", "k2 pending 0 0", "k3 pending 0 0", "k4 pending 0 0", "k5 pending 0 0");
    }

    @Test
    void manyWorkersAtOnceTakeEachJobOnce() throws Exception {
        jobs.publish(2_000);
        Set<Long> taken = new ConcurrentSkipListSet<>();
        ExecutorService workers = Executors.newFixedThreadPool(8);
        try {
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                Claims worker = new Claims("worker " + i, LONG);
                all.add(workers.submit(() -> {
                    int mine = 0;
                    for (List<Claim> batch = take(worker, 7); !batch.isEmpty(); batch = take(worker, 7)) {
                        mine += batch.size();
                        for (Claim claim : batch)
                            assertThat(taken.add(claim.job())).isTrue();
                        assertThat(batch.stream().map(Claim::token).distinct()).hasSize(1);
                    }
                    return mine;
                }));
            }
            int sum = 0;
            for (Future<Integer> worker : all) sum += worker.get();
            assertThat(sum).isEqualTo(2_000);
        } finally {
            workers.shutdownNow();
        }
    }

    @Test
    void aWorkerThatIsNotHeardOfLosesItsJobsAndItsSay() {
        jobs.publish(2);
        List<Claim> late = take(ann, 2);
        assertThat(takeBack()).isZero();
        expire();
        assertThat(takeBack()).isEqualTo(2);
        List<Claim> now = take(bob, 1);
        assertThat(now.get(0).job()).isEqualTo(late.get(0).job());
        assertThat(now.get(0).attempt()).isEqualTo(2);
        for (Claim claim : late) {
            assertThatThrownBy(() -> complete(claim))
                    .isInstanceOf(ClaimLostException.class)
                    .hasMessageContaining("nothing of it was kept");
            assertThatThrownBy(() -> fail(claim, "late")).isInstanceOf(ClaimLostException.class);
        }
        complete(now.get(0));
        assertThat(jobs.jobs()).containsExactly("k1 completed 0 2", "k2 pending 0 1");
        assertThat(jobs.history()).containsExactly("1 1 lost", "1 2 completed", "2 1 lost");
    }

    @Test
    void renewingKeepsTheJobsOfWhoIsAlive() {
        jobs.publish(2);
        List<Claim> held = take(ann, 1);
        take(bob, 1);
        expire();
        jobs.database.in(c -> {
            ann.renew(c, held);
            return null;
        });
        assertThat(takeBack()).isEqualTo(1);
        assertThat(jobs.jobs()).containsExactly("k1 processing 0 1", "k2 pending 0 1");
    }

    @Test
    void endsAJobOnceHoweverOftenItIsSaid() {
        jobs.publish(1);
        Claim claim = take(ann, 1).get(0);
        complete(claim);
        assertThat(jobs.database.<Boolean>in(c -> Claims.hold(c, claim)))
                .as("the reply to completing was lost: it is not done again")
                .isFalse();
        fail(claim, "too late");
        assertThat(jobs.jobs()).containsExactly("k1 completed 0 1");
    }

    @Test
    void putsAJobBackOnlySoOften() {
        jobs.publish(1);
        for (int i = 0; i < 2; i++) assertThat(later(take(ann, 1).get(0))).isTrue();
        assertThat(later(take(ann, 1).get(0))).isFalse();
        assertThat(jobs.jobs()).containsExactly("k1 failed 2 3");
        assertThat(jobs.texts("select error_message from books.job")).containsExactly("the API is away");
    }

    @Test
    void aJobThatIsPutBackWaits() {
        jobs.publish(1);
        Claim claim = take(ann, 1).get(0);
        jobs.database.in(c -> Claims.later(c, claim, "busy", null, 9, LONG));
        assertThat(take(ann, 1)).isEmpty();
        jobs.update("update books.job set not_before = clock_timestamp()");
        assertThat(take(ann, 1)).hasSize(1);
    }

    @Test
    void retriesFailedJobsWithinTheirLimit() {
        jobs.publish(2);
        take(ann, 2).forEach(claim -> fail(claim, "unknown"));
        jobs.update("update books.job set retry_count = 3 where key = 'k2'");
        assertThat(jobs.database.<Integer>in(c -> Jobs.retryFailed(c, 3))).isEqualTo(1);
        assertThat(jobs.jobs()).containsExactly("k1 pending 1 1", "k2 failed 3 1");
    }

    @Test
    void givesUpAJobThatTakesItsWorkersDown() {
        jobs.publish(1);
        for (int i = 0; i < Claims.MOST_LOST; i++) {
            assertThat(take(ann, 1)).as("attempt " + i).hasSize(1);
            expire();
            takeBack();
        }
        assertThat(jobs.jobs()).containsExactly("k1 failed 0 20");
        assertThat(jobs.texts("select error_message from books.job"))
                .containsExactly("jobs: the worker must end the job, got lost 20 times");
    }

    @Test
    void whatWasNeverBegunGoesBackWithoutATrace() {
        jobs.publish(2);
        List<Claim> claims = take(ann, 2);
        jobs.database.in(c -> {
            Claims.release(c, claims.subList(1, 2));
            return null;
        });
        assertThat(jobs.jobs()).containsExactly("k1 processing 0 1", "k2 pending 0 0");
        assertThat(jobs.history()).containsExactly("1 1 open");
    }

    @Test
    void aDatabaseThatIsAwayIsNoDefect() {
        try (JobDatabase nowhere = new JobDatabase("jdbc:postgresql://127.0.0.1:1/x", "a", "b", 60_000)) {
            assertThatThrownBy(() -> nowhere.in(c -> null))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("./caravan stores start");
        }
    }

    private List<Claim> take(Claims worker, int most) {
        return jobs.database.in(c -> worker.take(c, most));
    }

    private int takeBack() {
        return jobs.database.in(ann::takeBack);
    }

    private void expire() {
        jobs.update("update books.job set leased_until = clock_timestamp() - interval '1 ms'"
                + " where status = 'processing'");
    }

    private void complete(Claim claim) {
        jobs.database.in(c -> {
            if (!Claims.hold(c, claim)) return null;
            Claims.complete(c, claim, "[]", "{}");
            return null;
        });
    }

    private void fail(Claim claim, String reason) {
        jobs.database.in(c -> {
            Claims.fail(c, claim, reason, "[]");
            return null;
        });
    }

    private boolean later(Claim claim) {
        return jobs.database.in(c -> Claims.later(c, claim, "the API is away", "[]", 2, Duration.ZERO));
    }
}
