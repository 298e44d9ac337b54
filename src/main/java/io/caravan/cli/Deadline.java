package io.caravan.cli;

import io.caravan.error.StoppedException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** When the time of a command is over: what goes on then is asked to end, as by a signal. */
final class Deadline implements AutoCloseable {

    private final Signals signals;
    private final String name;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "caravan-deadline");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean over;

    /** {@code time}: empty for as long as it takes. */
    Deadline(Signals signals, Optional<Duration> time) {
        this.signals = signals;
        this.name = "its timeout" + time.map(t -> " of " + t.toSeconds() + " s").orElse("");
        time.ifPresent(t -> clock.schedule(this::end, t.toMillis(), TimeUnit.MILLISECONDS));
    }

    private void end() {
        over = true;
        signals.timeIsOver(name, clock::isShutdown);
    }

    boolean over() {
        return over;
    }

    /** Waits; throws {@link StoppedException} when the time is over or a signal comes meanwhile. */
    void pause(Duration time) throws InterruptedException {
        Pause pause = new Pause();
        signals.begin(pause);
        if (pause.asked.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new StoppedException("caravan: stopped by " + pause.by + " before another try");
        }
    }

    /** Nothing goes on that would have to end. */
    private static final class Pause implements Signals.Task {

        private final CountDownLatch asked = new CountDownLatch(1);
        private volatile String by;

        @Override
        public void stop(String signal) {
            by = signal;
            asked.countDown();
        }

        @Override
        public void abandon() {
            // it ends when it is asked
        }

        @Override
        public int code(int own, int signal) {
            return signal;
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
