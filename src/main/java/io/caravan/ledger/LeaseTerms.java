package io.caravan.ledger;

import io.caravan.error.AwakeClock;
import io.caravan.error.LongWait;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Who asks for a lease, for how long, and how patiently.
 *
 * @param holder who, for the message others get: what it does, process, host
 * @param time how long the lease lasts unless it is renewed
 * @param patience how long to wait for one that somebody holds. Empty: not at all for a holder that is alive, unless that is a slice of
 *     a backfill, and for one that is no longer renewing until its lease has ended
 * @param process who, for others on this machine
 * @param nanos a clock as {@link System#nanoTime}; this machine's goes on while it sleeps
 * @param notices hears, in a sentence, what is waited for, when it takes longer than {@link #QUIET}
 * @param floor what the token will be greater than: the highest by which something was published, under another ledger perhaps
 */
public record LeaseTerms(
        String holder,
        Duration time,
        Optional<Duration> patience,
        ProcessId process,
        LongSupplier nanos,
        Consumer<String> notices,
        long floor) {

    /** What a slice of a backfill does, for the message others get: it ends soon, so that they wait for it. */
    public static final String SLICE = "backfill";

    /** So long at most, unless somebody says otherwise. */
    static final Duration LONGEST_SLICE = Duration.ofHours(1);

    /** Who waits no longer than this says nothing. */
    static final Duration QUIET = LongWait.QUIET;

    public static LeaseTerms of(String holder, Duration time) {
        return new LeaseTerms(holder, time, Optional.empty(), ProcessId.current(), new AwakeClock(), sentence -> {}, 0);
    }

    /** Waits so long for whoever holds it. */
    public LeaseTerms waiting(Optional<Duration> longest) {
        return new LeaseTerms(holder, time, longest, process, nanos, notices, floor);
    }

    public LeaseTerms heardBy(Consumer<String> hearer) {
        return new LeaseTerms(holder, time, patience, process, nanos, hearer, floor);
    }

    /** As another process, which may be one that is gone: for what shows that death is seen. */
    public LeaseTerms as(ProcessId other) {
        return new LeaseTerms(holder, time, patience, other, nanos, notices, floor);
    }

    /** With a token that is greater than this. */
    public LeaseTerms above(long lowest) {
        return new LeaseTerms(holder, time, patience, process, nanos, notices, lowest);
    }

    public LeaseTerms by(LongSupplier clock) {
        return new LeaseTerms(holder, time, patience, process, clock, notices, floor);
    }
}
