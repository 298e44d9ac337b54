package io.caravan.run;

import io.caravan.change.Changes;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.ledger.Flow;
import io.caravan.ledger.Lease;
import io.caravan.ledger.RecordStates;
import io.caravan.ledger.RolledBackTransactions;
import io.caravan.ledger.Runs;
import io.caravan.ledger.SinkStates;
import io.caravan.record.Record;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Thinks a run through in one ledger transaction that is rolled back: what it would insert, update and delete, by sink.
 * No batch enters the route, so no step and no sink does anything. Steps may still refuse records of a real run.
 */
final class PlanRun implements Session {

    private static final class Sums {
        long unchanged;
        long inserts;
        long updates;
        long deletes;
    }

    private final Pipeline pipeline;
    private final Lease lease;
    private final RolledBackTransactions ledger;
    private final RunRequest request;
    private final long startedNanos = System.nanoTime();
    private final SourceTally source = new SourceTally();
    private final Map<String, Sums> sinks = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    PlanRun(Pipeline pipeline, RunRequest request, Lease lease, RolledBackTransactions ledger) {
        this.pipeline = pipeline;
        this.lease = lease;
        this.ledger = ledger;
        this.request = request;
    }

    @Override
    public Iterator<List<Record>> batches() {
        Flow flow = new Flow(lease.flow(), pipeline.name());
        long run = ledger.in(c -> Runs.start(c, flow, Mode.PLAN.toString()));
        Map<String, Long> acked =
                ledger.in(c -> SinkStates.align(c, flow.id(), pipeline.wiring().generations()));
        acked.keySet().forEach(sink -> sinks.put(sink, new Sums()));
        long low = acked.values().stream().mapToLong(a -> a).min().orElse(0);
        Reading reading = Reading.of(pipeline, request, ledger, flow.id(), low);
        ChangeFeed feed = new ChangeFeed(
                pipeline,
                reading,
                new Changes(
                        ledger,
                        flow.id(),
                        run,
                        low,
                        reading.partial(),
                        pipeline.wiring().source()),
                new SourceLetters(ledger, flow.id(), run, pipeline.name()),
                source,
                request.allowDeletes());
        feed.emit(batch -> count(batch, acked));
        problems.addAll(feed.problems());
        notes.addAll(feed.notes());
        return Collections.emptyIterator();
    }

    private void count(List<Record> batch, Map<String, Long> acked) {
        List<String> keys = batch.stream().map(Record::key).toList();
        Map<String, Long> firstRuns = ledger.in(c -> RecordStates.firstRuns(c, lease.flow(), keys));
        acked.forEach((name, upTo) -> {
            Sums sums = sinks.get(name);
            for (Record r : batch) {
                boolean waits = r.changedRun() > upTo;
                if (r.deleted()) sums.deletes += waits ? 1 - source.unheld(name, List.of(r)) : 0;
                else if (!waits) sums.unchanged++;
                else if (firstRuns.get(r.key()) > upTo) sums.inserts++;
                else sums.updates++;
            }
        });
    }

    @Override
    public RunReport close(Optional<Throwable> failure) {
        failure.ifPresent(f -> problems.add(f instanceof CaravanException ? f.getMessage() : f.toString()));
        try (lease;
                ledger) {
            Map<String, RunReport.SinkReport> reports = new TreeMap<>();
            sinks.forEach((name, s) -> reports.put(
                    name,
                    new RunReport.SinkReport(
                            0,
                            s.unchanged + source.unchanged.sum(),
                            s.deletes,
                            source.dead.sum(),
                            s.inserts,
                            s.updates,
                            List.of())));
            return new RunReport(
                    0,
                    pipeline.name(),
                    Mode.PLAN,
                    problems.isEmpty() ? RunReport.Status.SUCCEEDED : RunReport.Status.FAILED,
                    source.read.sum(),
                    reports,
                    Duration.ofNanos(System.nanoTime() - startedNanos),
                    problems,
                    source.dead.sum(),
                    notes);
        }
    }

    @Override
    public void deliver(Sink sink, List<Record> batch) {
        throw new IllegalStateException("plan: no batch may reach a sink");
    }

    @Override
    public void reject(String step, Record record, BadRecordException reason) {
        throw new IllegalStateException("plan: no batch may reach a step");
    }
}
