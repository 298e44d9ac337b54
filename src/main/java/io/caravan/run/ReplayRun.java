package io.caravan.run;

import io.caravan.delivery.BulkDelivery;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.DeadLetters.Entry;
import io.caravan.ledger.Lease;
import io.caravan.ledger.Runs;
import io.caravan.ledger.SinkStates;
import io.caravan.ledger.Transactions;
import io.caravan.ledger.Writers;
import io.caravan.record.Record;
import io.caravan.record.RecordJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * Sends dead letters through the steps to the sink that refused them, or to every sink if a step did. Idempotent: a
 * letter ends when its sinks have the record, and stays open, with its newest reason, when they refuse it again. A sink
 * that fails is left alone, its letters stay as they are. Rows that a source could not read have no record to send: fix
 * the source and run.
 */
final class ReplayRun implements Session, Progress {

    private static final int AT_ONCE = 500;

    private final Pipeline pipeline;
    private final Lease lease;
    private final Transactions ledger;
    private final long run;
    private final Writes writes;
    private final BulkDelivery.Permit permit;
    private final Stop stop;
    /** The sinks that are being written. */
    private final Set<String> writing = ConcurrentHashMap.newKeySet();

    private final SourceLetters letters;
    private final Optional<Long> only;
    private final long startedNanos = System.nanoTime();
    private final SourceTally source = new SourceTally();
    private final LongAdder unsendable = new LongAdder();
    private final Map<String, SinkTally> sinks = new TreeMap<>();
    private final Flushes flushes;
    /** Only what is whole may be published. */
    private final Set<String> settled;

    private final Set<String> passed = ConcurrentHashMap.newKeySet();
    /** Where the records of the present batch go: its letters are all of one sink, or of none in particular. */
    private volatile String target = DeadLetters.EVERY_SINK;

    private volatile boolean cut;

    ReplayRun(Pipeline pipeline, RunRequest request, Lease lease, Transactions ledger, long run, Writes writes) {
        this.pipeline = pipeline;
        this.lease = lease;
        this.ledger = ledger;
        this.run = run;
        this.writes = writes;
        this.flushes = new Flushes(writes);
        this.settled = ledger.in(
                c -> SinkStates.settled(c, lease.flow(), pipeline.wiring().generations()));
        this.stop = new Stop(pipeline.name(), Mode.REPLAY);
        this.permit = stop.over(writes);
        this.letters = new SourceLetters(ledger, lease.flow(), run, pipeline.name());
        this.only = request.deadLetter();
        pipeline.wiring().generations().keySet().forEach(sink -> sinks.put(sink, new SinkTally(0)));
    }

    @Override
    public Iterator<List<Record>> batches() {
        return new Iterator<>() {
            private final Iterator<String> targets = Stream.concat(
                            sinks.keySet().stream(), Stream.of(DeadLetters.EVERY_SINK))
                    .toList()
                    .iterator();
            private String at = targets.next();
            private long after;
            private List<Record> next = List.of();

            @Override
            public boolean hasNext() {
                while (next.isEmpty()) {
                    cut = stop.asked();
                    if (cut) return false;
                    List<Entry> page = page(at, after);
                    if (page.isEmpty()) {
                        if (!targets.hasNext()) return false;
                        at = targets.next();
                        after = 0;
                    } else {
                        after = page.get(page.size() - 1).id();
                        next = sendable(page);
                    }
                }
                return true;
            }

            @Override
            public List<Record> next() {
                if (!hasNext()) throw new NoSuchElementException();
                endLettersOfSteps();
                List<Record> records = next;
                next = List.of();
                target = at;
                source.read.add(records.size());
                return records;
            }
        };
    }

    private List<Entry> page(String sink, long after) {
        if (only.isEmpty()) return ledger.in(c -> DeadLetters.openFor(c, lease.flow(), sink, after, AT_ONCE));
        return after > 0 ? List.of() : ledger.in(c -> DeadLetters.replayable(c, lease.flow(), sink, only.get()));
    }

    private List<Record> sendable(List<Entry> page) {
        List<Record> records = new ArrayList<>();
        for (Entry letter : page) {
            if (letter.stage().equals(DeadLetters.SOURCE)) unsendable.increment();
            else records.add(RecordJson.read(letter.content(), letter.origin()).changedIn(run));
        }
        return records;
    }

    /**
     * Once every sink has answered for a batch: what a step refused before is now each sink's own matter. While a sink
     * cannot answer, the letter stays.
     */
    private void endLettersOfSteps() {
        boolean answered =
                sinks.values().stream().allMatch(sink -> sink.problem().isEmpty());
        if (answered && !passed.isEmpty()) {
            ledger.in(c -> {
                DeadLetters.delivered(c, lease.flow(), DeadLetters.EVERY_SINK, List.copyOf(passed));
                return null;
            });
        }
        passed.clear();
    }

    @Override
    public void deliver(Sink sink, List<Record> batch) {
        SinkTally tally = sinks.get(sink.name());
        boolean meant = target.equals(sink.name()) || target.equals(DeadLetters.EVERY_SINK);
        if (!meant || batch.isEmpty() || tally.problem().isPresent()) return;
        try {
            writing.add(sink.name());
            List<Refusal> refused = new ArrayList<>(writes.deliver(sink, batch, permit));
            // a letter ends only with what is durable
            permit.ask();
            refused.addAll(sink.flush());
            permit.used(sink, batch);
            settle(sink, tally, batch, refused);
        } catch (RuntimeException | Error e) {
            tally.fail(e);
        } finally {
            writing.remove(sink.name());
        }
    }

    /** Publishes what a replay made whole, as a run does; a sink that waits for more is left to the next run. */
    private void complete(Sink sink) {
        SinkTally tally = sinks.get(sink.name());
        if (tally.problem().isPresent() || !settled.contains(sink.name())) return;
        try {
            permit.ask();
            sink.complete();
            permit.used(sink, List.of());
        } catch (RuntimeException | Error e) {
            tally.fail(e);
        }
    }

    private void settle(Sink sink, SinkTally tally, List<Record> batch, List<Refusal> refused) {
        List<Record> taken = BulkDelivery.taken(batch, refused);
        ledger.in(c -> {
            DeadLetters.write(c, lease.flow(), run, Letters.refused(sink.name(), refused));
            DeadLetters.delivered(
                    c,
                    lease.flow(),
                    sink.name(),
                    taken.stream().map(Record::key).toList());
            return null;
        });
        if (target.equals(DeadLetters.EVERY_SINK)) batch.forEach(r -> passed.add(r.key()));
        tally.written.add(taken.size());
        tally.dead.add(refused.size());
    }

    @Override
    public void reject(String step, Record record, BadRecordException reason) {
        source.dead.increment();
        letters.rejected(step, target, record, reason);
    }

    @Override
    public void rejectInBranch(int branch, String step, Record record, BadRecordException reason) {
        boolean all = target.equals(DeadLetters.EVERY_SINK);
        for (String sink : pipeline.wiring().sinksBehind(OptionalInt.of(branch))) {
            if (!all && !sink.equals(target)) continue;
            sinks.get(sink).dead.increment();
            letters.rejected(step, sink, record, reason);
        }
        if (all) passed.add(record.key());
    }

    @Override
    public RunReport close(Optional<Throwable> failure) {
        List<String> problems = new ArrayList<>();
        Map<String, Runs.Delivery> deliveries = new TreeMap<>();
        RunReport.Status status = RunReport.Status.FAILED;
        Verdict verdict = Verdict.UNKNOWN;
        try (lease) { // whatever is thrown, the lease must not outlive the replay
            failure.ifPresent(f -> problems.add(f instanceof CaravanException ? f.getMessage() : f.toString()));
            flushes.first(this::complete);
            boolean failed = sinks.values().stream().anyMatch(s -> s.problem().isPresent());
            if (cut || failed) stop.problem().ifPresent(problems::add);
            stop.addProblems(sinks, problems);
            sinks.forEach((name, sink) -> deliveries.put(name, sink.delivery(source)));
            letters.flush();
            if (failure.isEmpty()) endLettersOfSteps();
            verdict = ledger.in(c -> Verdict.of(c, lease.flow(), pipeline));
            if (problems.isEmpty()) status = verdict.status();
            String ended = status.name().toLowerCase(Locale.ROOT);
            String problem = String.join(System.lineSeparator(), problems);
            ledger.in(c -> {
                Runs.finish(c, run, ended, source.read.sum(), problem, deliveries);
                Writers.end(c, lease.flow(), run);
                return null;
            });
        } catch (RuntimeException | Error e) {
            status = RunReport.Status.FAILED;
            problems.add(e instanceof CaravanException ? e.getMessage() : pipeline.name() + ": " + e);
            writes.end();
        }
        if (unsendable.sum() > 0) {
            problems.add(unsendable.sum() + " dead letters are rows their source could not read:"
                    + " fix the source and run, or discard them");
        }
        return report(status, problems, deliveries, verdict);
    }

    private RunReport report(
            RunReport.Status status, List<String> problems, Map<String, Runs.Delivery> deliveries, Verdict verdict) {
        Map<String, RunReport.SinkReport> reports = new TreeMap<>();
        deliveries.forEach((name, d) ->
                reports.put(name, new RunReport.SinkReport(d.written(), d.unchanged(), 0, d.dead(), 0, 0, List.of())));
        Duration duration = Duration.ofNanos(System.nanoTime() - startedNanos);
        return new RunReport(
                run,
                pipeline.name(),
                Mode.REPLAY,
                status,
                source.read.sum(),
                reports,
                duration,
                problems,
                verdict.open(),
                verdict.notes());
    }

    @Override
    public void stop(String by) {
        stop.ask(by);
    }

    @Override
    public Optional<RunReport> abandon(Duration patience) {
        List<String> problems = new ArrayList<>();
        stop.problem().ifPresent(problems::add);
        stop.addProblems(sinks, problems);
        writing.forEach(name -> problems.add(Stop.silent(name)));
        Map<String, Runs.Delivery> deliveries = new TreeMap<>();
        sinks.forEach((name, sink) -> deliveries.put(name, sink.delivery(source)));
        String known = String.join(System.lineSeparator(), problems);
        String failed = RunReport.Status.FAILED.name().toLowerCase(Locale.ROOT);
        Stop.tell(patience, () -> {
                    try (lease) {
                        ledger.in(c -> {
                            Runs.finish(c, run, failed, source.read.sum(), known, deliveries);
                            return null;
                        });
                    }
                })
                .ifPresent(problems::add);
        return Optional.of(report(RunReport.Status.FAILED, problems, deliveries, Verdict.UNKNOWN));
    }

    @Override
    public long recordsRead() {
        return source.read.sum();
    }

    @Override
    public Map<String, Long> written() {
        Map<String, Long> written = new TreeMap<>();
        sinks.forEach((name, sink) -> written.put(name, sink.written.sum()));
        return written;
    }
}
