package io.caravan.run;

import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.ServerErrors;
import io.caravan.ledger.PlainTransactions;
import io.caravan.record.Record;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects to the ledger, the source and every sink, and says what is wrong with each, all at once. Each problem begins
 * with the endpoint it is about: {@code ledger}, {@code source} or the name of a sink. Of those that can be used it tells what they hold.
 */
final class CheckRun implements Session {

    private static final Logger LOG = LoggerFactory.getLogger(CheckRun.class);
    private static final String LEDGER = "ledger";
    private static final String SOURCE = "source";

    private final Pipeline pipeline;
    private final long startedNanos = System.nanoTime();
    private final Map<String, List<String>> problems = new ConcurrentHashMap<>();
    private final Map<String, Map<String, Long>> facts = new ConcurrentHashMap<>();
    private final Map<String, RunReport.SinkReport> sinks = new ConcurrentHashMap<>();

    CheckRun(Pipeline pipeline, DataSource ledger) {
        this.pipeline = pipeline;
        ask(LEDGER, () -> new PlainTransactions(ledger).in(c -> Optional.empty()));
        ask(SOURCE, pipeline.source()::check);
        tell(SOURCE, pipeline.source()::facts);
    }

    /** Of what can be used. */
    private void tell(String endpoint, Supplier<Map<String, Long>> holds) {
        if (problems.containsKey(endpoint)) return;
        try {
            Map<String, Long> told = holds.get();
            if (!told.isEmpty()) facts.put(endpoint, told);
        } catch (RuntimeException e) {
            // who may read and write need not have the right to ask for statistics
            LOG.debug("{}: does not say what it holds", endpoint, e);
        }
    }

    private void ask(String endpoint, Supplier<Optional<String>> check) {
        try {
            check.get().ifPresent(why -> add(endpoint, why));
        } catch (RuntimeException | Error e) {
            add(endpoint, sentence(e));
        }
    }

    /** A sentence a line; one whose unit is the endpoint begins with it already. */
    private void add(String endpoint, String why) {
        List<String> lines = why.lines()
                .map(line -> line.startsWith(endpoint + ": ") ? line : endpoint + ": " + line)
                .toList();
        problems.computeIfAbsent(endpoint, e -> new ArrayList<>()).addAll(lines);
    }

    /** Of what no connector expected, the log says more. */
    private static String sentence(Throwable e) {
        if (e instanceof CaravanException) return e.getMessage();
        LOG.error("the check failed", e);
        return "the check failed: " + ServerErrors.words(e) + "; -vv shows where it happened";
    }

    /** One empty batch, at which every sink is asked. */
    @Override
    public Iterator<List<Record>> batches() {
        return List.of(List.<Record>of()).iterator();
    }

    @Override
    public void deliver(Sink sink, List<Record> batch) {
        sinks.put(sink.name(), new RunReport.SinkReport(0, 0, 0, 0, 0, 0, List.of()));
        ask(sink.name(), sink::check);
        tell(sink.name(), sink::facts);
    }

    @Override
    public void reject(String step, Record record, BadRecordException reason) {
        throw new IllegalStateException("check: no record may reach a step");
    }

    @Override
    public RunReport close(Optional<Throwable> failure) {
        failure.ifPresent(f -> add(pipeline.name(), sentence(f)));
        List<String> all = new ArrayList<>();
        for (String first : List.of(LEDGER, SOURCE)) all.addAll(problems.getOrDefault(first, List.of()));
        new TreeMap<>(problems).forEach((endpoint, found) -> {
            if (!endpoint.equals(LEDGER) && !endpoint.equals(SOURCE)) all.addAll(found);
        });
        RunReport.Status status = all.isEmpty() ? RunReport.Status.SUCCEEDED : RunReport.Status.FAILED;
        Duration duration = Duration.ofNanos(System.nanoTime() - startedNanos);
        return new RunReport(
                0,
                pipeline.name(),
                Mode.CHECK,
                status,
                0,
                new TreeMap<>(sinks),
                duration,
                all,
                0,
                List.of(),
                new TreeMap<>(facts));
    }
}
