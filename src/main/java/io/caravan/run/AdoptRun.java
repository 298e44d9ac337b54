package io.caravan.run;

import io.caravan.delivery.BulkDelivery;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.ledger.Adoptions;
import io.caravan.ledger.SinkStates;
import io.caravan.ledger.Writers;
import io.caravan.record.Record;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads the source as a run does, asks each sink which of the records that it waits for it holds already in exactly this form, and
 * has the ledger keep that, so that the next run leaves them out. To a store it writes nothing but its marker. Where a sink
 * holds all it waits for, it is acknowledged. What differs, is missing or is too much is counted and left as it is.
 */
final class AdoptRun implements Session, Progress, RunEnd.Closing {

    /** The keys named; all are counted. */
    private static final int NAMED = 1_000;

    private static final int SHOWN = 5;

    private final OpenedRun run;
    private final RunRequest request;
    private final Runnable afterwards;
    private final Set<String> leftOut;
    private final SourceLetters letters;
    private final NewsBatches batches;
    private final Drops drops;
    private final Map<String, Adoption> adoptions = new ConcurrentHashMap<>();
    private final Set<String> marked = ConcurrentHashMap.newKeySet();
    private final CopyOnWriteArrayList<String> notes = new CopyOnWriteArrayList<>();
    private final RunEnd end;
    private volatile boolean allRead;

    /** {@code afterwards} is done when the ledger was told its last. */
    AdoptRun(OpenedRun run, RunRequest request, Runnable afterwards) {
        this.run = run;
        this.request = request;
        this.afterwards = afterwards;
        Pipeline pipeline = run.pipeline();
        this.leftOut = request.leftOut(pipeline.wiring());
        run.ledger().in(c -> {
            SinkStates.align(
                    c,
                    run.flow(),
                    pipeline.wiring().generations(),
                    pipeline.wiring().former());
            Writers.startAnew(c, run.flow(), run.id()).forEach(sink -> notes.add(sink + DeliveryRun.MAY_BE_WRITTEN));
            SinkStates.acked(c, run.flow()).forEach((sink, acked) -> {
                if (!leftOut.contains(sink)) run.sinks().put(sink, new SinkTally(acked));
            });
            marked.addAll(SinkStates.markers(c, run.flow()).keySet());
            return null;
        });
        this.letters = new SourceLetters(run.ledger(), run.flow(), run.id(), pipeline.name());
        this.batches = new NewsBatches(run, request.readingInFull(true), letters);
        this.drops = new Drops(run);
        this.end = new RunEnd(run, this);
    }

    /** After all that is read an empty batch, at which each sink is asked for its keys. */
    @Override
    public Iterator<List<Record>> batches() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !allRead; // one is promised unseen, see NewsBatches
            }

            @Override
            public List<Record> next() {
                if (allRead) throw new NoSuchElementException();
                if (batches.hasNext()) return batches.next();
                allRead = true;
                return List.of();
            }
        };
    }

    @Override
    public void deliver(Sink sink, List<Record> batch) {
        if (leftOut.contains(sink.name())) return;
        SinkTally tally = run.tally(sink);
        if (!batches.begun()) {
            run.ask(sink, () -> batches.call(sink));
            return;
        }
        if (tally.problem().isPresent()) return;
        run.attempt(sink, () -> {
            try {
                if (allRead) compareKeys(sink, tally);
                else adopt(sink, tally, batch);
            } catch (UnsupportedOperationException e) {
                if (e.getMessage() == null) throw e; // no sink that keeps nothing, but a fault
                notes.addIfAbsent(e.getMessage() + "; the next run writes everything to it");
            }
        });
    }

    private Adoption of(Sink sink) {
        return adoptions.computeIfAbsent(sink.name(), name -> new Adoption());
    }

    private void adopt(Sink sink, SinkTally tally, List<Record> batch) {
        Adoption adoption = of(sink);
        List<Record> waiting =
                batch.stream().filter(r -> r.changedRun() > tally.acked).toList();
        adoption.known.add(SinkAnswers.live(batch) - SinkAnswers.live(waiting));
        adoption.deletes.add(SinkAnswers.deletes(batch) - SinkAnswers.deletes(waiting));
        if (waiting.isEmpty()) return;
        Set<String> differing = new HashSet<>(BulkDelivery.differing(sink, waiting));
        List<Record> held =
                waiting.stream().filter(r -> !differing.contains(r.key())).toList();
        if (SinkAnswers.live(Passage.kept(held)) > 0) mark(sink);
        run.ledger().in(c -> {
            Adoptions.drop(c, run.flow(), sink.name(), differing);
            Adoptions.keep(c, run.flow(), sink.name(), Passage.kept(held));
            drops.settle(c, sink.name(), held);
            return null;
        });
        adoption.adopted.add(SinkAnswers.live(held));
        adoption.deletes.add(SinkAnswers.deletes(held));
        adoption.differing.add(SinkAnswers.live(waiting) - SinkAnswers.live(held));
    }

    /** Before anything is taken for delivered: a store that is emptied before the next run must be seen to be. */
    private void mark(Sink sink) {
        if (request.dry() || !sink.marks() || !marked.add(sink.name())) return;
        run.permitted(
                sink,
                List.of(),
                () -> RollCall.adopt(
                        run.writes(), sink, UUID.randomUUID().toString().replace("-", "")));
    }

    private void compareKeys(Sink sink, SinkTally tally) {
        Adoption adoption = of(sink);
        if (adoption.holding.isPresent() || !batches.whole()) return;
        try (Stream<String> keys = sink.keys()) {
            Iterator<String> stoppable = keys.peek(key -> run.stop().check()).iterator();
            adoption.holding = Optional.of(
                    run.ledger().in(c -> Adoptions.compare(c, run.flow(), sink.name(), tally.acked, stoppable, NAMED)));
        }
    }

    /** Its letter is written by the run that delivers it. */
    @Override
    public void reject(String step, Record record, BadRecordException reason) {
        run.sinks().keySet().forEach(this::refused);
    }

    @Override
    public void rejectInBranch(String branch, String step, Record record, BadRecordException reason) {
        run.pipeline().wiring().sinksBehind(branch).forEach(this::refused);
    }

    private void refused(String sink) {
        adoptions.computeIfAbsent(sink, name -> new Adoption()).refused.increment();
    }

    @Override
    public boolean halt(List<String> problems) {
        return batches.halt(problems) && allRead;
    }

    @Override
    public boolean publish(boolean whole, List<String> problems) {
        adoptions.forEach((name, a) -> {
            SinkTally tally = run.sinks().get(name);
            if (tally != null) tally.unchanged.add(a.adopted.sum() + a.known.sum());
        });
        return whole;
    }

    @Override
    public void writeLetters(boolean unbroken) {
        letters.flush();
    }

    /** A sink that holds all of it waits for nothing any more. */
    @Override
    public void acknowledge(Connection c, List<String> problems) throws SQLException {
        long live = run.recordsRead()
                - run.source().dead.sum()
                - run.source().unchanged.sum()
                - run.source().passedOver.sum();
        for (Map.Entry<String, SinkTally> sink : run.sinks().entrySet()) {
            Adoption a = adoptions.get(sink.getKey());
            boolean all = a != null
                    && a.refused.sum() == 0
                    && a.adopted.sum() + a.known.sum() == live
                    && a.deletes.sum() == run.source().gone.sum();
            if (all && sink.getValue().problem().isEmpty()) SinkStates.ack(c, run.flow(), sink.getKey(), run.id());
        }
    }

    @Override
    public List<String> notes() {
        Stream<String> held = new TreeMap<>(adoptions)
                .entrySet().stream().flatMap(a -> a.getValue().notes(a.getKey(), SHOWN));
        return Stream.of(notes.stream(), batches.notes().stream(), held)
                .flatMap(sentences -> sentences)
                .toList();
    }

    @Override
    public RunReport close(Optional<Throwable> failure) {
        try {
            return said(end.of(failure));
        } finally {
            afterwards.run();
        }
    }

    @Override
    public Optional<RunReport> abandon(Duration patience) {
        return Optional.of(said(end.abandoned(patience)));
    }

    private RunReport said(RunReport r) {
        Map<String, RunReport.SinkReport> sinks = run.sinks().keySet().stream()
                .collect(Collectors.toMap(
                        name -> name,
                        name -> adoptions.getOrDefault(name, new Adoption()).report(run.source()),
                        (a, b) -> a,
                        TreeMap::new));
        return new RunReport(
                request.dry() ? 0 : r.runId(),
                r.pipeline(),
                r.mode(),
                r.status(),
                r.recordsRead(),
                sinks,
                r.duration(),
                r.problems(),
                r.openDeadLetters(),
                r.notes());
    }

    @Override
    public void stop(String by) {
        run.stop().ask(by);
        batches.stop();
    }

    @Override
    public long recordsRead() {
        return run.recordsRead();
    }

    @Override
    public Map<String, Long> written() {
        return Map.of();
    }
}
