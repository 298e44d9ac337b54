package io.caravan.run;

import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.Words;
import io.caravan.record.Record;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Nothing: what is due at this time was done by a run that another clock started. The ledger has no run of it. */
public final class DoneRun implements Session, Progress {

    private final String pipeline;
    private final RunRight right;
    private final long by;
    private final String note;
    private final long startedNanos = System.nanoTime();

    /** {@code by}: the run that did it. */
    DoneRun(String pipeline, RunRight right, long by, Instant due) {
        this.pipeline = pipeline;
        this.right = right;
        this.by = by;
        this.note = note(pipeline, by, due);
    }

    /** What its report says. */
    public static String note(String pipeline, long by, Instant due) {
        return pipeline + ": run " + by + " did what is due at " + due + "; nothing is done again";
    }

    @Override
    public Iterator<List<Record>> batches() {
        return Collections.emptyIterator();
    }

    @Override
    public RunReport close(Optional<Throwable> failure) {
        right.close();
        List<String> problems = failure.map(Words::of).stream().toList();
        return new RunReport(
                by,
                pipeline,
                Mode.RUN,
                problems.isEmpty() ? RunReport.Status.SUCCEEDED : RunReport.Status.FAILED,
                0,
                Map.of(),
                Duration.ofNanos(System.nanoTime() - startedNanos),
                problems,
                0,
                List.of(note));
    }

    /** Each sink is asked once by an empty batch, and has nothing to say. */
    @Override
    public void deliver(Sink sink, List<Record> batch) {
        if (!batch.isEmpty()) throw new IllegalStateException(pipeline + ": no record may reach a sink");
    }

    @Override
    public void reject(String step, Record record, BadRecordException reason) {
        throw new IllegalStateException(pipeline + ": there is no record to reject", reason);
    }

    @Override
    public long recordsRead() {
        return 0;
    }

    @Override
    public Map<String, Long> written() {
        return Map.of();
    }
}
