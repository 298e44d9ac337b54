package io.caravan.run;

import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.Words;
import io.caravan.record.Record;
import io.caravan.source.ByDay;
import io.caravan.source.SourceObject;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts how the objects of a source lie on the slices of a backfill, from their names alone, or by which field its records are cut; nothing is read or written. */
final class CutRun implements Session {

    private final Pipeline pipeline;
    private final long startedNanos = System.nanoTime();

    /** Throws ConfigurationException where the source cannot be cut, with the reason. */
    CutRun(Pipeline pipeline, Slices slices) {
        this.pipeline = pipeline;
        ByDay days = pipeline.source().byDay();
        slices.cutBy(days.cursor());
        if (days.cursor().isPresent()) return; // to count what lies in them is to read it
        for (Iterator<SourceObject> objects = pipeline.source().objects(); objects.hasNext(); ) {
            SourceObject object = objects.next();
            slices.count(days.day(object.name()), object.size());
        }
    }

    @Override
    public Iterator<List<Record>> batches() {
        return List.<List<Record>>of().iterator();
    }

    @Override
    public void deliver(Sink sink, List<Record> batch) {
        throw new IllegalStateException("cut: no record may reach a sink");
    }

    @Override
    public void reject(String step, Record record, BadRecordException reason) {
        throw new IllegalStateException("cut: no record may reach a step");
    }

    @Override
    public RunReport close(Optional<Throwable> failure) {
        return new RunReport(
                0,
                pipeline.name(),
                Mode.CUT,
                failure.isEmpty() ? RunReport.Status.SUCCEEDED : RunReport.Status.FAILED,
                0,
                Map.of(),
                Duration.ofNanos(System.nanoTime() - startedNanos),
                failure.stream().map(Words::of).toList(),
                0,
                List.of());
    }
}
