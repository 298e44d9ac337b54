package io.caravan.run;

import io.caravan.error.CaravanException;
import io.caravan.ledger.Checkpoints;
import io.caravan.ledger.Transactions;
import io.caravan.source.Source;
import java.util.List;
import java.util.Optional;

/**
 * How a run reads its source: whole, or from its checkpoint on. Whole when there is no checkpoint, when somebody asks
 * for it, and when a sink waits for more than the source would show: a new one, or one whose rules changed. A source that never
 * shows all is never read whole.
 *
 * @param from where it begins
 * @param notes why it does not begin at a position that is kept, in sentences
 */
record Reading(Source source, boolean partial, Optional<Checkpoints.Checkpoint> from, List<String> notes) {

    /** {@code acked}: the run up to which every sink has everything. */
    static Reading of(Pipeline pipeline, RunRequest request, Transactions ledger, short flow, long acked) {
        Source source = pipeline.source();
        boolean windowed = source.windowed();
        if (!source.incremental() || request.full()) return new Reading(source, windowed, Optional.empty(), List.of());
        Optional<Checkpoints.Checkpoint> checkpoint =
                ledger.in(c -> Checkpoints.find(c, flow, pipeline.wiring().source()));
        checkpoint = checkpoint.filter(cp -> acked >= cp.run());
        Optional<String> why = checkpoint.flatMap(cp -> distrusted(source, cp.position()));
        if (checkpoint.isEmpty() || why.isPresent()) {
            List<String> notes = why.map(w -> pipeline.name() + ": " + w + "; the source is read whole").stream()
                    .toList();
            return new Reading(source, windowed, Optional.empty(), notes);
        }
        return new Reading(source.since(checkpoint.get().position()), true, checkpoint, List.of());
    }

    /** What keeps the source from saying so, keeps it from being read, and is said then. */
    private static Optional<String> distrusted(Source source, String position) {
        try {
            return source.distrusts(position);
        } catch (CaravanException e) {
            return Optional.empty();
        }
    }
}
