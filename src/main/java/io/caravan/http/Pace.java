package io.caravan.http;

import java.util.concurrent.TimeUnit;

/** Lets through so many a second, evenly. Thread-safe. */
final class Pace implements Throttle {

    private final long gapNanos;
    private long nextNanos = System.nanoTime();

    /** {@code perSecond}: 0 lets all through at once. */
    Pace(double perSecond) {
        this.gapNanos = perSecond == 0 ? 0 : (long) (1e9 / perSecond);
    }

    @Override
    public void await() throws InterruptedException {
        if (gapNanos == 0) return;
        long wait;
        synchronized (this) {
            long now = System.nanoTime();
            long mine = nextNanos - now > 0 ? nextNanos : now;
            nextNanos = mine + gapNanos;
            wait = mine - now;
        }
        TimeUnit.NANOSECONDS.sleep(wait);
    }
}
