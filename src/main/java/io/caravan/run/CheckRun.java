package io.caravan.run;

import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.ledger.PlainTransactions;
import io.caravan.record.Record;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;

/** Connects to the ledger, the source and every sink, and says what is wrong with each, all at once. */
final class CheckRun implements Session {

    private final Pipeline pipeline;
    private final long startedNanos = System.nanoTime();
    private final List<String> problems = new CopyOnWriteArrayList<>();
    private final Map<String, RunReport.SinkReport> sinks = new ConcurrentHashMap<>();

    CheckRun(Pipeline pipeline, DataSource ledger) {
        this.pipeline = pipeline;
        attempt("ledger", () -> new PlainTransactions(ledger).in(c -> true));
        attempt("source", () -> pipeline.source().objects().forEachRemaining(object -> {}));
    }

    private void attempt(String unit, Runnable probe) {
        try {
            probe.run();
        } catch (RuntimeException | Error e) {
            String why = e instanceof CaravanException ? e.getMessage() : e.toString();
            problems.add(why.startsWith(unit) ? why : unit + ": " + why);
        }
    }

    /** One empty batch, at which every sink is asked. */
    @Override
    public Iterator<List<Record>> batches() {
        return List.of(List.<Record>of()).iterator();
    }

    @Override
    public void deliver(Sink sink, List<Record> batch) {
        sinks.put(sink.name(), new RunReport.SinkReport(0, 0, 0, 0, 0, 0, List.of()));
        attempt(sink.name(), () -> sink.check().ifPresent(why -> problems.add(sink.name() + ": " + why)));
    }

    @Override
    public void reject(String step, Record record, BadRecordException reason) {
        throw new IllegalStateException("check: no record may reach a step");
    }

    @Override
    public RunReport close(Optional<Throwable> failure) {
        failure.ifPresent(f -> problems.add(f instanceof CaravanException ? f.getMessage() : f.toString()));
        RunReport.Status status = problems.isEmpty() ? RunReport.Status.SUCCEEDED : RunReport.Status.FAILED;
        Duration duration = Duration.ofNanos(System.nanoTime() - startedNanos);
        return new RunReport(
                0, pipeline.name(), Mode.CHECK, status, 0, new TreeMap<>(sinks), duration, List.copyOf(problems), 0);
    }
}
