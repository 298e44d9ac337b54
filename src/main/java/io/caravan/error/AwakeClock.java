package io.caravan.error;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A clock as {@link System#nanoTime} that goes on while the machine sleeps: a laptop that is closed, a virtual machine that is suspended.
 * On Linux nanoTime stands still then, and who woke would think for as long as before that what it holds for a while is its own still.
 *
 * <p>What the clock on the wall went on more than nanoTime is added. So it also jumps when somebody sets that clock forward, which ends
 * things early and does no harm; it never goes back. Thread-safe.
 */
public final class AwakeClock implements LongSupplier {

    /** The clock on the wall may differ by so much for other reasons: its steps, and how it is kept right. */
    private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final LongSupplier nanos;
    private final LongSupplier wallMillis;
    private long apart;
    private long slept;

    /** This machine's. */
    public AwakeClock() {
        this(System::nanoTime, System::currentTimeMillis);
    }

    /** One made of two: as {@link System#nanoTime} and as {@link System#currentTimeMillis}. */
    public AwakeClock(LongSupplier nanos, LongSupplier wallMillis) {
        this.nanos = nanos;
        this.wallMillis = wallMillis;
        this.apart = apart(nanos.getAsLong());
    }

    @Override
    public synchronized long getAsLong() {
        long now = nanos.getAsLong();
        long further = apart(now) - apart;
        if (further > SLACK_NANOS) slept += further;
        // also when it was set back: from there on it counts
        if (further > SLACK_NANOS || further < 0) apart += further;
        return now + slept;
    }

    private long apart(long now) {
        return TimeUnit.MILLISECONDS.toNanos(wallMillis.getAsLong()) - now;
    }
}
