package io.caravan.source;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * A lock that a run of this source takes beside the ledger's lease, as it keeps out those who do not know this ledger: another
 * ledger's runs, another program. Thread-safe; settings are checked in the constructor, the store is first touched by {@link
 * #acquire}.
 */
public interface RunLock {

    /**
     * Takes it.
     *
     * <ul>
     *   <li>errors: {@link BusyException} when somebody else has it and patience is at an end, {@link
     *       io.caravan.error.UnavailableException} when its store cannot be reached or throttles, {@link
     *       io.caravan.error.ConfigurationException} when it refuses us or has no place for it
     * </ul>
     */
    Held acquire(Asker asker);

    /** Asks whether its store can be used, and says what is wrong, with the remedy; takes nothing. */
    Optional<String> check();

    /**
     * Who asks.
     *
     * @param name for whoever meets the lock, {@code run of process 4711 on host}
     * @param process the process, in a form that {@code gone} understands
     * @param gone whether the process of another holder has provably ended
     * @param patience how long to wait for a holder that is alive, or may be; empty: not at all
     * @param floor what the token must be greater than; asked at each try
     * @param notices hears, in a sentence, for whom one waits that takes long
     */
    record Asker(
            String name,
            String process,
            Predicate<String> gone,
            Optional<Duration> patience,
            LongSupplier floor,
            Consumer<String> notices) {}

    /** The lock while it is ours: renewed until it is closed, or lost. */
    interface Held extends AutoCloseable {

        /** Greater than that of every holder before. */
        long token();

        /** Whether, by this machine's clock, it cannot have ended. */
        boolean held();

        /** Whether its store says so too; one that cannot be asked says nothing. */
        boolean confirmed();

        /** What somebody is told who would go on after it was lost. */
        String ended();

        /** Tells once when it is lost, also when it was before this is called. */
        void whenLost(Runnable told);

        /** Gives it back; never throws. */
        @Override
        void close();
    }
}
