package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.record.Cut;
import io.caravan.record.Hash;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A run that is asked to stop, as by a signal, ends soon, says so, and loses nothing. */
class StopTest {

    private static final String STOPPED = ": the run was stopped by SIGTERM before its end; the next run resumes";
    private static final int MOMENTS = 100;
    private static final long SEED = 20;

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    /** Moments are reads of a record, writes of a record and ends of a bulk write, whatever thread they are in. */
    @Test
    void aRunStopsAtAHundredMomentsAndTheNextOneResumes() {
        int all = countdown(Integer.MAX_VALUE).ticks.get();
        Random random = new Random(SEED);
        int stopped = 0;
        long longest = 0;
        for (int i = 0; i < MOMENTS; i++) {
            int moment = 1 + random.nextInt(all);
            Countdown run = countdown(moment);
            String where = "moment " + moment + " of " + all;
            longest = Math.max(longest, run.nanosToEnd());
            if (run.report.status() == RunReport.Status.FAILED) {
                stopped++;
                assertThat(run.report.problems()).as(where).containsOnlyOnce(run.things.name + STOPPED);
                assertThat(run.things.acked("left")).as(where).isZero();
                assertThat(run.things.status(run.report.runId())).as(where).isEqualTo("failed");
            } else {
                assertThat(run.report.problems()).as(where).isEmpty();
                assertThat(run.things.acked("right")).as(where).isEqualTo(run.report.runId());
            }
            assertThat(run.things.letters()).as(where).isEmpty();
            RunReport next = run.things.run();
            assertThat(next.status()).as(where).isEqualTo(RunReport.Status.SUCCEEDED);
            assertThat(run.things.left.held).as(where).isEqualTo(expected(run.things));
            assertThat(run.things.right.held).as(where).isEqualTo(expected(run.things));
        }
        System.out.println("stop: " + MOMENTS + " moments of " + all + ", seed " + SEED + ": " + stopped
                + " runs stopped, the others were at their end; " + longest / 1_000_000 + " ms to the end at most");
        assertThat(stopped).isGreaterThan(MOMENTS / 2);
        assertThat(longest).isLessThan(Duration.ofSeconds(5).toNanos());
    }

    @Test
    void aPauseBeforeAnotherTryEndsWithTheStop() throws Exception {
        Things things = new Things(ledger);
        things.many("a", 0, 100);
        things.left.down = true;
        CountDownLatch tried = new CountDownLatch(1);
        things.right.meddler = position -> tried.countDown();
        AtomicReference<Progress> progress = new AtomicReference<>();
        Pipeline pipeline = new Pipeline(
                things.name,
                things.source,
                Wiring.of(things.generations),
                things.limits,
                Duration.ofSeconds(30),
                Cut.DEFAULT);
        // a pause of a minute, and each further one twice as long
        Session session = new OpenRun(things.name, things.source, ledger.pool, things.limits, 30_000, 10, 60_000)
                .open(pipeline, RunRequest.of(Mode.RUN).heardBy(progress::set));
        CompletableFuture<RunReport> run =
                CompletableFuture.supplyAsync(() -> Loop.run(session, List.of(), List.of(things.right, things.left)));
        tried.await();

        progress.get().stop("SIGTERM");

        RunReport report = run.get(10, TimeUnit.SECONDS);
        assertThat(report.problems()).containsExactly(things.name + STOPPED);
        assertThat(things.acked("left")).isZero();
        things.left.down = false;
        assertThat(things.run().status()).isEqualTo(RunReport.Status.SUCCEEDED);
        assertThat(things.left.held).isEqualTo(expected(things));
    }

    @Test
    void aStopEndsTheHalvingWithoutADeadLetter() {
        Things things = new Things(ledger);
        things.many("a", 0, 40);
        AtomicReference<Progress> progress = new AtomicReference<>();
        things.left.poison = r -> {
            progress.get().stop("SIGINT");
            return true;
        };

        RunReport report = things.run(RunRequest.of(Mode.RUN).heardBy(progress::set));

        assertThat(report.status()).isEqualTo(RunReport.Status.FAILED);
        assertThat(things.left.calls).isEqualTo(1);
        assertThat(things.letters()).isEmpty();
    }

    @Test
    void aSourceThatSaysNothingDoesNotHoldUpTheStop() throws Exception {
        Things things = new Things(ledger);
        things.many("a", 0, 10);
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        things.memory.meddler = (object, reader) -> each(reader, () -> {
            reading.countDown();
            uninterruptibly(answer);
        });
        AtomicReference<Progress> progress = new AtomicReference<>();
        Session session = things.open(RunRequest.of(Mode.RUN).heardBy(progress::set));
        CompletableFuture<RunReport> run =
                CompletableFuture.supplyAsync(() -> Loop.run(session, List.of(), things.sinks));
        reading.await();

        progress.get().stop("SIGTERM");

        assertThat(run.get(8, TimeUnit.SECONDS).problems()).containsExactly(things.name + STOPPED);
        answer.countDown();
        things.memory.meddler = (object, reader) -> reader;
        assertThat(things.run().status()).isEqualTo(RunReport.Status.SUCCEEDED);
    }

    @Test
    void aSinkThatSaysNothingLeavesTheLeaseFreeAndNothingDone() throws Exception {
        Things things = new Things(ledger);
        things.many("a", 0, 10);
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        things.left.meddler = position -> {
            writing.countDown();
            uninterruptibly(answer);
        };
        AtomicReference<Progress> progress = new AtomicReference<>();
        Session session = things.open(RunRequest.of(Mode.RUN).heardBy(progress::set));
        CompletableFuture<RunReport> run =
                CompletableFuture.supplyAsync(() -> Loop.run(session, List.of(), things.sinks));
        writing.await();
        progress.get().stop("SIGTERM");

        RunReport report = progress.get().abandon(Duration.ofSeconds(5)).orElseThrow();

        assertThat(report.problems())
                .containsExactly(
                        things.name + STOPPED,
                        "left: it did not answer; what it has of its last batch is unknown, and the next run sends that"
                                + " again");
        assertThat(report.sinks().get("left").written()).isZero();
        assertThat(things.status(report.runId())).isEqualTo("failed");
        assertThat(things.acked("left")).isZero();
        Session next = things.open(RunRequest.of(Mode.PLAN));
        next.close(Optional.empty());
        answer.countDown();
        run.get(10, TimeUnit.SECONDS);
        assertThat(things.run().status()).isEqualTo(RunReport.Status.SUCCEEDED);
        assertThat(things.left.held).isEqualTo(expected(things));
    }

    @Test
    void aPlanAVerificationAndAReplayStopToo() {
        Things things = new Things(ledger);
        things.many("a", 0, 500);
        things.left.poison = r -> r.key().equals("k7");
        things.run();
        for (Mode mode : List.of(Mode.PLAN, Mode.VERIFY, Mode.REPLAY)) {
            RunReport report = things.run(
                    RunRequest.of(mode).comparingContents(true).heardBy(progress -> progress.stop("SIGINT")));
            assertThat(report.status()).as("%s", mode).isEqualTo(RunReport.Status.FAILED);
            assertThat(report.problems()).containsExactly(Stop.sentence(things.name, mode, "SIGINT"));
        }
        assertThat(things.letters()).containsExactly("left k7 open");
        things.left.poison = r -> false;
        assertThat(things.replay(Optional.empty()).status()).isEqualTo(RunReport.Status.SUCCEEDED);
    }

    /** A run that is stopped at the so-manieth thing that happens in it. */
    private static final class Countdown {
        final Things things = new Things(ledger);
        final AtomicInteger ticks = new AtomicInteger();
        final AtomicReference<Progress> progress = new AtomicReference<>();
        volatile long stoppedNanos = System.nanoTime();
        RunReport report;
        long endedNanos;

        long nanosToEnd() {
            return endedNanos - stoppedNanos;
        }
    }

    private static Countdown countdown(int moment) {
        Countdown run = new Countdown();
        run.things.many("a", 0, 150);
        run.things.many("b", 150, 400);
        Consumer<Object> tick = what -> {
            if (run.ticks.incrementAndGet() != moment) return;
            run.stoppedNanos = System.nanoTime();
            run.progress.get().stop("SIGTERM");
        };
        run.things.left.meddler = tick::accept;
        run.things.right.meddler = tick::accept;
        run.things.memory.meddler = (object, reader) -> each(reader, () -> {
            // the first reads happen before the listener hears of the run
            while (run.progress.get() == null) Thread.onSpinWait();
            tick.accept(object);
        });
        run.report = run.things.run(RunRequest.of(Mode.RUN).heardBy(run.progress::set));
        run.endedNanos = System.nanoTime();
        run.things.left.meddler = position -> {};
        run.things.right.meddler = position -> {};
        run.things.memory.meddler = (object, reader) -> reader;
        return run;
    }

    private static RecordReader each(RecordReader reader, Runnable before) {
        return new RecordReader() {
            @Override
            public Optional<Record> read(Consumer<BadRow> bad) {
                before.run();
                return reader.read(bad);
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }

    private static Map<String, Hash> expected(Things things) {
        Map<String, Hash> hashes = new HashMap<>();
        things.memory.expected().forEach((key, record) -> hashes.put(key, record.hash()));
        return hashes;
    }

    private static void uninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                if (interrupted) Thread.currentThread().interrupt();
                return;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }
}
