package io.caravan.graph;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Makes calls fail that wait for a server longer than allowed: the driver itself waits without an end for one that has fallen
 * silent. Only the time inside {@link #call} counts, for each call anew.
 */
final class TimeLimit implements AutoCloseable {

    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "caravan-neo4j-time");
        thread.setDaemon(true);
        return thread;
    });

    private final long limitNanos;
    private final Runnable end;
    private final ScheduledFuture<?> look;
    /** When the call under way began, as {@link System#nanoTime} says, never 0; 0: there is none. */
    private volatile long since;

    private volatile boolean over;

    /** {@code end} makes the call fail, at once and without waiting for anything itself. */
    TimeLimit(long millis, Runnable end) {
        this.limitNanos = TimeUnit.MILLISECONDS.toNanos(millis);
        this.end = end;
        long every = Math.max(1, Math.min(1_000, millis / 10));
        this.look = CLOCK.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
    }

    <T> T call(Supplier<T> work) {
        since = System.nanoTime() | 1;
        try {
            return work.get();
        } finally {
            since = 0;
        }
    }

    /** Whether a call took longer. */
    boolean over() {
        return over;
    }

    private void look() {
        long began = since;
        if (began == 0 || over || System.nanoTime() - began < limitNanos) return;
        over = true;
        end.run();
    }

    @Override
    public void close() {
        look.cancel(false);
    }
}
