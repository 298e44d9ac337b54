package io.caravan.graph;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Makes calls fail that wait for a server longer than allowed: the driver itself waits without an end for one that has fallen
 * silent. Only the time inside {@link #call} counts, for each call again. The call is interrupted, at which the driver ends the
 * connection that it waits for, and no other.
 */
final class TimeLimit implements AutoCloseable {

    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "caravan-neo4j-time");
        thread.setDaemon(true);
        return thread;
    });

    /** Much more than an interrupted call needs to end, when it has a connection, on a machine that has much else to do. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final long limitNanos;
    private final Runnable end;
    private final ScheduledFuture<?> look;
    /** Who waits in a call, and since when, as {@link System#nanoTime} says; null: there is none. */
    private Thread caller;

    private long since;
    private boolean interrupted;
    private long interruptedAt;
    private volatile boolean over;

    /** {@code end} makes a call fail that has no connection to end, at once and without waiting for anything itself. */
    TimeLimit(long millis, Runnable end) {
        this.limitNanos = TimeUnit.MILLISECONDS.toNanos(millis);
        this.end = end;
        long every = Math.max(1, Math.min(1_000, millis / 10));
        this.look = CLOCK.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
    }

    <T> T call(Supplier<T> work) {
        begin();
        try {
            return work.get();
        } finally {
            end();
        }
    }

    private synchronized void begin() {
        caller = Thread.currentThread();
        since = System.nanoTime();
        interrupted = false;
    }

    private synchronized void end() {
        caller = null;
        if (interrupted) Thread.interrupted(); // that was for this call alone
    }

    /** Whether a call took longer. */
    boolean over() {
        return over;
    }

    private void look() {
        synchronized (this) {
            long now = System.nanoTime();
            if (caller == null || now - since < limitNanos) return;
            if (!interrupted) {
                over = true;
                interrupted = true;
                interruptedAt = now; // not when it should have been: who was suspended looks late
                caller.interrupt();
                return;
            }
            if (now - interruptedAt < GRACE_NANOS) return;
        }
        end.run();
    }

    @Override
    public void close() {
        look.cancel(false);
    }
}
