package io.caravan.run;

import io.caravan.change.Changes;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.Words;
import io.caravan.ledger.Adoptions;
import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.Flow;
import io.caravan.ledger.Lease;
import io.caravan.ledger.RecordStates;
import io.caravan.ledger.RolledBackTransactions;
import io.caravan.ledger.Runs;
import io.caravan.ledger.SinkStates;
import io.caravan.ledger.Writers;
import io.caravan.record.Record;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Thinks a run through in one ledger transaction that is rolled back: what it would insert, update and delete, by sink.
 * Only empty batches enter the route, at the first of which each sink is asked for its marker. Steps may still refuse records
 * of a real run.
 */
final class PlanRun implements Session, Progress {

    private static final class Sums {
        long unchanged;
        long inserts;
        long updates;
        long deletes;
        /** Refused by an earlier run, and not to be sent again by this one. */
        long refused;
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
    private RollCall roll;
    /** The sinks that hold some of what they wait for. */
    private Set<String> adopted = Set.of();

    private boolean planned;
    private long openLetters;
    private final Stop stop;

    PlanRun(Pipeline pipeline, RunRequest request, Lease lease, RolledBackTransactions ledger) {
        this.pipeline = pipeline;
        this.lease = lease;
        this.ledger = ledger;
        this.request = request;
        this.stop = new Stop(pipeline.name(), Mode.PLAN);
    }

    /**
     * An empty batch, at which every sink is asked what its store holds; then the plan is made, and another one follows: Camel asks
     * whether there is a next one before it sends the last one on its way.
     */
    @Override
    public Iterator<List<Record>> batches() {
        Flow flow = new Flow(lease.flow(), pipeline.name());
        long run = ledger.in(c -> Runs.start(c, flow, Mode.PLAN.toString()));
        ledger.in(c -> {
            SinkStates.align(
                    c,
                    flow.id(),
                    pipeline.wiring().generations(),
                    pipeline.wiring().former());
            Writers.startAnew(c, flow.id(), run).forEach(sink -> notes.add(sink + DeliveryRun.MAY_BE_WRITTEN));
            return null;
        });
        roll = new RollCall(pipeline.name(), ledger.in(c -> SinkStates.markers(c, flow.id())));
        return new Iterator<>() {
            private int given;

            @Override
            public boolean hasNext() {
                return given < 2;
            }

            @Override
            public List<Record> next() {
                if (!hasNext()) throw new NoSuchElementException();
                if (++given == 2) planned(flow, run);
                return List.of();
            }
        };
    }

    /** Nothing but an exception may leave the iterator, see {@link Prefetch}. */
    private void planned(Flow flow, long run) {
        try {
            planned = true;
            plan(flow, run);
        } catch (Error e) {
            throw new IllegalStateException(Words.of(e), e);
        }
    }

    private void plan(Flow flow, long run) {
        Map<String, Long> acked = ledger.in(c -> {
            for (String sink : roll.lost()) if (SinkStates.lost(c, flow.id(), sink)) notes.add(sink + RollCall.LOST);
            return SinkStates.acked(c, flow.id());
        });
        acked.keySet().removeIf(request::leavesOut);
        adopted = ledger.in(c -> Adoptions.sinks(c, flow.id()));
        acked.keySet().forEach(sink -> sinks.put(sink, new Sums()));
        long low = acked.values().stream().mapToLong(a -> a).min().orElse(run - 1);
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
                        pipeline.wiring().scope(),
                        pipeline.deletesAfter(request),
                        pipeline.source().moves()),
                new SourceLetters(ledger, flow.id(), run, pipeline.name()),
                source,
                request,
                stop);
        feed.emit(batch -> count(batch, acked));
        ledger.in(c -> {
            for (Map.Entry<String, Long> sink : acked.entrySet()) {
                sinks.get(sink.getKey()).refused =
                        DeadLetters.refusedBefore(c, flow.id(), sink.getKey(), sink.getValue(), run);
            }
            openLetters = DeadLetters.open(c, flow.id());
            return null;
        });
        problems.addAll(feed.problems());
        notes.addAll(feed.notes());
    }

    private void count(List<Record> batch, Map<String, Long> acked) {
        List<String> keys = batch.stream().map(Record::key).toList();
        Map<String, Long> firstRuns = ledger.in(c -> RecordStates.firstRuns(c, lease.flow(), keys));
        acked.forEach((name, upTo) -> {
            Sums sums = sinks.get(name);
            Set<String> held =
                    adopted.contains(name) ? ledger.in(c -> Adoptions.held(c, lease.flow(), name, batch)) : Set.of();
            for (Record r : batch) {
                boolean waits = r.changedRun() > upTo && !held.contains(r.key());
                if (r.deleted()) sums.deletes += waits ? 1 - source.unheld(name, List.of(r)) : 0;
                else if (!waits) sums.unchanged++;
                else if (firstRuns.get(r.key()) > upTo) sums.inserts++;
                else sums.updates++;
            }
        });
    }

    @Override
    public RunReport close(Optional<Throwable> failure) {
        failure.ifPresent(f -> problems.add(Words.of(f)));
        try (lease;
                ledger) {
            return report(problems);
        }
    }

    private RunReport report(List<String> said) {
        Map<String, RunReport.SinkReport> reports = new TreeMap<>();
        sinks.forEach((name, s) -> reports.put(
                name,
                new RunReport.SinkReport(
                        0,
                        s.unchanged + source.unchanged.sum() - s.refused,
                        s.deletes,
                        source.dead.sum() + s.refused,
                        s.inserts,
                        s.updates,
                        List.of())));
        return new RunReport(
                0,
                pipeline.name(),
                Mode.PLAN,
                said.isEmpty() ? RunReport.Status.SUCCEEDED : RunReport.Status.FAILED,
                source.read.sum(),
                reports,
                Duration.ofNanos(System.nanoTime() - startedNanos),
                said,
                openLetters,
                Stream.concat(notes.stream(), roll == null ? Stream.empty() : roll.silent().stream())
                        .toList());
    }

    @Override
    public void stop(String by) {
        stop.ask(by);
    }

    @Override
    public Optional<RunReport> abandon(Duration patience) {
        List<String> known = new ArrayList<>();
        stop.problem().ifPresent(known::add);
        Stop.tell(patience, lease::close).ifPresent(known::add);
        return Optional.of(report(known));
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
    public void deliver(Sink sink, List<Record> batch) {
        if (!batch.isEmpty()) throw new IllegalStateException("plan: no record may reach a sink");
        if (!planned && !request.leavesOut(sink.name())) roll.ask(sink);
    }

    @Override
    public void reject(String step, Record record, BadRecordException reason) {
        throw new IllegalStateException("plan: no batch may reach a step");
    }
}
