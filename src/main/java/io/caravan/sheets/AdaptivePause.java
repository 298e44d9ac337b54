package io.caravan.sheets;

import java.time.Duration;
import java.util.Optional;

/**
 * How long to wait before the next request: nothing while a service answers as fast as ever, as much as it became slower once
 * it needs twice its best time, and more and more while it refuses; half of that after each answer. While its answers take longer than
 * 1.5 s on average (0.3 of the newest, 0.7 of those before it), twice that average, at most 10 s.
 */
final class AdaptivePause {

    private static final double NEWEST = 0.3;
    private static final long SLOW_NANOS = Duration.ofMillis(1_500).toNanos();
    private static final long MOST_FOR_SLOW_NANOS = Duration.ofSeconds(10).toNanos();

    private final long firstNanos;
    private final long mostNanos;
    private long pauseNanos;
    private long notBeforeNanos = System.nanoTime();
    private double averageNanos;
    private long smoothedNanos;
    private long fastestNanos = Long.MAX_VALUE;

    /** {@code first}: the pause after a refusal that does not say how long; {@code most}: the longest that is not asked for. */
    AdaptivePause(Duration first, Duration most) {
        this.firstNanos = first.toNanos();
        this.mostNanos = most.toNanos();
    }

    synchronized Duration pause() {
        long slow = averageNanos > SLOW_NANOS ? Math.min(MOST_FOR_SLOW_NANOS, (long) (2 * averageNanos)) : 0;
        return Duration.ofNanos(Math.max(Math.max(pauseNanos, slow), notBeforeNanos - System.nanoTime()));
    }

    /** How long an answer with cells took, whatever its size. */
    synchronized void took(Duration latency) {
        averageNanos = NEWEST * latency.toNanos() + (1 - NEWEST) * averageNanos;
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
