package io.caravan.run;

import io.caravan.change.Changes;
import io.caravan.delivery.BulkDelivery;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.StoppedException;
import io.caravan.ledger.Checkpoints;
import io.caravan.ledger.Checkpoints.Checkpoint;
import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.Lease;
import io.caravan.ledger.RecordStates;
import io.caravan.ledger.Runs;
import io.caravan.ledger.SinkStates;
import io.caravan.ledger.Transactions;
import io.caravan.ledger.Writers;
import io.caravan.record.Record;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves what is news to every sink that waits for it. A sink that fails is left alone for the rest of the run and
 * catches up in the next; the others finish. What happened is what the ledger says at the end.
 */
final class DeliveryRun implements Session, Progress {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryRun.class);
    private static final int BATCHES_AHEAD = 2;
    private static final String WRITTEN_LATE =
            "an earlier run wrote to it after its lease had ended; run again, that sends it everything anew";

    static final String MAY_BE_WRITTEN =
            ": gets everything anew, as a run whose lease ended without a word may still have written to it";
    private static final String NOT_YET =
            "not told, as not every sink has everything yet; the next run that gives it to them tells";

    private final Pipeline pipeline;
    private final Lease lease;
    private final Transactions ledger;
    private final long run;
    private final Writes writes;
    private final BulkDelivery.Permit permit;
    private final RunRequest request;
    private final Stop stop;
    /** The sinks that are being asked or written. */
    private final Set<String> writing = ConcurrentHashMap.newKeySet();

    private final long startedNanos = System.nanoTime();
    private final SourceTally source = new SourceTally();
    private final Map<String, SinkTally> sinks = new ConcurrentSkipListMap<>();
    private final Flushes flushes;
    private final RollCall roll;
    private final boolean lettersOpen;
    private final SourceLetters letters;
    private final List<String> notes = new ArrayList<>();
    private volatile Optional<News> news = Optional.empty();

    /** What is read and decided on once every sink was asked what it holds. */
    private record News(ChangeFeed feed, Ahead<List<Record>> batches) {

        boolean whole() {
            return feed.whole() && batches.exhausted();
        }
    }

    DeliveryRun(Pipeline pipeline, RunRequest request, Lease lease, Transactions ledger, long run, Writes writes) {
        this.pipeline = pipeline;
        this.request = request;
        this.lease = lease;
        this.ledger = ledger;
        this.run = run;
        this.writes = writes;
        this.stop = new Stop(pipeline.name(), Mode.RUN);
        this.permit = stop.over(writes);
        this.flushes = new Flushes(writes);
        ledger.in(c -> {
            SinkStates.align(c, lease.flow(), pipeline.wiring().generations());
            Writers.startAnew(c, lease.flow(), run).forEach(sink -> notes.add(sink + MAY_BE_WRITTEN));
            SinkStates.acked(c, lease.flow()).forEach((sink, acked) -> sinks.put(sink, new SinkTally(acked)));
            return null;
        });
        this.roll = new RollCall(pipeline.name(), ledger.in(c -> SinkStates.markers(c, lease.flow())));
        this.lettersOpen = ledger.in(c -> DeadLetters.unsettled(c, lease.flow()));
        this.letters = new SourceLetters(ledger, lease.flow(), run, pipeline.name());
    }

    /**
     * First an empty batch, at which every sink is asked what its store holds; then the news. Camel asks whether there is a next
     * batch before it sends the last one on its way, so the second one is promised unseen: it is empty when there is no news.
     */
    @Override
    public Iterator<List<Record>> batches() {
        return new Iterator<>() {
            private boolean called;
            private boolean asked;

            @Override
            public boolean hasNext() {
                return !asked || news().batches().hasNext();
            }

            @Override
            public List<Record> next() {
                if (!called) {
                    called = true;
                    return List.of();
                }
                boolean second = !asked;
                asked = true;
                return second && !news().batches().hasNext()
                        ? List.of()
                        : news().batches().next();
            }
        };
    }

    private News news() {
        if (news.isEmpty()) news = Optional.of(begun());
        return news.get();
    }

    /** Nothing but an exception may leave the iterator, see {@link Ahead}. */
    private News begun() {
        try {
            return begin();
        } catch (Error e) {
            throw new IllegalStateException(e.toString(), e);
        }
    }

    private News begin() {
        for (String sink : roll.lost()) {
            if (!sinks.containsKey(sink) || !ledger.in(c -> SinkStates.lost(c, lease.flow(), sink))) continue;
            notes.add(sink + RollCall.LOST);
            sinks.put(sink, new SinkTally(0));
        }
        roll.adopt(writes, sink -> ledger.in(c -> SinkStates.holds(c, lease.flow(), sink)));
        long acked = sinks.values().stream().mapToLong(s -> s.acked).min().orElse(0);
        Reading reading = Reading.of(pipeline, request, ledger, lease.flow(), acked);
        Changes changes = new Changes(
                ledger,
                lease.flow(),
                run,
                acked,
                reading.partial(),
                pipeline.wiring().scope());
        ChangeFeed feed = new ChangeFeed(pipeline, reading, changes, letters, source, request.allowDeletes(), stop);
        News begun = new News(feed, new Ahead<>("caravan-decide", BATCHES_AHEAD, feed::emit));
        if (stop.asked()) begun.batches().stop();
        return begun;
    }

    @Override
    public void deliver(Sink sink, List<Record> batch) {
        SinkTally tally = tally(sink);
        if (news.isEmpty()) {
            writing.add(sink.name());
            try {
                roll.ask(sink);
            } finally {
                writing.remove(sink.name());
            }
            return;
        }
        if (tally.problem().isPresent()) return;
        List<Record> waiting =
                batch.stream().filter(r -> r.changedRun() > tally.acked).toList();
        tally.unchanged.add(live(batch) - live(waiting));
        tally.known.add(deletes(batch) - deletes(waiting));
        if (waiting.isEmpty()) return;
        Optional<String> gaveUp = roll.gaveUp(sink.name());
        if (gaveUp.isPresent()) {
            tally.fail(gaveUp.get());
            return;
        }
        try {
            writing.add(sink.name());
            List<Refusal> refused = writes.deliver(sink, waiting, permit);
            tally.got.add(waiting.size());
            Optional<String> flood = flood(tally, waiting, refused);
            if (flood.isPresent()) tally.fail(flood.get());
            else acknowledge(sink.name(), tally, waiting, refused);
        } catch (RuntimeException | Error e) {
            tally.fail(e);
        } finally {
            writing.remove(sink.name());
        }
    }

    /** What says that the sink is at fault, not its records. */
    private Optional<String> flood(SinkTally tally, List<Record> waiting, List<Refusal> refused) {
        int limit = pipeline.limits().deadLetterLimitPercent();
        return Flood.ofBatch(waiting, refused, limit)
                .or(() -> tally.tooEarlyToTell(refused) ? Optional.empty() : tally.flood(refused, limit));
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
        tally.refused(refused);
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
        List<String> problems = new ArrayList<>();
        Verdict verdict = Verdict.UNKNOWN;
        RunReport.Status status = RunReport.Status.FAILED;
        try (lease) { // whatever is thrown, the lease must not outlive the run
            try {
                boolean whole = failure.isEmpty() && news.filter(News::whole).isPresent();
                news.ifPresent(n -> {
                    n.batches().close();
                    problems.addAll(n.feed().problems());
                });
                failure.filter(f -> !(f instanceof StoppedException))
                        .ifPresent(f -> problems.add(f instanceof CaravanException ? f.getMessage() : f.toString()));
                if (!whole) stop.problem().ifPresent(problems::add);
                if (problems.isEmpty() && !whole)
                    problems.add(pipeline.name() + ": the run was stopped before its end");
                whole = publish(whole, problems);
                boolean failed =
                        sinks.values().stream().anyMatch(s -> s.problem().isPresent());
                if (whole && failed) stop.problem().ifPresent(problems::add);
                stop.addProblems(sinks, problems);
                letters.flush();
                verdict = ledger.in(c -> Verdict.of(c, lease.flow(), pipeline));
                status = finish(whole, true, verdict, problems);
            } catch (RuntimeException | Error e) {
                status = RunReport.Status.FAILED;
                if (!(e instanceof CaravanException)) LOG.error("the end of the run broke off", e);
                problems.add(e instanceof CaravanException ? e.getMessage() : pipeline.name() + ": " + e);
                writes.end();
            }
        }
        return report(status, problems, verdict);
    }

    /** Whether everything is where it should be, as far as each sink has no problem of its own. */
    private boolean publish(boolean whole, List<String> problems) {
        try {
            flushes.first(this::flush);
            if (whole) sinks.values().forEach(this::check);
            if (whole) flushes.first(this::complete);
            boolean all =
                    whole && sinks.values().stream().allMatch(s -> s.problem().isEmpty());
            flushes.last(all ? this::flush : this::postpone);
            return whole;
        } catch (RuntimeException | Error e) { // a thread that could not be started, for example
            problems.add(pipeline.name() + ": what was written could not be made durable: " + e);
            return false;
        }
    }

    private void postpone(Sink sink) {
        SinkTally tally = tally(sink);
        if (tally.problem().isEmpty()) tally.fail(NOT_YET);
        discard(sink, tally);
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
                discard(sink, tally);
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
            discard(sink, tally);
        }
    }

    /** What it gathered is nowhere, so nothing of it counts as written. */
    private static void discard(Sink sink, SinkTally tally) {
        if (sink.gathers()) tally.forgetWritten();
        try {
            sink.discard();
        } catch (RuntimeException | Error e) {
            if (tally.problem().isEmpty()) tally.fail(e);
        }
    }

    /** A sink moves to a run only when it got all that was read. */
    private void check(SinkTally sink) {
        if (sink.problem().isPresent()) return;
        sink.flood(List.of(), pipeline.limits().deadLetterLimitPercent()).ifPresent(sink::fail);
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

    /** {@code settled}: nothing is being written any more. */
    private RunReport.Status finish(boolean whole, boolean settled, Verdict verdict, List<String> problems) {
        return ledger.in(c -> {
            if (whole) {
                for (Map.Entry<String, SinkTally> sink : sinks.entrySet()) {
                    boolean complete = sink.getValue().problem().isEmpty();
                    if (complete && !SinkStates.ack(c, lease.flow(), sink.getKey(), run)) {
                        sink.getValue().fail(WRITTEN_LATE);
                        problems.add(SinkTally.of(sink.getKey(), WRITTEN_LATE));
                    }
                }
                Optional<String> position = news.flatMap(n -> n.feed().position());
                if (problems.isEmpty() && position.isPresent()) {
                    Checkpoint reached = new Checkpoint(position.get(), run);
                    Checkpoints.move(c, lease.flow(), pipeline.wiring().source(), reached);
                }
                long writer = Writers.oldest(c, lease.flow(), run).orElse(Long.MAX_VALUE);
                RecordStates.purge(c, lease.flow(), Math.min(SinkStates.low(c, lease.flow()), writer - 1));
            }
            if (settled) Writers.end(c, lease.flow(), run);
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
                Stream.of(notes, roll.silent(), news.map(n -> n.feed().notes()).orElse(List.of()), verdict.notes())
                        .flatMap(List::stream)
                        .toList());
    }

    @Override
    public void stop(String by) {
        stop.ask(by);
        news.ifPresent(n -> n.batches().stop());
    }

    @Override
    public Optional<RunReport> abandon(Duration patience) {
        List<String> problems = new ArrayList<>();
        stop.problem().ifPresent(problems::add);
        stop.addProblems(sinks, problems);
        writing.forEach(name -> problems.add(Stop.silent(name)));
        List<String> known = List.copyOf(problems);
        Stop.tell(patience, () -> {
                    try (lease) {
                        finish(false, false, Verdict.UNKNOWN, known);
                    }
                })
                .ifPresent(problems::add);
        return Optional.of(report(RunReport.Status.FAILED, problems, Verdict.UNKNOWN));
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
