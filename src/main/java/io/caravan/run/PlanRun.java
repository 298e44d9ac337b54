package io.caravan.run;

import io.caravan.change.Changes;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.StoppedException;
import io.caravan.error.Words;
import io.caravan.ledger.Adoptions;
import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.Dropped;
import io.caravan.ledger.Flow;
import io.caravan.ledger.Lease;
import io.caravan.ledger.RecordStates;
import io.caravan.ledger.RolledBackTransactions;
import io.caravan.ledger.Runs;
import io.caravan.ledger.SinkStates;
import io.caravan.ledger.Writers;
import io.caravan.record.Overlay;
import io.caravan.record.Record;
import io.caravan.record.Sealed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Thinks a run through in one ledger transaction that is rolled back: what it would insert, update and delete, by sink.
 * Only empty batches enter the route, at the first of which each sink is asked for its marker, and steps may still refuse records
 * of a real run. In a chain, where a sink can say what it would write for whoever reads it next, the records pass the steps and are
 * laid over that sink's store.
 */
final class PlanRun implements Session, Progress {

    private static final int BATCHES_AHEAD = 2;

    private static final class Sums {
        long unchanged;
        long inserts;
        long updates;
        long deletes;
        long dead;
        /** Refused by an earlier run, and not to be sent again by this one. */
        long refused;

        final Map<String, Long> dropped = new TreeMap<>();

        void drop(Map<String, Long> byNode) {
            byNode.forEach((node, records) -> dropped.merge(node, records, Long::sum));
        }
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
    /** Whether a sink says what it would write. */
    private volatile boolean lays;

    private final Set<Sink> laying = ConcurrentHashMap.newKeySet();
    /** What is to pass the route then, so that it is what the steps make of it. */
    private Optional<Prefetch<List<Record>>> through = Optional.empty();

    private ChangeFeed feed;
    private long number;
    private Map<String, Long> acked = Map.of();
    private long openLetters;
    private final Stop stop;
    /** Whether not everything was counted. */
    private boolean cut;

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
                return given < 2 || through.filter(Prefetch::hasNext).isPresent();
            }

            @Override
            public List<Record> next() {
                if (!hasNext()) throw new NoSuchElementException();
                if (++given == 2) planned(flow, run);
                boolean more = given > 1 && through.filter(Prefetch::hasNext).isPresent();
                return more ? through.get().next() : List.of();
            }
        };
    }

    /** Nothing but an exception may leave the iterator, see {@link Prefetch}. */
    private void planned(Flow flow, long run) {
        try {
            planned = true;
            number = run;
            plan(flow, run);
        } catch (Error e) {
            throw new IllegalStateException(Words.of(e), e);
        }
    }

    private void plan(Flow flow, long run) {
        acked = ledger.in(c -> {
            for (String sink : roll.lost()) if (SinkStates.lost(c, flow.id(), sink)) notes.add(sink + RollCall.LOST);
            return SinkStates.acked(c, flow.id());
        });
        acked.keySet().removeIf(request::leavesOut);
        adopted = ledger.in(c -> Adoptions.sinks(c, flow.id()));
        acked.keySet().forEach(sink -> sinks.put(sink, new Sums()));
        long low = acked.values().stream().mapToLong(a -> a).min().orElse(run - 1);
        Reading reading = Reading.of(pipeline, request, ledger, flow.id(), low);
        Changes changes = new Changes(
                ledger,
                flow.id(),
                run,
                low,
                reading.partial(),
                pipeline.wiring().scope(),
                pipeline.deletesAfter(request),
                pipeline.source().moves(),
                reading.others());
        changes.planned();
        feed = new ChangeFeed(
                pipeline,
                reading,
                changes,
                new SourceLetters(ledger, flow.id(), run, pipeline.name()),
                source,
                request,
                stop);
        if (pipeline.source().consumes()) {
            notes.add(pipeline.name()
                    + ": its source hands out each record once, so only a run reads it; what waits there"
                    + " is not planned");
            return;
        }
        if (lays || pipeline.wiring().drops())
            through = Optional.of(new Prefetch<>("caravan-plan", BATCHES_AHEAD, feed::emit));
        else feed.emit(batch -> acked.keySet().forEach(sink -> count(sink, batch)));
        if (through.isPresent() && stop.asked()) through.get().stop();
    }

    /** What the feed and the ledger say at the end. */
    private void settle() {
        if (feed == null) return;
        through.ifPresent(batches -> {
            cut |= !batches.exhausted();
            batches.close();
        });
        ledger.in(c -> {
            for (Map.Entry<String, Long> sink : acked.entrySet()) {
                sinks.get(sink.getKey()).refused =
                        DeadLetters.refusedBefore(c, lease.flow(), sink.getKey(), sink.getValue(), number);
                Map<String, Long> before = Dropped.before(c, lease.flow(), sink.getKey(), sink.getValue(), number);
                sinks.get(sink.getKey()).drop(before);
                sinks.get(sink.getKey()).unchanged -=
                        before.values().stream().mapToLong(n -> n).sum();
            }
            openLetters = DeadLetters.open(c, lease.flow());
            return null;
        });
        laying.forEach(sink -> notes.addAll(sink.notes()));
        problems.addAll(feed.problems());
        notes.addAll(feed.notes());
    }

    /** What a run would do to the sink with these records. */
    private synchronized void count(String sink, List<Record> batch) {
        long upTo = acked.get(sink);
        List<String> keys = batch.stream().map(Record::key).toList();
        Map<String, Long> firstRuns = ledger.in(c -> RecordStates.firstRuns(c, lease.flow(), keys));
        Sums sums = sinks.get(sink);
        for (Record r : batch) {
            if (r.droppedBy().isPresent() && waits(sink, r)) sums.drop(Passage.dropped(List.of(r)));
            else if (r.deleted() && r.droppedBy().isEmpty())
                sums.deletes += waits(sink, r) ? 1 - source.unheld(sink, List.of(r)) : 0;
            else if (!waits(sink, r)) sums.unchanged++;
            else if (firstRuns.getOrDefault(r.key(), number) > upTo) sums.inserts++; // new to the ledger
            else sums.updates++;
        }
    }

    private boolean waits(String sink, Record r) {
        if (r.changedRun() <= acked.get(sink)) return false;
        return !adopted.contains(sink)
                || !ledger.in(c -> Adoptions.held(c, lease.flow(), sink, List.of(r)))
                        .contains(r.key());
    }

    @Override
    public RunReport close(Optional<Throwable> failure) {
        failure.ifPresent(f -> {
            if (f instanceof Prefetch.StoppedException || f instanceof StoppedException) cut = true;
            else problems.add(Words.of(f));
        });
        try (lease;
                ledger) {
            settle();
            if (cut) stop.problem().ifPresent(problems::add);
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
                        source.dead.sum() + s.refused + s.dead,
                        s.inserts,
                        s.updates,
                        List.of(),
                        s.dropped)));
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
        through.ifPresent(Prefetch::stop);
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

    /** Before the plan is made, each sink is asked; then, in a chain, it says what it would write. */
    @Override
    public void deliver(Sink sink, List<Record> batch) {
        if (request.leavesOut(sink.name())) return;
        if (!planned) {
            roll.ask(sink);
            if (request.overlay().isEmpty() || !sink.lays()) return;
            lays = true;
            laying.add(sink);
            sink.lay(List.of(), request.overlay().get());
            return;
        }
        if (batch.isEmpty()) return;
        if (through.isEmpty()) throw new IllegalStateException("plan: no record may reach a sink");
        try {
            lay(sink, batch);
        } catch (RuntimeException e) {
            problem(SinkTally.of(sink.name(), Words.of(e)));
        }
    }

    private void lay(Sink sink, List<Record> batch) {
        List<Record> waiting = batch.stream().filter(r -> waits(sink.name(), r)).toList();
        Set<String> refused = lays && sink.lays() && !waiting.isEmpty()
                ? sink.lay(Sealed.texts(waiting), request.overlay().orElseThrow()).stream()
                        .map(refusal -> refusal.record().key())
                        .collect(Collectors.toSet())
                : Set.of();
        count(
                sink.name(),
                batch.stream().filter(r -> !refused.contains(r.key())).toList());
        dead(sink.name(), refused.size());
    }

    private synchronized void dead(String sink, int records) {
        sinks.get(sink).dead += records;
    }

    private synchronized void problem(String sentence) {
        if (!problems.contains(sentence)) problems.add(sentence);
    }

    @Override
    public void reject(String step, Record record, BadRecordException reason) {
        source.dead.increment();
    }

    @Override
    public void rejectInBranch(String branch, String step, Record record, BadRecordException reason) {
        for (String sink : pipeline.wiring().sinksBehind(branch)) {
            if (request.leavesOut(sink)) continue;
            if (waits(sink, record)) dead(sink, 1);
            else count(sink, List.of(record));
        }
    }

    @Override
    public Optional<Overlay> overlay() {
        return request.overlay();
    }
}
