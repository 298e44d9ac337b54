package io.caravan.run;

import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.Words;
import io.caravan.ledger.Adoptions;
import io.caravan.ledger.Backfills;
import io.caravan.ledger.Checkpoints;
import io.caravan.ledger.Checkpoints.Checkpoint;
import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.RecordStates;
import io.caravan.ledger.SinkStates;
import io.caravan.ledger.Writers;
import io.caravan.record.Record;
import io.caravan.source.Days;
import io.caravan.source.Quarantine;
import io.caravan.source.Source;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * Moves what is news to every sink that waits for it. A sink that fails is left alone for the rest of the run and
 * catches up in the next; the others finish. What happened is what the ledger says at the end.
 */
final class DeliveryRun implements Session, Progress, RunEnd.Closing {

    static final String MAY_BE_WRITTEN =
            ": gets everything again, as a run whose lease ended without a word may still have written to it";
    private static final String LEFT_OUT = ": left out by --only-sinks; the next run without it gives them everything";
    private static final String WRITTEN_LATE =
            "an earlier run wrote to it after its lease had ended; run again, that sends it everything again";

    private final OpenedRun run;
    private final Set<String> leftOut;
    /** The sinks that hold some of what they wait for. */
    private final Set<String> adopted;

    private final RunRequest request;
    private final List<String> notes = new ArrayList<>();
    /** Of the steps. */
    private final CopyOnWriteArrayList<String> said = new CopyOnWriteArrayList<>();

    private final SourceLetters letters;
    private final NewsBatches batches;
    private final LettersAgain again;
    private final SinkAnswers answers;
    private final Drops drops;
    private final Publication publication;
    private final RunEnd end;

    DeliveryRun(OpenedRun run, RunRequest request) {
        this.run = run;
        this.request = request;
        Pipeline pipeline = run.pipeline();
        this.leftOut = request.leftOut(pipeline.wiring());
        Map<String, Long> others = run.ledger().in(c -> {
            SinkStates.align(
                    c,
                    run.flow(),
                    pipeline.wiring().generations(),
                    pipeline.wiring().former());
            Writers.startAnew(c, run.flow(), run.id()).forEach(sink -> notes.add(sink + MAY_BE_WRITTEN));
            Map<String, Long> all = SinkStates.acked(c, run.flow());
            all.forEach((sink, acked) -> {
                if (!leftOut.contains(sink)) run.sinks().put(sink, new SinkTally(acked));
            });
            all.keySet().retainAll(leftOut);
            return all;
        });
        if (!leftOut.isEmpty()) notes.add(String.join(", ", leftOut) + LEFT_OUT);
        this.adopted = run.ledger().in(c -> Adoptions.sinks(c, run.flow()));
        this.letters = new SourceLetters(run.ledger(), run.flow(), run.id(), pipeline.name());
        this.batches = new NewsBatches(run, request, letters);
        this.drops = new Drops(run);
        this.again = new LettersAgain(run, batches, drops);
        this.answers = new SinkAnswers(run, others.values(), drops);
        this.publication = new Publication(run, answers, batches::wholeNews);
        this.end = new RunEnd(run, this);
    }

    @Override
    public Instant started() {
        return run.started();
    }

    @Override
    public Iterator<List<Record>> batches() {
        return again;
    }

    @Override
    public void deliver(Sink sink, List<Record> batch) {
        if (leftOut.contains(sink.name())) return;
        SinkTally tally = run.tally(sink);
        again.know(sink);
        if (again.begun()) {
            again.deliver(sink, batch);
            return;
        }
        if (!batches.begun()) {
            run.ask(sink, () -> batches.call(sink));
            return;
        }
        if (tally.problem().isEmpty()) run.attempt(sink, () -> batches.callLate(sink, tally));
        if (tally.problem().isPresent()) return;
        List<Record> waiting = waiting(sink, tally, batch);
        tally.unchanged.add(SinkAnswers.live(batch) - SinkAnswers.live(waiting));
        tally.known.add(SinkAnswers.deletes(batch) - SinkAnswers.deletes(waiting));
        if (waiting.isEmpty()) return;
        Optional<String> gaveUp = batches.gaveUp(sink);
        if (gaveUp.isPresent()) {
            tally.fail(gaveUp.get());
            return;
        }
        run.attempt(sink, () -> {
            List<Record> sent = drops.toSend(tally, waiting);
            answers.answered(sink.name(), tally, waiting, sent.isEmpty() ? List.of() : run.deliver(sink, sent));
        });
    }

    /** What the sink does not have yet. */
    private List<Record> waiting(Sink sink, SinkTally tally, List<Record> batch) {
        List<Record> waiting =
                batch.stream().filter(r -> r.changedRun() > tally.acked).toList();
        if (waiting.isEmpty() || !adopted.contains(sink.name())) return waiting;
        Set<String> held = run.ledger().read(c -> Adoptions.held(c, run.flow(), sink.name(), waiting));
        return waiting.stream().filter(r -> !held.contains(r.key())).toList();
    }

    @Override
    public void reject(String step, Record record, BadRecordException reason) {
        if (again.begun()) return; // its letter stays
        run.source().dead.increment();
        letters.rejected(step, DeadLetters.EVERY_SINK, record, reason);
    }

    @Override
    public void rejectInBranch(String branch, String step, Record record, BadRecordException reason) {
        if (again.begun()) return;
        for (String sink : run.pipeline().wiring().sinksBehind(branch)) {
            if (leftOut.contains(sink)) continue; // refused again when it gets the record
            SinkTally tally = run.sinks().get(sink);
            if (record.changedRun() > tally.acked) {
                tally.dead.increment();
                letters.rejected(step, sink, record, reason);
            } else {
                tally.unchanged.increment();
            }
        }
    }

    @Override
    public void note(String sentence) {
        said.addIfAbsent(sentence);
    }

    @Override
    public RunReport close(Optional<Throwable> failure) {
        return end.of(failure);
    }

    @Override
    public boolean halt(List<String> problems) {
        return batches.halt(problems);
    }

    @Override
    public boolean publish(boolean whole, List<String> problems) {
        boolean published = publication.publish(whole, limited(), problems);
        if (published && run.mode() == Mode.REMOVE && !run.failed()) {
            run.writes().begun().values().stream().filter(Sink::marks).forEach(sink -> run.writes()
                    .unmark(sink, run.pipeline().name()));
        }
        return published;
    }

    @Override
    public void writeLetters(boolean unbroken) {
        letters.flush();
        again.end();
        run.ledger().in(c -> {
            boolean unsettled = DeadLetters.unsettled(c, run.flow());
            for (Map.Entry<String, SinkTally> sink : run.sinks().entrySet()) {
                SinkTally tally = sink.getValue();
                if (tally.problem().isPresent()) continue; // nobody counted what it has
                drops.countKnown(c, sink.getKey(), tally);
                if (!unsettled) continue;
                tally.refusedBefore(DeadLetters.refusedBefore(c, run.flow(), sink.getKey(), tally.acked, run.id()));
            }
            return null;
        });
    }

    @Override
    public void acknowledge(Connection c, List<String> problems) throws SQLException {
        for (Map.Entry<String, SinkTally> sink : run.sinks().entrySet()) {
            boolean complete = sink.getValue().problem().isEmpty();
            if (complete && !ack(c, sink.getKey(), sink.getValue().acked)) {
                sink.getValue().fail(WRITTEN_LATE);
                problems.add(SinkTally.of(sink.getKey(), WRITTEN_LATE));
            }
        }
        if (problems.isEmpty() && leftOut.isEmpty()) {
            for (Days.Range slice : request.history()) Backfills.done(c, run.flow(), slice.since());
        }
        Optional<String> position = batches.position();
        // a sink that was left out needs what the source shows since the last checkpoint
        if (problems.isEmpty() && leftOut.isEmpty()) {
            if (batches.losesSight()) {
                Checkpoints.forget(c, run.flow());
            } else if (position.isPresent() && mayMove(c)) {
                Checkpoint reached = new Checkpoint(position.get(), run.id(), batches.owed());
                Checkpoints.move(c, run.flow(), run.pipeline().wiring().source(), reached);
            }
        }
        long writer = Writers.oldest(c, run.flow(), run.id()).orElse(Long.MAX_VALUE);
        long passed = run.pipeline().wiring().generations().isEmpty() ? run.id() : SinkStates.low(c, run.flow());
        RecordStates.purge(c, run.flow(), Math.min(passed, writer - 1));
    }

    /**
     * A sink that waits for records of a slice which failed stays where it is; so does the checkpoint, until nobody is to read the slice
     * again: then it moves ahead of the sink, so that the next run reads everything.
     */
    private boolean mayMove(Connection c) throws SQLException {
        return !batches.open()
                || SinkStates.acked(c, run.flow()).values().stream().allMatch(acked -> acked >= run.id());
    }

    private boolean ack(Connection c, String sink, long acked) throws SQLException {
        return batches.besides()
                ? SinkStates.ackSeen(c, run.flow(), sink, acked, run.id())
                : SinkStates.ack(c, run.flow(), sink, run.id());
    }

    @Override
    public void settled(boolean delivered) {
        Source source = run.pipeline().source();
        source.quarantine().ifPresent(this::keepRefused);
        try {
            // what was left out or behind a limit must come again
            if (delivered && leftOut.isEmpty() && !limited()) source.acknowledge();
            else source.release();
        } catch (RuntimeException e) {
            said.addIfAbsent(run.pipeline().name() + ": what was read could not be acknowledged and may come again, "
                    + "which writes nothing twice: " + Words.of(e));
        }
    }

    /** Made of what the ledger has, so that the next run makes up for one that could not. */
    private void keepRefused(Quarantine quarantine) {
        try {
            quarantine.keep(run.pipeline().name(), new QuarantinedRows(run.ledger(), run.flow()));
        } catch (RuntimeException e) {
            said.addIfAbsent(run.pipeline().name() + ": what was refused could not be kept in its quarantine: "
                    + Words.of(e) + "; all of it is in the ledger, and the next run tries again");
        }
    }

    @Override
    public boolean limited() {
        return batches.limited();
    }

    @Override
    public List<String> notes() {
        Stream<String> partial = request.limit().stream()
                .map(rows -> run.pipeline().name() + ": partial: only the first " + rows + " rows were read (--limit),"
                        + " nothing was deleted; a run without --limit reads and delivers everything");
        Stream<String> sinks = run.writes().notes().stream();
        return Stream.of(
                        notes.stream(), said.stream(), again.notes().stream(), batches.notes().stream(), sinks, partial)
                .flatMap(sentences -> sentences)
                .toList();
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
