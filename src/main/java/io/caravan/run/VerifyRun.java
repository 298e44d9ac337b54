package io.caravan.run;

import io.caravan.delivery.BulkDelivery;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.Launcher;
import io.caravan.error.StoppedException;
import io.caravan.error.Words;
import io.caravan.ledger.BatchStates;
import io.caravan.ledger.Comparison;
import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.RecordStates;
import io.caravan.ledger.RecordStates.Orphans;
import io.caravan.ledger.Transactions;
import io.caravan.record.Record;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Compares every sink with the ledger: which keys it lacks or has too many, and what it holds that no key names. Deep also sends the source through the
 * steps once more and asks each sink whether it holds exactly that; records that changed since the last run are left
 * out, as are those with an open dead letter. Writes nothing.
 */
final class VerifyRun implements Session, Progress {

    /** The keys named; all are counted. */
    private static final int NAMED = 1_000;

    private static final class Findings {
        final Set<String> keys = new LinkedHashSet<>();
        final LongAdder compared = new LongAdder();
        boolean keysCompared;
        long missing;
        long extra;
        long different;
    }

    private final Pipeline pipeline;
    private final Transactions ledger;
    private final short flow;
    private final RunRequest request;
    private final boolean deep;
    private final long startedNanos = System.nanoTime();
    private final SourceTally source = new SourceTally();
    private final Map<String, Findings> sinks = new ConcurrentHashMap<>();
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final List<String> notes = new CopyOnWriteArrayList<>();
    /** Sinks that nobody can ask what they hold; said, but no failure. */
    private final List<String> blind = new CopyOnWriteArrayList<>();

    private volatile long openLetters;
    private final Stop stop;
    private final Prefetch<List<Record>> batches;

    VerifyRun(Pipeline pipeline, RunRequest request, Transactions ledger, short flow) {
        this.pipeline = pipeline;
        this.ledger = ledger;
        this.flow = flow;
        this.request = request;
        this.deep = request.deep();
        this.stop = new Stop(pipeline.name(), Mode.VERIFY);
        this.batches = new Prefetch<>("caravan-verify", 2, this::emit);
    }

    @Override
    public Iterator<List<Record>> batches() {
        return batches;
    }

    /** First an empty batch, at which every sink compares its keys; then, if deep, what the source holds. */
    private void emit(Consumer<List<Record>> out) {
        openLetters = ledger.in(c -> DeadLetters.open(c, flow));
        int after = pipeline.deletesAfter(request);
        Orphans orphans = ledger.in(c ->
                BatchStates.isUnswept(c, flow) ? RecordStates.orphans(c, flow, Long.MAX_VALUE, after) : Orphans.NONE);
        if (!orphans.waiting().isEmpty()) notes.add(WaitingDeletes.sentence(pipeline.name(), orphans.waiting()));
        if (orphans.missing() > 0) {
            List<String> named = ledger.in(c -> RecordStates.missing(c, flow, after, WaitingDeletes.NAMED));
            notes.add(WaitingDeletes.missing(pipeline.name(), orphans.missing(), named, after));
        }
        out.accept(List.of());
        if (deep) new SettledRecords(pipeline, ledger, flow, stop, notes::add).emit(source, out);
    }

    @Override
    public void deliver(Sink sink, List<Record> batch) {
        if (request.leavesOut(sink.name())) return;
        Findings findings = sinks.computeIfAbsent(sink.name(), name -> new Findings());
        try {
            if (batch.isEmpty()) compareKeys(sink, findings);
            else compareContents(sink, Passage.kept(batch), findings);
        } catch (UnsupportedOperationException e) {
            // without a sentence it is no sink that keeps nothing, but a fault
            List<String> said = e.getMessage() == null ? problems : blind;
            String why = e.getMessage() == null ? sink.name() + ": " + Words.of(e) : e.getMessage();
            if (!said.contains(why)) said.add(why);
        } catch (StoppedException e) {
            if (!problems.contains(e.getMessage())) problems.add(e.getMessage());
        } catch (RuntimeException | Error e) {
            String why = sink.name() + ": " + Words.of(e);
            if (!problems.contains(why)) problems.add(why);
        }
    }

    private void compareKeys(Sink sink, Findings findings) {
        if (findings.keysCompared) return; // a later batch of which the steps left nothing
        findings.keysCompared = true;
        try (Stream<String> keys = sink.keys()) {
            Stream<String> stopped = keys.peek(key -> stop.check());
            Comparison.Difference d = ledger.in(c -> Comparison.of(c, flow, sink.name(), stopped.iterator(), NAMED));
            if (!deep) findings.compared.add(d.compared());
            findings.missing = d.missing();
            findings.extra = d.extra();
            findings.keys.addAll(d.keys());
        }
        try (Stream<String> strays = sink.strays()) {
            strays.forEach(stray -> {
                findings.extra++;
                if (findings.keys.size() < NAMED) findings.keys.add(stray);
            });
        }
    }

    private void compareContents(Sink sink, List<Record> batch, Findings findings) {
        if (batch.isEmpty()) return;
        Set<String> different = new HashSet<>(BulkDelivery.differing(sink, batch));
        List<String> refused = different.isEmpty()
                ? List.of()
                : ledger.in(c -> Comparison.deadKeys(c, flow, sink.name(), List.copyOf(different)));
        findings.compared.add(batch.size() - Set.copyOf(refused).size());
        different.removeAll(refused);
        for (String key : different) {
            if (findings.keys.contains(key)) continue;
            findings.different++;
            if (findings.keys.size() < NAMED) findings.keys.add(key);
        }
    }

    @Override
    public void reject(String step, Record record, BadRecordException reason) {
        // has its dead letter since the run that delivered it
    }

    @Override
    public void stop(String by) {
        stop.ask(by);
        batches.stop();
    }

    @Override
    public long recordsRead() {
        return source.read.sum();
    }

    @Override
    public Map<String, Long> written() {
        return Map.of();
    }

    @Override
    public RunReport close(Optional<Throwable> failure) {
        boolean whole = batches.exhausted();
        batches.close();
        stop.problem().filter(p -> !whole && !problems.contains(p)).ifPresent(problems::add);
        failure.filter(f -> !(f instanceof StoppedException)).ifPresent(f -> problems.add(Words.of(f)));
        Map<String, RunReport.SinkReport> reports = new TreeMap<>();
        long differing = 0;
        for (Map.Entry<String, Findings> sink : sinks.entrySet()) {
            Findings f = sink.getValue();
            differing += f.missing + f.extra + f.different;
            reports.put(
                    sink.getKey(),
                    new RunReport.SinkReport(
                            0, f.compared.sum(), f.extra, 0, f.missing, f.different, List.copyOf(f.keys)));
        }
        RunReport.Status status = !problems.isEmpty()
                ? RunReport.Status.FAILED
                : differing > 0 ? RunReport.Status.PARTIAL : RunReport.Status.SUCCEEDED;
        Duration duration = Duration.ofNanos(System.nanoTime() - startedNanos);
        List<String> said = Stream.concat(problems.stream(), blind.stream()).toList();
        if (differing > 0) {
            notes.add(pipeline.name()
                    + ": to write what sinks lack or hold differently, and delete what they have too much: "
                    + Launcher.command("run " + Launcher.word(pipeline.name()) + " --repair"));
        }
        return new RunReport(
                0,
                pipeline.name(),
                Mode.VERIFY,
                status,
                source.read.sum(),
                reports,
                duration,
                said,
                openLetters,
                notes);
    }
}
