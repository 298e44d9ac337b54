package io.caravan.run;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A run as it goes on; may be asked from any thread at any time. */
public interface Progress {

    long recordsRead();

    /** By sink: records written so far. */
    Map<String, Long> written();

    /**
     * Asks the run to end at its next batch. It then fails and says so, unless everything was delivered and acknowledged by
     * then.
     *
     * @param by who asks, such as {@code SIGTERM}
     */
    default void stop(String by) {}

    /**
     * What is known of a run that does not end although it was asked to, as a store is silent. No store is asked but the
     * ledger: it is told the run's end, and gets the lease back, if it answers within {@code patience}. The process must end
     * after that.
     */
    default Optional<RunReport> abandon(Duration patience) {
        return Optional.empty();
    }
}
