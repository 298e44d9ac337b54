package io.caravan.run;

import io.caravan.delivery.Fence;
import io.caravan.ledger.Lease;
import io.caravan.ledger.LeaseHeldException;
import io.caravan.ledger.LeaseLostException;
import io.caravan.ledger.LeaseTerms;
import io.caravan.ledger.ProcessId;
import io.caravan.source.BusyException;
import io.caravan.source.RunLock;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The right of a run to write: the ledger's lease and, where the source has one, its lock. Both must be held. */
public final class RunRight implements Fence, AutoCloseable {

    private final Lease lease;
    private final Optional<RunLock.Held> lock;

    RunRight(Lease lease, Optional<RunLock.Held> lock) {
        this.lease = lease;
        this.lock = lock;
    }

    /**
     * Takes the lock of a source, if it has one, beside the lease of its pipeline; closing gives back both.
     *
     * <ul>
     *   <li>errors: {@link LeaseHeldException} when somebody else has the lock; the lease stays held then
     * </ul>
     *
     * @param terms of the lease
     * @param floor what the token must be greater than
     */
    public static RunRight beside(
            Lease lease, LeaseTerms terms, String pipeline, Optional<RunLock> lock, LongSupplier floor) {
        try {
            return new RunRight(
                    lease,
                    lock.map(l -> l.acquire(new RunLock.Asker(
                            terms.holder(),
                            terms.process().text(),
                            other -> ProcessId.parse(other)
                                    .filter(ProcessId::gone)
                                    .isPresent(),
                            terms.patience(),
                            () -> Math.max(lease.token(), floor.getAsLong()),
                            terms.notices()))));
        } catch (BusyException e) {
            throw new LeaseHeldException(pipeline + ": " + e.getMessage());
        }
    }

    Lease lease() {
        return lease;
    }

    /** Throws {@link LeaseLostException} unless, by all this machine knows, neither can have ended yet. */
    void mustBeHeld() {
        lease.mustBeHeld();
        if (lock.isPresent() && !lock.get().held())
            throw new LeaseLostException(lock.get().ended());
    }

    /** Whether ledger and lock say so too; one that cannot be asked says nothing. */
    boolean confirmed() {
        return lease.confirmed() && lock.map(RunLock.Held::confirmed).orElse(true);
    }

    @Override
    public long token() {
        return lock.map(RunLock.Held::token).orElse(lease.token());
    }

    @Override
    public void check() {
        confirmed();
        mustBeHeld();
    }

    /** Tells once when the lock is lost. */
    void whenLost(Runnable told) {
        lock.ifPresent(held -> held.whenLost(told));
    }

    /** The lock first: whoever gets the lease after us finds it free. */
    @Override
    public void close() {
        try (lease) {
            lock.ifPresent(RunLock.Held::close);
        }
    }
}
