package io.caravan.run;

import io.caravan.change.Changes;
import io.caravan.delivery.BulkDelivery;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.ledger.Checkpoints;
import io.caravan.ledger.Checkpoints.Checkpoint;
import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.Lease;
import io.caravan.ledger.RecordStates;
import io.caravan.ledger.Runs;
import io.caravan.ledger.SinkStates;
import io.caravan.ledger.Transactions;
import io.caravan.record.Record;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Moves what is news to every sink that waits for it. A sink that fails is left alone for the rest of the run and
 * catches up in the next; the others finish. What happened is what the ledger says at the end.
 */
final class DeliveryRun implements Session, Progress {

    private static final int BATCHES_AHEAD = 2;
    private static final String WRITTEN_LATE =
            "an earlier run wrote to it after its lease had ended; run again, that sends it everything anew";

    private static final String NOT_YET =
            "not told, as not every sink has everything yet; the next run that gives it to them tells";

    private final Pipeline pipeline;
    private final Lease lease;
    private final Transactions ledger;
    private final long run;
    private final BulkDelivery bulk;
    private final BulkDelivery.Permit permit;
    private final long startedNanos = System.nanoTime();
    private final SourceTally source = new SourceTally();
    private final Map<String, SinkTally> sinks = new TreeMap<>();
    private final Flushes flushes = new Flushes();
    private final boolean lettersOpen;
    private final SourceLetters letters;
    private final ChangeFeed feed;
    private final Ahead<List<Record>> batches;

    DeliveryRun(
            Pipeline pipeline,
            RunRequest request,
            Lease lease,
            Transactions ledger,
            long run,
            BulkDelivery bulk,
            BulkDelivery.Permit permit) {
        this.pipeline = pipeline;
        this.lease = lease;
        this.ledger = ledger;
        this.run = run;
        this.bulk = bulk;
        this.permit = permit;
        ledger.in(c -> SinkStates.align(c, lease.flow(), pipeline.wiring().generations()))
                .forEach((sink, acked) -> sinks.put(sink, new SinkTally(acked)));
        this.lettersOpen = ledger.in(c -> DeadLetters.unsettled(c, lease.flow()));
        long acked = sinks.values().stream().mapToLong(s -> s.acked).min().orElse(0);
        Reading reading = Reading.of(pipeline, request, ledger, lease.flow(), acked);
        Changes changes = new Changes(
                ledger,
                lease.flow(),
                run,
                acked,
                reading.partial(),
                pipeline.wiring().source());
        this.letters = new SourceLetters(ledger, lease.flow(), run, pipeline.name());
        this.feed = new ChangeFeed(pipeline, reading, changes, letters, source, request.allowDeletes());
        this.batches = new Ahead<>("caravan-decide", BATCHES_AHEAD, feed::emit);
    }

    @Override
    public Iterator<List<Record>> batches() {
        return batches;
    }

    @Override
    public void deliver(Sink sink, List<Record> batch) {
        SinkTally tally = tally(sink);
        if (tally.problem().isPresent()) return;
        List<Record> waiting =
                batch.stream().filter(r -> r.changedRun() > tally.acked).toList();
        tally.unchanged.add(live(batch) - live(waiting));
        tally.known.add(deletes(batch) - deletes(waiting));
        if (waiting.isEmpty()) return;
        try {
            flushes.begin(sink);
            acknowledge(sink.name(), tally, waiting, bulk.deliver(sink, waiting, permit));
        } catch (RuntimeException | Error e) {
            tally.fail(e);
        }
    }

    private void acknowledge(String sink, SinkTally tally, List<Record> waiting, List<Refusal> refused) {
        for (Refusal r : refused) {
            if (r.record().deleted()) {
                tally.fail("record " + r.record().key() + " could not be deleted: " + r.reason());
                return;
            }
        }
        List<Record> taken = BulkDelivery.taken(waiting, refused);
        if (lettersOpen || !refused.isEmpty()) {
            ledger.in(c -> {
                DeadLetters.delivered(c, lease.flow(), DeadLetters.EVERY_SINK, keysEverySinkWaitsFor(waiting));
                DeadLetters.delivered(
                        c, lease.flow(), sink, taken.stream().map(Record::key).toList());
                DeadLetters.write(c, lease.flow(), run, Letters.refused(sink, refused));
                return null;
            });
        }
        tally.dead.add(refused.size());
        tally.written.add(live(taken));
        long unheld = source.unheld(sink, taken);
        tally.deleted.add(deletes(taken) - unheld);
        tally.known.add(unheld);
    }

    /** Of these a step's dead letter can end: it passed the steps, and no sink was told to do without it. */
    private List<String> keysEverySinkWaitsFor(List<Record> records) {
        long furthest = sinks.values().stream().mapToLong(s -> s.acked).max().orElse(0);
        return records.stream()
                .filter(r -> r.changedRun() > furthest)
                .map(Record::key)
                .toList();
    }

    @Override
    public void reject(String step, Record record, BadRecordException reason) {
        source.dead.increment();
        letters.rejected(step, DeadLetters.EVERY_SINK, record, reason);
    }

    @Override
    public void rejectInBranch(int branch, String step, Record record, BadRecordException reason) {
        for (String sink : pipeline.wiring().sinksBehind(OptionalInt.of(branch))) {
            SinkTally tally = sinks.get(sink);
            if (record.changedRun() > tally.acked) {
                tally.dead.increment();
                letters.rejected(step, sink, record, reason);
            } else {
                tally.unchanged.increment();
            }
        }
    }

    @Override
    public RunReport close(Optional<Throwable> failure) {
        boolean whole = feed.whole() && failure.isEmpty() && batches.exhausted();
        batches.close();
        List<String> problems = new ArrayList<>(feed.problems());
        failure.ifPresent(f -> problems.add(f instanceof CaravanException ? f.getMessage() : f.toString()));
        if (problems.isEmpty() && !whole) problems.add(pipeline.name() + ": the run was stopped before its end");
        publish(whole);
        sinks.forEach((name, sink) -> sink.problem().ifPresent(p -> problems.add(SinkTally.of(name, p))));
        Verdict verdict = Verdict.UNKNOWN;
        RunReport.Status status = RunReport.Status.FAILED;
        try (lease) {
            letters.flush();
            verdict = ledger.in(c -> Verdict.of(c, lease.flow(), pipeline));
            status = finish(whole, verdict, problems);
        } catch (CaravanException e) {
            status = RunReport.Status.FAILED;
            problems.add(e.getMessage());
        }
        return report(status, problems, verdict);
    }

    private void publish(boolean whole) {
        flushes.first(this::flush);
        if (whole) sinks.values().forEach(this::check);
        if (whole) flushes.first(this::complete);
        boolean all = whole && sinks.values().stream().allMatch(s -> s.problem().isEmpty());
        flushes.last(all ? this::flush : this::postpone);
    }

    private void postpone(Sink sink) {
        sink.discard();
        SinkTally tally = tally(sink);
        if (tally.problem().isEmpty()) tally.fail(NOT_YET);
    }

    private void complete(Sink sink) {
        SinkTally tally = tally(sink);
        if (tally.problem().isPresent()) return;
        try {
            permit.ask();
            sink.complete();
            permit.used(sink, List.of());
        } catch (RuntimeException | Error e) {
            tally.fail(e);
        }
    }

    /** What a sink refuses only now was counted as taken. */
    private void flush(Sink sink) {
        SinkTally tally = tally(sink);
        try {
            if (tally.problem().isPresent()) {
                sink.discard();
                return;
            }
            permit.ask();
            List<Refusal> refused = sink.flush();
            permit.used(sink, List.of());
            if (refused.isEmpty()) return;
            List<Record> records = refused.stream().map(Refusal::record).toList();
            tally.written.add(-live(records));
            tally.deleted.add(-deletes(records));
            acknowledge(sink.name(), tally, records, refused);
        } catch (RuntimeException | Error e) {
            tally.fail(e);
            sink.discard();
        }
    }

    /** A sink moves to a run only when it got all that was read. */
    private void check(SinkTally sink) {
        if (sink.problem().isPresent()) return;
        Runs.Delivery d = sink.delivery(source);
        long accounted = d.written() + d.unchanged() + d.dead();
        long deleted = d.deleted() + sink.known.sum();
        if (accounted != source.read.sum()) {
            sink.fail("records read must be written, unchanged or dead, got " + accounted + " of " + source.read.sum());
        } else if (deleted != source.gone.sum()) {
            sink.fail("records that are gone must be deleted, got " + deleted + " of " + source.gone.sum());
        }
    }

    private RunReport.Status finish(boolean whole, Verdict verdict, List<String> problems) {
        return ledger.in(c -> {
            if (whole) {
                for (Map.Entry<String, SinkTally> sink : sinks.entrySet()) {
                    boolean complete = sink.getValue().problem().isEmpty();
                    if (complete && !SinkStates.ack(c, lease.flow(), sink.getKey(), run)) {
                        sink.getValue().fail(WRITTEN_LATE);
                        problems.add(SinkTally.of(sink.getKey(), WRITTEN_LATE));
                    }
                }
                if (problems.isEmpty() && feed.position().isPresent()) {
                    Checkpoint reached = new Checkpoint(feed.position().get(), run);
                    Checkpoints.move(c, lease.flow(), pipeline.wiring().source(), reached);
                }
                RecordStates.purge(c, lease.flow(), SinkStates.low(c, lease.flow()));
            }
            RunReport.Status status = RunReport.Status.FAILED;
            if (problems.isEmpty()) status = verdict.status();
            Map<String, Runs.Delivery> deliveries = new TreeMap<>();
            sinks.forEach((name, sink) -> deliveries.put(name, sink.delivery(source)));
            String problem = String.join(System.lineSeparator(), problems);
            Runs.finish(c, run, status.name().toLowerCase(Locale.ROOT), source.read.sum(), problem, deliveries);
            return status;
        });
    }

    private RunReport report(RunReport.Status status, List<String> problems, Verdict verdict) {
        Map<String, RunReport.SinkReport> reports = new TreeMap<>();
        sinks.forEach((name, sink) -> {
            Runs.Delivery d = sink.delivery(source);
            reports.put(
                    name, new RunReport.SinkReport(d.written(), d.unchanged(), d.deleted(), d.dead(), 0, 0, List.of()));
        });
        return new RunReport(
                run,
                pipeline.name(),
                Mode.RUN,
                status,
                recordsRead(),
                reports,
                Duration.ofNanos(System.nanoTime() - startedNanos),
                problems,
                verdict.open(),
                Stream.concat(feed.notes().stream(), verdict.notes().stream()).toList());
    }

    @Override
    public long recordsRead() {
        return source.read.sum();
    }

    @Override
    public Map<String, Long> written() {
        Map<String, Long> written = new TreeMap<>();
        sinks.forEach((name, sink) -> written.put(name, sink.written.sum() + sink.deleted.sum()));
        return written;
    }

    private SinkTally tally(Sink sink) {
        SinkTally tally = sinks.get(sink.name());
        if (tally == null) {
            throw new ConfigurationException(
                    pipeline.name() + ": sink must be one of " + sinks.keySet() + ", got '" + sink.name() + "'");
        }
        return tally;
    }

    private static long live(List<Record> records) {
        return records.size() - deletes(records);
    }

    private static long deletes(List<Record> records) {
        return records.stream().filter(Record::deleted).count();
    }
}
