package io.caravan.run;

import io.caravan.ledger.Checkpoints;
import io.caravan.ledger.Transactions;
import io.caravan.source.Source;
import java.util.Optional;

/**
 * How a run reads its source: whole, or from its checkpoint on. Whole when there is no checkpoint, when somebody asks
 * for it, and when a sink waits for more than the source would show: a new one, or one whose rules changed. A source that never
 * shows all is never read whole.
 */
record Reading(Source source, boolean partial) {

    /** {@code acked}: the run up to which every sink has everything. */
    static Reading of(Pipeline pipeline, RunRequest request, Transactions ledger, short flow, long acked) {
        Source source = pipeline.source();
        boolean windowed = source.windowed();
        if (!source.incremental() || request.full()) return new Reading(source, windowed);
        Optional<Checkpoints.Checkpoint> checkpoint =
                ledger.in(c -> Checkpoints.find(c, flow, pipeline.wiring().source()));
        return checkpoint
                .filter(cp -> acked >= cp.run())
                .map(cp -> new Reading(source.since(cp.position()), true))
                .orElse(new Reading(source, windowed));
    }
}
