package io.caravan.local;

import io.caravan.error.UnavailableException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what another process does. */
final class Waiting {

    private Waiting() {}

    /** Asks about 40 times a second; true as soon as the condition holds, false when it did not in time. */
    static boolean until(BooleanSupplier condition, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) return false;
            try {
                Thread.sleep(25);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UnavailableException("interrupted while waiting for a local store", e);
            }
        }
        return true;
    }
}
