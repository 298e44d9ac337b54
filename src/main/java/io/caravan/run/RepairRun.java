package io.caravan.run;

import io.caravan.delivery.BulkDelivery;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.Launcher;
import io.caravan.ledger.Comparison;
import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.SinkStates;
import io.caravan.record.Record;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * Writes again what a sink lacks, holds differently or holds in surplus, by the same comparison as a deep {@link VerifyRun}, and
 * says what. What a sink still waits for, and what has an open dead letter, is left to a run and a replay. A sink that
 * nobody can ask is said.
 */
final class RepairRun implements Session, Progress, RunEnd.Closing, Surplus.Writer {

    private static final int BATCHES_AHEAD = 2;

    private final OpenedRun run;
    private final Set<String> leftOut;
    private final Flushes flushes;
    private final RepairedKeys repaired = new RepairedKeys();
    private final Set<String> called = ConcurrentHashMap.newKeySet();
    private final CopyOnWriteArrayList<String> notes = new CopyOnWriteArrayList<>();
    private final Surplus surplus;
    private final RunEnd end;
    private final Prefetch<List<Record>> batches;

    RepairRun(OpenedRun run, RunRequest request) {
        this.run = run;
        this.flushes = new Flushes(run.writes());
        this.surplus = new Surplus(run, request.allowDeletes(), repaired, notes::addIfAbsent);
        this.end = new RunEnd(run, this);
        Map<String, Long> acked = run.ledger().in(c -> SinkStates.acked(c, run.flow()));
        Pipeline pipeline = run.pipeline();
        this.leftOut = request.leftOut(pipeline.wiring());
        for (String sink : pipeline.wiring().generations().keySet()) {
            if (!leftOut.contains(sink)) run.sinks().put(sink, new SinkTally(acked.getOrDefault(sink, 0L)));
        }
        SettledRecords settled = new SettledRecords(pipeline, run.ledger(), run.flow(), run.stop(), notes::add);
        this.batches = new Prefetch<>("caravan-repair", BATCHES_AHEAD, out -> {
            out.accept(List.of());
            settled.emit(run.source(), out);
        });
    }

    @Override
    public Instant started() {
        return run.started();
    }

    @Override
    public Iterator<List<Record>> batches() {
        return batches;
    }

    /** The first batch is empty: at it, every sink loses its surplus. */
    @Override
    public void deliver(Sink sink, List<Record> batch) {
        if (leftOut.contains(sink.name())) return;
        SinkTally tally = run.tally(sink);
        if (tally.problem().isPresent()) return;
        run.attempt(sink, () -> {
            try {
                if (!batch.isEmpty()) rewrite(sink, tally, batch);
                else if (called.add(sink.name())) surplus.delete(sink, tally, this);
            } catch (UnsupportedOperationException e) {
                if (e.getMessage() == null) throw e; // no sink that keeps nothing, but a fault
                notes.addIfAbsent(e.getMessage());
            }
        });
    }

    private void rewrite(Sink sink, SinkTally tally, List<Record> batch) {
        // what it waits for, as after a run that failed for it, is news and no matter of a repair
        List<Record> kept = Passage.kept(batch); // what it holds of the others is surplus
        tally.dropped(Passage.dropped(batch));
        List<Record> delivered =
                kept.stream().filter(r -> r.changedRun() <= tally.acked).toList();
        tally.waits.add(kept.size() - delivered.size());
        if (delivered.isEmpty()) return;
        Set<String> differing = new HashSet<>(BulkDelivery.differing(sink, delivered));
        differing.removeAll(
                run.ledger().in(c -> Comparison.deadKeys(c, run.flow(), sink.name(), List.copyOf(differing))));
        List<Record> wrong =
                delivered.stream().filter(r -> differing.contains(r.key())).toList();
        tally.unchanged.add(delivered.size() - wrong.size());
        if (!wrong.isEmpty()) tally.written.add(write(sink, wrong));
    }

    @Override
    public int write(Sink sink, List<Record> records) {
        SinkTally tally = run.tally(sink);
        List<Refusal> refused = run.deliver(sink, records);
        List<Record> taken = BulkDelivery.taken(records, refused);
        taken.forEach(r -> repaired.add(sink, r.key()));
        List<Refusal> letters =
                refused.stream().filter(r -> !r.record().deleted()).toList();
        if (!letters.isEmpty()) {
            run.ledger().in(c -> {
                DeadLetters.write(c, run.flow(), run.id(), Letters.refused(sink.name(), letters));
                return null;
            });
        }
        if (letters.size() < refused.size()) tally.fail("could not delete all of its surplus");
        tally.refused(letters);
        return taken.size();
    }

    @Override
    public void flush(Sink sink) {
        SinkTally tally = run.tally(sink);
        try {
            if (tally.problem().isPresent()) {
                sink.discard();
                return;
            }
            List<Refusal> refused = run.permitted(sink, List.of(), sink::flush);
            if (!refused.isEmpty())
                tally.fail("refused when it was flushed: " + refused.get(0).reason());
        } catch (RuntimeException | Error e) {
            tally.fail(e);
            if (sink.gathers()) tally.forgetWritten();
        }
    }

    @Override
    public void reject(String step, Record record, BadRecordException reason) {
        // has its dead letter since the run that delivered it
    }

    @Override
    public RunReport close(Optional<Throwable> failure) {
        return end.of(failure);
    }

    @Override
    public boolean halt(List<String> problems) {
        boolean whole = batches.exhausted();
        batches.close();
        return whole;
    }

    @Override
    public boolean publish(boolean whole, List<String> problems) {
        flushes.first(this::flush);
        flushes.last(this::flush);
        flushes.veryLast(this::flush);
        // now that what it could do is done
        run.sinks().forEach((name, tally) -> {
            if (tally.problem().isEmpty() && tally.waits.sum() > 0)
                tally.fail("it still waits for " + tally.waits.sum() + " records, which a repair leaves to a run: "
                        + Launcher.command("run " + Launcher.word(run.pipeline().name())));
        });
        return whole;
    }

    @Override
    public void writeLetters(boolean unbroken) {
        // each is written with its batch
    }

    @Override
    public List<String> named(String sink) {
        return repaired.of(sink);
    }

    @Override
    public List<String> notes() {
        return Stream.concat(notes.stream(), run.writes().notes().stream()).toList();
    }

    @Override
    public void stop(String by) {
        run.stop().ask(by);
        batches.stop();
    }

    @Override
    public Optional<RunReport> abandon(Duration patience) {
        return Optional.of(end.abandoned(patience));
    }

    @Override
    public long recordsRead() {
        return run.recordsRead();
    }

    @Override
    public Map<String, Long> written() {
        return run.written();
    }
}
