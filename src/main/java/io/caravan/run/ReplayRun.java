package io.caravan.run;

import io.caravan.delivery.BulkDelivery;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.SinkStates;
import io.caravan.record.Record;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sends dead letters through the steps to the sink that refused them, or to every sink if a step did. Idempotent: a
 * letter ends when its sinks have the record, and stays open, with its newest reason, when they refuse it again. A sink
 * that fails is left alone, its letters stay as they are. Rows that a source could not read have no record to send: fix
 * the source and run.
 */
final class ReplayRun implements Session, Progress, RunEnd.Closing {

    private final OpenedRun run;
    private final OpenLetters batches;
    private final SourceLetters letters;
    private final Flushes flushes;
    private final Drops drops;
    private final RunEnd end;
    /** Only what is whole may be published. */
    private final Set<String> settled;

    private final Set<String> passed = ConcurrentHashMap.newKeySet();

    ReplayRun(OpenedRun run, RunRequest request) {
        this.run = run;
        Wiring wiring = run.pipeline().wiring();
        wiring.generations().keySet().forEach(sink -> run.sinks().put(sink, new SinkTally(0)));
        this.settled = run.ledger().in(c -> SinkStates.settled(c, run.flow(), wiring.generations()));
        this.batches = new OpenLetters(run, request.deadLetter(), this::endLettersOfSteps);
        this.letters = new SourceLetters(
                run.ledger(), run.flow(), run.id(), run.pipeline().name());
        this.flushes = new Flushes(run.writes());
        this.drops = new Drops(run);
        this.end = new RunEnd(run, this);
    }

    @Override
    public Instant started() {
        return run.started();
    }

    @Override
    public Iterator<List<Record>> batches() {
        return batches;
    }

    /**
     * Once every sink has answered for a batch: what a step refused before is now each sink's own matter. While a sink
     * cannot answer, the letter stays.
     */
    private void endLettersOfSteps() {
        if (!run.failed() && !passed.isEmpty()) {
            run.ledger().in(c -> {
                DeadLetters.delivered(c, run.flow(), DeadLetters.EVERY_SINK, List.copyOf(passed));
                return null;
            });
        }
        passed.clear();
    }

    private boolean meantForAll() {
        return batches.target().equals(DeadLetters.EVERY_SINK);
    }

    @Override
    public void deliver(Sink sink, List<Record> batch) {
        boolean meant = meantForAll() || batches.target().equals(sink.name());
        if (!meant || batch.isEmpty() || run.tally(sink).problem().isPresent()) return;
        run.attempt(sink, () -> {
            List<Refusal> refused = new ArrayList<>(run.deliver(sink, batch));
            // a letter ends only with what is durable
            refused.addAll(run.permitted(sink, batch, sink::flush));
            settle(sink, batch, refused);
        });
    }

    private void settle(Sink sink, List<Record> batch, List<Refusal> refused) {
        List<Record> taken = BulkDelivery.taken(batch, refused);
        run.ledger().in(c -> {
            DeadLetters.write(c, run.flow(), run.id(), Letters.refused(sink.name(), refused));
            drops.settle(c, sink.name(), batch);
            DeadLetters.delivered(
                    c, run.flow(), sink.name(), taken.stream().map(Record::key).toList());
            return null;
        });
        if (meantForAll()) batch.forEach(r -> passed.add(r.key()));
        Map<String, Long> dropped = Passage.dropped(taken);
        run.tally(sink).dropped(dropped);
        run.tally(sink)
                .written
                .add(taken.size() - dropped.values().stream().mapToLong(n -> n).sum());
        run.tally(sink).dead.add(refused.size());
    }

    @Override
    public void reject(String step, Record record, BadRecordException reason) {
        run.source().dead.increment();
        letters.rejected(step, batches.target(), record, reason);
    }

    @Override
    public void rejectInBranch(String branch, String step, Record record, BadRecordException reason) {
        for (String sink : run.pipeline().wiring().sinksBehind(branch)) {
            if (!meantForAll() && !sink.equals(batches.target())) continue;
            run.sinks().get(sink).dead.increment();
            letters.rejected(step, sink, record, reason);
        }
        if (meantForAll()) passed.add(record.key());
    }

    @Override
    public RunReport close(Optional<Throwable> failure) {
        RunReport report = end.of(failure);
        return batches.unsendable() == 0
                ? report
                : report.saying(batches.unsendable() + " dead letters are rows their source could not read:"
                        + " fix the source and run, or discard them");
    }

    @Override
    public boolean halt(List<String> problems) {
        return !batches.cut();
    }

    @Override
    public boolean publish(boolean whole, List<String> problems) {
        flushes.first(this::complete);
        return whole;
    }

    /** Publishes what a replay made whole, as a run does; a sink that waits for more is left to the next run. */
    private void complete(Sink sink) {
        SinkTally tally = run.tally(sink);
        if (tally.problem().isPresent() || !settled.contains(sink.name())) return;
        try {
            run.permitted(sink, sink::complete);
        } catch (RuntimeException | Error e) {
            tally.fail(e);
        }
    }

    @Override
    public void writeLetters(boolean unbroken) {
        letters.flush();
        if (unbroken) endLettersOfSteps();
    }

    @Override
    public void stop(String by) {
        run.stop().ask(by);
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
