package io.caravan.run;

import io.caravan.change.Others;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
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
        List<Days.Range> open = open(request, ledger, flow);
        if (!open.isEmpty() && !source.incremental()) return besides(pipeline, open);
        boolean windowed = source.windowed();
        Optional<Checkpoints.Checkpoint> checkpoint = !source.incremental() || request.full()
                ? Optional.empty()
                : ledger.in(c -> Checkpoints.find(c, flow, pipeline.wiring().source()));
        checkpoint = checkpoint.filter(cp -> acked >= cp.run());
        Optional<String> why = checkpoint.flatMap(cp -> distrusted(source, cp.position()));
        if (checkpoint.isEmpty() || why.isPresent()) {
            if (!open.isEmpty()) return besides(pipeline, open);
            List<String> notes = why.map(w -> pipeline.name() + ": " + w + "; the source is read whole").stream()
                    .toList();
            return new Reading(source, windowed, Optional.empty(), Optional.empty(), false, false, notes);
        }
        Source since = source.since(checkpoint.get().position());
        boolean besides = !open.isEmpty() || acked < ledger.in(c -> Backfills.lastRun(c, flow));
        return new Reading(since, true, checkpoint, Optional.empty(), besides, !open.isEmpty(), List.of());
    }

    private static Reading besides(Pipeline pipeline, List<Days.Range> open) {
        return of(pipeline.source(), Days.allBut(open), lie(pipeline), List.of(leftAlone(pipeline, open)));
    }

    /** What can be cut no more, as its settings changed, has a way out. */
    private static ByDay lie(Pipeline pipeline) {
        try {
            return pipeline.source().byDay();
        } catch (ConfigurationException e) {
            throw new ConfigurationException(e.getMessage() + "; or give up its backfill: "
                    + Launcher.command("backfill cancel " + Launcher.word(pipeline.name())));
        }
    }

    /** What of an object lies on other days, as by a cursor, is not gone: it is partly read. */
    private static Reading of(Source source, Days days, ByDay lie, List<String> notes) {
        boolean cut = lie.cursor().isPresent();
        Optional<Some> some = Optional.of(new Some(days, lie));
        return new Reading(cut ? source.on(days) : source, cut, Optional.empty(), some, true, true, notes);
    }

    /** What a backfill has yet to read. */
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
