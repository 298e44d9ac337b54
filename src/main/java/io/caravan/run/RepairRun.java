package io.caravan.run;

import io.caravan.delivery.BulkDelivery;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.StoppedException;
import io.caravan.ledger.Comparison;
import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.Lease;
import io.caravan.ledger.RecordStates;
import io.caravan.ledger.Runs;
import io.caravan.ledger.Transactions;
import io.caravan.ledger.Writers;
import io.caravan.record.Fields;
import io.caravan.record.Keys;
import io.caravan.record.Record;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * Writes again what a sink lacks, holds otherwise or has too much, by the same comparison as a deep {@link VerifyRun}, and
 * says what. What changed since the last run, and what has an open dead letter, is left to a run and a replay. A sink that
 * nobody can ask is said.
 */
final class RepairRun implements Session, Progress {

    /** Keys too many are deleted so many at once; there may be any number of them. */
    private static final int DELETES_AT_ONCE = 1_000;

    private static final int GATHERED_AT_ONCE = 50_000;
    /** The keys named; all are counted. */
    private static final int NAMED = 1_000;

    private final Pipeline pipeline;
    private final boolean allowDeletes;
    private final Lease lease;
    private final Transactions ledger;
    private final long run;
    private final BulkDelivery bulk;
    private final Writes writes;
    private final Flushes flushes;
    private final long startedNanos = System.nanoTime();
    private final SourceTally source = new SourceTally();
    private final Map<String, SinkTally> sinks = new TreeMap<>();
    private final Map<String, Set<String>> repaired = new ConcurrentHashMap<>();
    /** The sinks that are being asked or written. */
    private final Set<String> writing = ConcurrentHashMap.newKeySet();

    private final Set<String> called = ConcurrentHashMap.newKeySet();
    private final List<String> notes = new CopyOnWriteArrayList<>();
    private final Stop stop;
    private final BulkDelivery.Permit permit;
    private final Ahead<List<Record>> batches;

    RepairRun(
            Pipeline pipeline,
            RunRequest request,
            Lease lease,
            Transactions ledger,
            long run,
            BulkDelivery bulk,
            Writes writes) {
        this.pipeline = pipeline;
        this.allowDeletes = request.allowDeletes();
        this.lease = lease;
        this.ledger = ledger;
        this.run = run;
        this.bulk = bulk;
        this.writes = writes;
        this.flushes = new Flushes(writes);
        this.stop = new Stop(pipeline.name(), Mode.REPAIR);
        this.permit = stop.over(writes);
        pipeline.wiring().generations().keySet().forEach(sink -> {
            sinks.put(sink, new SinkTally(0));
            repaired.put(sink, ConcurrentHashMap.newKeySet());
        });
        SettledRecords settled = new SettledRecords(pipeline, ledger, lease.flow(), stop, notes::add);
        this.batches = new Ahead<>("caravan-repair", 2, out -> {
            out.accept(List.of());
            settled.emit(source, out);
        });
    }

    @Override
    public Iterator<List<Record>> batches() {
        return batches;
    }

    /** The first batch is empty: at it, every sink loses what it has too much. */
    @Override
    public void deliver(Sink sink, List<Record> batch) {
        SinkTally tally = sinks.get(sink.name());
        if (tally.problem().isPresent()) return;
        writing.add(sink.name());
        try {
            if (!batch.isEmpty()) rewrite(sink, tally, batch);
            else if (called.add(sink.name())) deleteExtras(sink, tally);
        } catch (UnsupportedOperationException e) {
            if (!notes.contains(e.getMessage())) notes.add(e.getMessage());
        } catch (RuntimeException | Error e) {
            tally.fail(e);
        } finally {
            writing.remove(sink.name());
        }
    }

    private void rewrite(Sink sink, SinkTally tally, List<Record> batch) {
        Set<String> differing = new HashSet<>(sink.differing(batch));
        differing.removeAll(ledger.in(c -> Comparison.deadKeys(c, lease.flow(), sink.name(), List.copyOf(differing))));
        List<Record> wrong =
                batch.stream().filter(r -> differing.contains(r.key())).toList();
        tally.unchanged.add(batch.size() - wrong.size());
        if (!wrong.isEmpty()) tally.written.add(write(sink, tally, wrong));
    }

    private void deleteExtras(Sink sink, SinkTally tally) {
        strays(sink, tally);
        Fields keyFields = new Fields(pipeline.source().keyFields());
        // one that gathers shows what it deleted only when it is flushed, which may be a load job or a new object each
        // time
        int most = sink.gathers() ? GATHERED_AT_ONCE : DELETES_AT_ONCE;
        while (tally.problem().isEmpty()) {
            stop.check();
            Comparison.Extra found;
            try (Stream<String> keys = sink.keys()) {
                Stream<String> stopped = keys.peek(key -> stop.check());
                // without the fence, which lets no transaction say nothing for as long as a store may take to list its
                // keys
                found = ledger.read(c -> Comparison.extra(c, lease.flow(), stopped.iterator(), most));
            }
            if (found.others() > 0) {
                String left = sink.name() + ": left alone what it holds of another pipeline's keys, " + found.others();
                if (!notes.contains(left)) notes.add(left);
            }
            List<String> extra = found.keys();
            if (extra.isEmpty() || forbidden(found.count(), tally)) return;
            List<Record> tombstones = extra.stream()
                    .map(key -> Record.tombstone(
                            key, keyFields, Keys.split(key, keyFields.size()).toArray(), run))
                    .toList();
            int deleted = write(sink, tally, tombstones);
            tally.deleted.add(deleted);
            // what it refuses it would refuse again
            if (extra.size() < most || deleted < extra.size()) return;
            if (sink.gathers()) flush(sink);
        }
    }

    /** Whether that is more than may be deleted unless somebody says so. */
    private boolean forbidden(long found, SinkTally tally) {
        long live = ledger.in(c -> RecordStates.live(c, lease.flow()));
        int limit = pipeline.limits().deleteLimitPercent();
        if (allowDeletes || found * 100 <= live * limit) return false;
        tally.fail("holds " + found + " that its source does not have, more than " + limit + " % of " + live
                + " records; if they are not another's, run once with --repair --allow-deletes");
        return true;
    }

    private void strays(Sink sink, SinkTally tally) {
        long found = 0;
        List<String> named = new ArrayList<>();
        try (Stream<String> strays = sink.strays()) {
            for (Iterator<String> each = strays.iterator(); each.hasNext(); found++) {
                stop.check();
                String stray = each.next();
                if (named.size() < NAMED) named.add(stray);
            }
        }
        if (found == 0 || forbidden(found, tally)) return;
        writes.begin(sink);
        permit.ask();
        writes.aloud(sink, sink::removeStrays);
        permit.used(sink, List.of());
        named.forEach(stray -> name(sink, stray));
        tally.deleted.add(found);
    }

    private int write(Sink sink, SinkTally tally, List<Record> records) {
        writes.begin(sink);
        List<Refusal> refused = bulk.deliver(sink, records, permit);
        List<Record> taken = BulkDelivery.taken(records, refused);
        taken.forEach(r -> name(sink, r.key()));
        List<Refusal> letters =
                refused.stream().filter(r -> !r.record().deleted()).toList();
        if (!letters.isEmpty()) {
            ledger.in(c -> {
                DeadLetters.write(c, lease.flow(), run, Letters.refused(sink.name(), letters));
                return null;
            });
        }
        if (letters.size() < refused.size()) tally.fail("could not delete all that it has too much");
        tally.refused(letters);
        return taken.size();
    }

    private void name(Sink sink, String key) {
        Set<String> keys = repaired.get(sink.name());
        if (keys.size() < NAMED) keys.add(key);
    }

    private void flush(Sink sink) {
        SinkTally tally = sinks.get(sink.name());
        try {
            if (tally.problem().isPresent()) {
                sink.discard();
                return;
            }
            permit.ask();
            List<Refusal> refused = sink.flush();
            permit.used(sink, List.of());
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
        List<String> problems = new ArrayList<>();
        RunReport.Status status = RunReport.Status.FAILED;
        Verdict verdict = Verdict.UNKNOWN;
        try (lease) {
            boolean whole = failure.isEmpty() && batches.exhausted();
            batches.close();
            failure.filter(f -> !(f instanceof StoppedException))
                    .ifPresent(f -> problems.add(f instanceof CaravanException ? f.getMessage() : f.toString()));
            if (!whole) stop.problem().ifPresent(problems::add);
            if (problems.isEmpty() && !whole) problems.add(pipeline.name() + ": the repair was stopped before its end");
            flushes.first(this::flush);
            flushes.last(this::flush);
            stop.addProblems(sinks, problems);
            verdict = ledger.in(c -> Verdict.of(c, lease.flow(), pipeline));
            if (problems.isEmpty()) status = verdict.status();
            finish(status, problems, true);
        } catch (RuntimeException | Error e) {
            status = RunReport.Status.FAILED;
            problems.add(e instanceof CaravanException ? e.getMessage() : pipeline.name() + ": " + e);
            writes.end();
        }
        return report(status, problems, verdict);
    }

    private RunReport report(RunReport.Status status, List<String> problems, Verdict verdict) {
        Map<String, RunReport.SinkReport> reports = new TreeMap<>();
        sinks.forEach((name, s) -> reports.put(
                name,
                new RunReport.SinkReport(
                        s.written.sum(),
                        s.unchanged.sum(),
                        s.deleted.sum(),
                        s.dead.sum(),
                        0,
                        0,
                        repaired.get(name).stream().sorted().toList())));
        Duration duration = Duration.ofNanos(System.nanoTime() - startedNanos);
        return new RunReport(
                run,
                pipeline.name(),
                Mode.REPAIR,
                status,
                recordsRead(),
                reports,
                duration,
                problems,
                verdict.open(),
                Stream.concat(notes.stream(), verdict.notes().stream()).toList());
    }

    /** {@code settled}: nothing is being written any more. */
    private void finish(RunReport.Status status, List<String> problems, boolean settled) {
        Map<String, Runs.Delivery> deliveries = new TreeMap<>();
        sinks.forEach((name, sink) -> deliveries.put(name, sink.delivery(source)));
        ledger.in(c -> {
            Runs.finish(
                    c,
                    run,
                    status.name().toLowerCase(Locale.ROOT),
                    recordsRead(),
                    String.join(System.lineSeparator(), problems),
                    deliveries);
            if (settled) Writers.end(c, lease.flow(), run);
            return null;
        });
    }

    @Override
    public void stop(String by) {
        stop.ask(by);
        batches.stop();
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
                        finish(RunReport.Status.FAILED, known, false);
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
}
