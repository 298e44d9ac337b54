package io.caravan.run;

import io.caravan.change.Others;
import io.caravan.error.CaravanException;
import io.caravan.error.Launcher;
import io.caravan.ledger.Backfills;
import io.caravan.ledger.Checkpoints;
import io.caravan.ledger.Transactions;
import io.caravan.source.ByDay;
import io.caravan.source.Days;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import java.util.List;
import java.util.Optional;

/**
 * How a run reads its source: whole, or from its checkpoint on. Whole when there is no checkpoint, when somebody asks
 * for it, and when a sink waits for more than the source would show: a new one, or one whose rules changed. A source that never
 * shows all is never read whole.
 *
 * @param from where it begins
 * @param days those that are read; empty for all
 * @param notes why it does not begin at a position that is kept, or what is left alone, in sentences
 */
record Reading(
        Source source,
        boolean partial,
        Optional<Checkpoints.Checkpoint> from,
        Optional<Days> days,
        List<String> notes) {

    private Reading(Source source, boolean partial, Optional<Checkpoints.Checkpoint> from, List<String> notes) {
        this(source, partial, from, Optional.empty(), notes);
    }

    /** {@code acked}: the run up to which every sink has everything. */
    static Reading of(Pipeline pipeline, RunRequest request, Transactions ledger, short flow, long acked) {
        Source source = pipeline.source();
        if (!request.history().isEmpty()) return new Reading(source, Days.in(request.history()), List.of());
        List<Days.Range> open = open(request, ledger, flow);
        if (!open.isEmpty()) return new Reading(source, Days.allBut(open), List.of(leftAlone(pipeline, open)));
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

    private Reading(Source source, Days days, List<String> notes) {
        this(source, false, Optional.empty(), Optional.of(days), notes);
    }

    /** What a backfill has yet to read, and no other run may. */
    private static List<Days.Range> open(RunRequest request, Transactions ledger, short flow) {
        if (request.mode() != Mode.RUN && request.mode() != Mode.PLAN) return List.of();
        return ledger.in(c -> Backfills.of(c, flow)).stream()
                .filter(Backfills.Slice::open)
                .map(slice -> new Days.Range(slice.since(), slice.until()))
                .toList();
    }

    private static String leftAlone(Pipeline pipeline, List<Days.Range> open) {
        return pipeline.name() + ": a backfill has yet to read " + open.size() + " slices, from "
                + open.get(0).since() + " on, which this run left alone; nothing is deleted until it has; see "
                + Launcher.command("backfill status");
    }

    /** Whether this object is read, and not left alone. */
    boolean reads(SourceObject object) {
        return days.isEmpty() || days.get().have(source.byDay().day(object.name()));
    }

    /** The objects that are left alone; empty where there are none. */
    Optional<Others> others() {
        if (days.isEmpty()) return Optional.empty();
        ByDay lie = source.byDay();
        return Optional.of((holder, object) -> !days.get().have(lie.day(holder)) && lie.precedes(holder, object));
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
