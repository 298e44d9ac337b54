package io.caravan.sheets;

import java.time.Duration;
import java.util.Optional;

/**
 * How long to wait before the next request: nothing while a service answers as fast as ever, as much as it became slower once
 * it needs twice its best time, and more and more while it refuses; half of that after each answer.
 */
final class AdaptivePause {

    private final long firstNanos;
    private final long mostNanos;
    private long pauseNanos;
    private long notBeforeNanos = System.nanoTime();
    private long smoothedNanos;
    private long fastestNanos = Long.MAX_VALUE;

    /** {@code first}: the pause after a refusal that does not say how long; {@code most}: the longest that is not asked for. */
    AdaptivePause(Duration first, Duration most) {
        this.firstNanos = first.toNanos();
        this.mostNanos = most.toNanos();
    }

    synchronized Duration pause() {
        return Duration.ofNanos(Math.max(pauseNanos, notBeforeNanos - System.nanoTime()));
    }

    /** An answer whose size is like no other's, so that its time says nothing. */
    synchronized void answered() {
        pauseNanos /= 2;
    }

    synchronized void answered(Duration latency) {
        long nanos = latency.toNanos();
        smoothedNanos = smoothedNanos == 0 ? nanos : (3 * smoothedNanos + nanos) / 4;
        fastestNanos = Math.min(fastestNanos, nanos);
        pauseNanos /= 2;
        if (smoothedNanos > 2 * fastestNanos) {
            pauseNanos = Math.min(mostNanos, Math.max(pauseNanos, smoothedNanos - fastestNanos));
        }
    }

    synchronized void refused(Optional<Duration> retryAfter) {
        if (retryAfter.isPresent())
            notBeforeNanos = System.nanoTime() + retryAfter.get().toNanos();
        else pauseNanos = Math.min(mostNanos, Math.max(2 * pauseNanos, firstNanos));
    }
}
