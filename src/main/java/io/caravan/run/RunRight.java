package io.caravan.run;

import io.caravan.delivery.Fence;
import io.caravan.ledger.Lease;
import io.caravan.ledger.LeaseLostException;
import io.caravan.source.RunLock;
import java.util.Optional;

/** The right of a run to write: the ledger's lease and, where the source has one, its lock. Both must be held. */
final class RunRight implements Fence, AutoCloseable {

    private final Lease lease;
    private final Optional<RunLock.Held> lock;

    RunRight(Lease lease, Optional<RunLock.Held> lock) {
        this.lease = lease;
        this.lock = lock;
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
