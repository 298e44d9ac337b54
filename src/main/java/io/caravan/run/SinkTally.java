package io.caravan.run;

import io.caravan.error.CaravanException;
import io.caravan.ledger.Runs;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** What a run did to one sink, as far as it is. */
final class SinkTally {

    final long acked;
    final LongAdder written = new LongAdder();
    final LongAdder unchanged = new LongAdder();
    final LongAdder deleted = new LongAdder();
    final LongAdder dead = new LongAdder();
    /** Tombstones it was past already, and those of records it never had. */
    final LongAdder known = new LongAdder();

    private volatile String problem;

    /** {@code acked}: the run up to which the sink has everything. */
    SinkTally(long acked) {
        this.acked = acked;
    }

    /** The sink gets nothing more in this run. */
    void fail(String why) {
        problem = why;
    }

    void fail(Throwable why) {
        fail(why instanceof CaravanException ? why.getMessage() : why.toString());
    }

    /** A problem of a sink, which names it. */
    static String of(String sink, String problem) {
        return problem.startsWith(sink + ": ") ? problem : sink + ": " + problem;
    }

    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    Runs.Delivery delivery(SourceTally source) {
        return new Runs.Delivery(
                written.sum(),
                unchanged.sum() + source.unchanged.sum(),
                deleted.sum(),
                dead.sum() + source.dead.sum(),
                problem());
    }
}
