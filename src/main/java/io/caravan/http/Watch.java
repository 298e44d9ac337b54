package io.caravan.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends what takes longer than it may, and what a thread does that was interrupted: who waits for a socket notices neither. Its
 * thread begins with the first thing to watch and ends when there was none for a while. Thread-safe.
 */
final class Watch {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int IDLE_LOOKS = 250;

    private final Set<Guard> guards = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looking = new AtomicBoolean();

    /** Of one thing that the present thread does. */
    final class Guard implements AutoCloseable {

        private final Thread thread = Thread.currentThread();
        private final Runnable cancel;
        private final long endNanos;
        private volatile boolean late;

        private Guard(Runnable cancel, long endNanos) {
            this.cancel = cancel;
            this.endNanos = endNanos;
        }

        /** Whether it was ended because it took too long. */
        boolean late() {
            return late;
        }

        private void look() {
            late = System.nanoTime() - endNanos > 0;
            if ((late || thread.isInterrupted()) && guards.remove(this)) cancel.run();
        }

        @Override
        public void close() {
            guards.remove(this);
        }
    }

    /** Watches from now on: {@code cancel} is called once {@link System#nanoTime} says so, or when this thread is interrupted. */
    Guard begin(Runnable cancel, long endNanos) {
        Guard guard = new Guard(cancel, endNanos);
        guards.add(guard);
        if (!looking.get() && looking.compareAndSet(false, true)) {
            Thread thread = new Thread(this::look, "caravan-http-watch");
            thread.setDaemon(true);
            thread.start();
        }
        return guard;
    }

    private void look() {
        for (int idle = 0; ; idle = guards.isEmpty() ? idle + 1 : 0) {
            if (idle > IDLE_LOOKS) {
                looking.set(false);
                if (guards.isEmpty() || !looking.compareAndSet(false, true)) return;
            }
            LockSupport.parkNanos(LOOK_NANOS);
            guards.forEach(Guard::look);
        }
    }
}
