package io.caravan.run;

import io.caravan.delivery.BulkDelivery;
import io.caravan.delivery.EndedRun;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.ConfigurationException;
import io.caravan.ledger.Flow;
import io.caravan.ledger.Transactions;
import io.caravan.record.Record;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/** A run that may write, whatever its mode: what it has in hand from its opening to its end, and what it has done so far. */
final class OpenedRun {

    private final Pipeline pipeline;
    private final Mode mode;
    private final RunRight right;
    private final Transactions ledger;
    private final long id;
    private final Writes writes;
    private final Stop stop;
    private final BulkDelivery.Permit permit;
    private final Instant started = Instant.now();
    private final long startedNanos = System.nanoTime();
    private final SourceTally source = new SourceTally();
    private final Map<String, SinkTally> sinks = new ConcurrentSkipListMap<>();
    /** The sinks that are being asked or written. */
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    /** {@code id}: its number in the ledger. */
    OpenedRun(Pipeline pipeline, Mode mode, RunRight right, Transactions ledger, long id, Writes writes) {
        this.pipeline = pipeline;
        this.mode = mode;
        this.right = right;
        this.ledger = ledger;
        this.id = id;
        this.writes = writes;
        this.stop = new Stop(pipeline.name(), mode);
        this.permit = stop.over(writes);
    }

    Pipeline pipeline() {
        return pipeline;
    }

    Mode mode() {
        return mode;
    }

    RunRight right() {
        return right;
    }

    short flow() {
        return right.lease().flow();
    }

    /** Transactions that ask for the lease. */
    Transactions ledger() {
        return ledger;
    }

    long id() {
        return id;
    }

    Writes writes() {
        return writes;
    }

    Stop stop() {
        return stop;
    }

    Instant started() {
        return started;
    }

    Duration duration() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    SourceTally source() {
        return source;
    }

    /** By name, the sinks that it may write to. */
    Map<String, SinkTally> sinks() {
        return sinks;
    }

    SinkTally tally(Sink sink) {
        SinkTally tally = sinks.get(sink.name());
        if (tally == null) {
            throw new ConfigurationException(
                    pipeline.name() + ": sink must be one of " + sinks.keySet() + ", got '" + sink.name() + "'");
        }
        return tally;
    }

    /** Whether a sink has failed. */
    boolean failed() {
        return sinks.values().stream().anyMatch(sink -> sink.problem().isPresent());
    }

    /** Asks a sink something, or writes to it; its store may be silent meanwhile. */
    void ask(Sink sink, Runnable question) {
        asked.add(sink.name());
        try {
            question.run();
        } finally {
            asked.remove(sink.name());
        }
    }

    /** The same, where whatever is thrown fails the sink for the rest of the run. */
    void attempt(Sink sink, Runnable work) {
        SinkTally tally = tally(sink);
        try {
            ask(sink, work);
        } catch (RuntimeException | Error e) {
            tally.fail(e);
        }
    }

    /** The sinks that were asked something and have not answered. */
    Set<String> unanswered() {
        return asked;
    }

    /** Writes a batch to a sink; returns what was refused. */
    List<Refusal> deliver(Sink sink, List<Record> batch) {
        return writes.deliver(sink, batch, permit);
    }

    /** To be called before a sink is written otherwise than by {@link #deliver}. */
    void begin(Sink sink) {
        writes.begin(sink, permit);
    }

    /** Lets a sink change its store otherwise than by {@link #deliver}; {@code batch} is what that concerns. */
    <T> T permitted(Sink sink, List<Record> batch, Supplier<T> change) {
        permit.ask();
        T result = change.get();
        permit.used(sink, batch);
        return result;
    }

    /** The same where there is no result, and no batch. */
    void permitted(Sink sink, Runnable change) {
        permitted(sink, List.of(), () -> {
            change.run();
            return true;
        });
    }

    /** Tells the sinks that were written, and have no problem, that the run ends. */
    void tellEnd() {
        String flow = pipeline.name();
        EndedRun ended = new EndedRun(id, Flow.pipeline(flow), Flow.part(flow), started);
        for (Sink sink : writes.begun().values()) {
            if (tally(sink).problem().isEmpty()) attempt(sink, () -> sink.ended(ended));
        }
    }

    long recordsRead() {
        return source.read.sum();
    }

    /** By sink: records written or deleted so far. */
    Map<String, Long> written() {
        Map<String, Long> written = new TreeMap<>();
        sinks.forEach((name, sink) -> written.put(name, sink.written.sum() + sink.deleted.sum()));
        return written;
    }
}
