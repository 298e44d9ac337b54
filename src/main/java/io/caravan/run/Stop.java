package io.caravan.run;

import io.caravan.delivery.BulkDelivery;
import io.caravan.delivery.Sink;
import io.caravan.error.CaravanException;
import io.caravan.error.StoppedException;
import io.caravan.error.Words;
import io.caravan.record.Record;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** What a trip is asked from outside, by a signal for example: to end at its next batch. Thread-safe. */
public final class Stop {

    private final String pipeline;
    private final Mode mode;
    private final CountDownLatch asked = new CountDownLatch(1);
    private volatile String by;

    public Stop(String pipeline, Mode mode) {
        this.pipeline = pipeline;
        this.mode = mode;
    }

    /** {@code who}: such as {@code SIGTERM}; the first one counts. */
    public synchronized void ask(String who) {
        if (by == null) by = who;
        asked.countDown();
    }

    public boolean asked() {
        return by != null;
    }

    /** What the report says of it; empty when nobody asked. */
    public Optional<String> problem() {
        return Optional.ofNullable(by).map(who -> sentence(pipeline, mode, who));
    }

    /** What is said of a trip that somebody stopped. */
    public static String sentence(String pipeline, Mode mode, String by) {
        return pipeline + ": the " + mode + " was stopped by " + by + " before its end; "
                + (mode.writes() ? "the next " + mode + " resumes" : "nothing was written");
    }

    /** Throws {@link StoppedException} when somebody asked. */
    public void check() {
        problem().ifPresent(sentence -> {
            throw new StoppedException(sentence);
        });
    }

    /** The same permit, which ends when somebody asks: neither halves nor further tries begin after that. */
    BulkDelivery.Permit over(BulkDelivery.Permit permit) {
        return new BulkDelivery.Permit() {
            @Override
            public void ask() {
                if (asked()) {
                    throw new StoppedException(notWritten());
                }
                permit.ask();
            }

            @Override
            public void used(Sink sink, List<Record> batch) {
                permit.used(sink, batch);
            }

            @Override
            public Consumer<String> notices() {
                return permit.notices();
            }

            @Override
            public void pause(Duration time) throws InterruptedException {
                if (!asked.await(time.toNanos(), TimeUnit.NANOSECONDS)) return;
                ask();
            }
        };
    }

    /** Adds the problems of the sinks, without that of those which only lack what the stop kept from them. */
    void addProblems(Map<String, SinkTally> sinks, List<String> problems) {
        sinks.forEach((name, sink) -> sink.problem()
                .filter(p -> !asked() || !p.equals(notWritten()))
                .ifPresent(p -> problems.add(SinkTally.of(name, p))));
    }

    private String notWritten() {
        return "not everything was written, as the run was stopped by " + by;
    }

    /** What is said of a sink that was asked something and does not answer. */
    static String silent(String sink) {
        return sink
                + ": it did not answer; what it has of its last batch is unknown, and the next run sends that again";
    }

    /** Tells a ledger the end of what somebody stopped, unless it takes longer; what to say of it then. */
    public static Optional<String> tell(Duration patience, Runnable ledger) {
        AtomicReference<String> problem = new AtomicReference<>(
                "ledger: it did not answer, and does not know of this end; the lease ends by itself");
        Thread thread = new Thread(
                () -> {
                    try {
                        ledger.run();
                        problem.set(null);
                    } catch (RuntimeException | Error e) {
                        problem.set(e instanceof CaravanException ? e.getMessage() : "ledger: " + Words.of(e));
                    }
                },
                "caravan-abandon");
        thread.setDaemon(true);
        thread.start();
        try {
            thread.join(Math.max(1, patience.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.ofNullable(problem.get());
    }
}
