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
 * shows all is never read whole. What a backfill has yet to read is left alone, but by a reading from a checkpoint on.
 *
 * @param from where it begins
 * @param some those that are read; empty for all
 * @param besides whether a sink may wait for records of slices, which this reading does not show
 * @param open whether slices are still to be read
 * @param notes why it does not begin at a position that is kept, or what is left alone, in sentences
 */
record Reading(
        Source source,
        boolean partial,
        Optional<Checkpoints.Checkpoint> from,
        Optional<Some> some,
        boolean besides,
        boolean open,
        List<String> notes) {

    /** Some days of a source, and how it lies on them. */
    record Some(Days days, ByDay lie) {

        boolean have(String object) {
            return lie.cursor().isPresent() || days.have(lie.day(object));
        }
    }

    /** {@code acked}: the run up to which every sink has everything. */
    static Reading of(Pipeline pipeline, RunRequest request, Transactions ledger, short flow, long acked) {
        Source source = pipeline.source();
        if (!request.history().isEmpty()) return of(source, Days.in(request.history()), source.byDay(), List.of());
        List<Backfills.Slice> slices = slices(request, ledger, flow);
        List<Days.Range> open = slices.stream()
                .filter(Backfills.Slice::open)
                .map(slice -> new Days.Range(slice.since(), slice.until()))
                .toList();
        Optional<ByDay> lie = open.isEmpty() ? Optional.empty() : Optional.of(source.byDay());
        if (lie.isPresent() && lie.get().cursor().isEmpty()) return besides(pipeline, open, lie.get());
        boolean windowed = source.windowed();
        Optional<Checkpoints.Checkpoint> checkpoint = !source.incremental() || request.full()
                ? Optional.empty()
                : ledger.in(c -> Checkpoints.find(c, flow, pipeline.wiring().source()));
        checkpoint = checkpoint.filter(cp -> acked >= cp.run());
        Optional<String> why = checkpoint.flatMap(cp -> distrusted(source, cp.position()));
        if (checkpoint.isEmpty() || why.isPresent()) {
            if (lie.isPresent()) return besides(pipeline, open, lie.get());
            List<String> notes = why.map(w -> pipeline.name() + ": " + w + "; the source is read whole").stream()
                    .toList();
            return new Reading(source, windowed, Optional.empty(), Optional.empty(), false, false, notes);
        }
        Source since = source.since(checkpoint.get().position());
        return new Reading(since, true, checkpoint, Optional.empty(), !slices.isEmpty(), !open.isEmpty(), List.of());
    }

    private static Reading besides(Pipeline pipeline, List<Days.Range> open, ByDay lie) {
        return of(pipeline.source(), Days.allBut(open), lie, List.of(leftAlone(pipeline, open)));
    }

    /** What of an object lies on other days, as by a cursor, is not gone: it is partly read. */
    private static Reading of(Source source, Days days, ByDay lie, List<String> notes) {
        boolean cut = lie.cursor().isPresent();
        Optional<Some> some = Optional.of(new Some(days, lie));
        return new Reading(cut ? source.on(days) : source, cut, Optional.empty(), some, true, true, notes);
    }

    private static List<Backfills.Slice> slices(RunRequest request, Transactions ledger, short flow) {
        if (request.mode() != Mode.RUN && request.mode() != Mode.PLAN) return List.of();
        return ledger.in(c -> Backfills.of(c, flow));
    }

    private static String leftAlone(Pipeline pipeline, List<Days.Range> open) {
        return pipeline.name() + ": a backfill has yet to read " + open.size() + " slices, from "
                + open.get(0).since() + " on, which this run left alone; nothing is deleted until it has; see "
                + Launcher.command("backfill status");
    }

    /** Whether this object is read, and not left alone. */
    boolean reads(SourceObject object) {
        return some.isEmpty() || some.get().have(object.name());
    }

    /** Whether something is left alone. */
    boolean leavesAlone() {
        return some.isPresent();
    }

    /** The objects that are left alone; empty where there are none. */
    Optional<Others> others() {
        return some.filter(s -> s.lie().cursor().isEmpty())
                .map(s -> (holder, object) -> !s.have(holder) && s.lie().precedes(holder, object));
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
