package io.caravan.run;

import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.StoppedException;
import io.caravan.error.UnavailableException;
import io.caravan.error.Words;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.run.Preview.Refused;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import io.caravan.source.SetAsideException;
import io.caravan.source.SourceObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Sends what the source holds, or the first rows of it, through the steps, and collects what would reach each sink. No sink is
 * asked anything, the ledger is not touched, there is no lease.
 */
final class PreviewRun implements Session, Progress {

    private static final int BATCHES_AHEAD = 2;

    private final Pipeline pipeline;
    private final Preview preview;
    private final FirstRows first;
    private final Stop stop;
    private final long startedNanos = System.nanoTime();
    private final SourceTally source = new SourceTally();
    private final Map<String, Origin> keys = new HashMap<>();
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final CopyOnWriteArrayList<String> notes = new CopyOnWriteArrayList<>();
    private final Prefetch<List<Record>> batches;

    PreviewRun(Pipeline pipeline, RunRequest request) {
        this.pipeline = pipeline;
        this.preview = request.preview().orElseGet(Preview::new);
        this.first = new FirstRows(request.limit());
        this.stop = new Stop(pipeline.name(), Mode.PREVIEW);
        preview.begin(
                pipeline.source().keyFields(), pipeline.wiring().generations().keySet());
        this.batches = new Prefetch<>("caravan-preview", BATCHES_AHEAD, this::emit);
    }

    @Override
    public Iterator<List<Record>> batches() {
        return batches;
    }

    private void emit(Consumer<List<Record>> out) {
        try {
            if (pipeline.source().consumes()) {
                notes.add(pipeline.name()
                        + ": its source hands out each record once, so only a run reads it; nothing to" + " preview");
                return;
            }
            Iterator<SourceObject> objects = pipeline.source().objects();
            if (!objects.hasNext()) {
                problems.add(pipeline.name() + ": the source must hold at least one object, found none;"
                        + " check its input, prefix and name pattern");
            }
            while (!first.all() && objects.hasNext()) {
                stop.check();
                read(objects.next(), out);
            }
        } catch (IncompleteSourceException | UnavailableException e) {
            stop.check();
            problems.add(e.getMessage());
        }
    }

    private void read(SourceObject object, Consumer<List<Record>> out) {
        try (RecordReader reader = pipeline.source().open(object);
                Batches cut = new Batches(object.name(), pipeline.cut(), readable(object, reader), this::bad)) {
            while (cut.hasNext()) {
                stop.check();
                List<Record> records = new ArrayList<>();
                for (Record record : cut.next().records()) if (isNew(record)) records.add(record);
                preview.read(records);
                if (!records.isEmpty()) out.accept(records);
            }
        } catch (SetAsideException | IncompleteSourceException | UnavailableException e) {
            stop.check();
            problems.add(e.getMessage());
        }
    }

    @SuppressWarnings("resource") // the reader is closed by who opened it
    private RecordReader readable(SourceObject object, RecordReader reader) {
        return new ReadableRows(
                object.name(), first.of(reader), pipeline.limits().objectLimitPercent());
    }

    private void bad(BadRow row) {
        source.read.increment();
        preview.refused(new Refused("source", row.origin(), Optional.empty(), row.reason()));
    }

    private boolean isNew(Record record) {
        source.read.increment();
        Optional<Origin> first = Optional.ofNullable(keys.putIfAbsent(record.key(), record.origin()));
        if (first.isEmpty()) return true;
        boolean other = !first.get().object().equals(record.origin().object());
        if (other && pipeline.source().supersedes()) return false;
        preview.refused(new Refused(
                "source",
                record.origin(),
                Optional.of(record.key()),
                SourceLetters.twice(
                        pipeline.name(), record.key(), first, record.origin().object())));
        return false;
    }

    @Override
    public void deliver(Sink sink, List<Record> batch) {
        preview.arrived(sink.name(), Passage.kept(batch));
    }

    @Override
    public void reject(String step, Record record, BadRecordException reason) {
        preview.refused(new Refused(step, record.origin(), Optional.of(record.key()), reason.getMessage()));
    }

    @Override
    public void note(String sentence) {
        notes.addIfAbsent(sentence);
    }

    @Override
    public RunReport close(Optional<Throwable> failure) {
        boolean whole = batches.exhausted();
        batches.close();
        if (!whole) stop.problem().ifPresent(problems::add);
        failure.filter(f -> !(f instanceof StoppedException)).ifPresent(f -> problems.add(Words.of(f)));
        Map<String, RunReport.SinkReport> sinks = new TreeMap<>();
        preview.arrived()
                .forEach((name, records) ->
                        sinks.put(name, new RunReport.SinkReport(0, 0, 0, 0, records.size(), 0, List.of())));
        RunReport.Status status = problems.isEmpty() ? RunReport.Status.SUCCEEDED : RunReport.Status.FAILED;
        Duration duration = Duration.ofNanos(System.nanoTime() - startedNanos);
        List<String> said = problems.stream().distinct().toList();
        return new RunReport(
                0, pipeline.name(), Mode.PREVIEW, status, recordsRead(), sinks, duration, said, 0, List.copyOf(notes));
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
}
