package io.caravan.run;

import io.caravan.error.CaravanException;
import io.caravan.error.StoppedException;
import io.caravan.error.Words;
import io.caravan.ledger.Audit;
import io.caravan.ledger.Runs;
import io.caravan.ledger.Writers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a run that may write, whatever its mode and whatever broke it off. All of it is done inside the lease, which ends
 * with it whatever is thrown; what happened is told the ledger, and returned.
 */
final class RunEnd {

    private static final Logger LOG = LoggerFactory.getLogger(RunEnd.class);

    /** What a mode has to do at its end, in this order. */
    interface Closing {

        /** Ends what still reads; whether all there was went through the route. Adds why not, where it knows. */
        boolean halt(List<String> problems);

        /** After {@link #halt}: whether all that somebody wanted to be read went through, which is less than there is. */
        default boolean limited() {
            return false;
        }

        /** Makes durable what was written; whether {@code whole} is still true. */
        boolean publish(boolean whole, List<String> problems);

        /** Tells the ledger of the last dead letters; {@code unbroken}: nothing was thrown before. */
        void writeLetters(boolean unbroken);

        /** Says in the transaction that ends a whole run which sinks have what; adds why one has not. */
        default void acknowledge(Connection c, List<String> problems) throws SQLException {}

        /** Told inside the lease what the ledger says now: whether every sink has everything, or its dead letter. */
        default void settled(boolean delivered) {}

        /** What the report names of a sink. */
        default List<String> named(String sink) {
            return List.of();
        }

        /** What else is worth knowing, in sentences. */
        default List<String> notes() {
            return List.of();
        }
    }

    private final OpenedRun run;
    private final Closing closing;

    RunEnd(OpenedRun run, Closing closing) {
        this.run = run;
        this.closing = closing;
    }

    /** Ends it; {@code failure} is what broke it off, if anything did. */
    RunReport of(Optional<Throwable> failure) {
        List<String> problems = new ArrayList<>();
        Verdict verdict = Verdict.UNKNOWN;
        RunReport.Status status = RunReport.Status.FAILED;
        try (RunRight right = run.right()) { // whatever is thrown, it must not outlive the run
            try {
                boolean whole = published(failure, problems);
                if (whole && problems.isEmpty()) run.tellEnd();
                if (whole && run.failed()) run.stop().problem().ifPresent(problems::add);
                run.stop().addProblems(run.sinks(), problems);
                closing.writeLetters(failure.isEmpty());
                verdict = run.ledger().in(c -> Verdict.of(c, run.flow(), run.pipeline()));
                status = finish(whole, true, verdict, problems);
            } catch (RuntimeException | Error e) {
                status = RunReport.Status.FAILED;
                if (!(e instanceof CaravanException)) LOG.error("the end of the run failed", e);
                problems.add(
                        e instanceof CaravanException
                                ? Words.of(e)
                                : run.pipeline().name() + ": " + Words.of(e));
                run.writes().end();
            }
            closing.settled(status != RunReport.Status.FAILED);
        }
        return report(status, problems, verdict);
    }

    private boolean published(Optional<Throwable> failure, List<String> problems) {
        boolean whole = closing.halt(problems) && failure.isEmpty();
        failure.filter(f -> !(f instanceof StoppedException)).ifPresent(f -> problems.add(Words.of(f)));
        if (!whole) run.stop().problem().ifPresent(problems::add);
        if (problems.isEmpty() && !whole && !closing.limited())
            problems.add(run.pipeline().name() + ": the " + run.mode() + " was stopped before its end");
        return closing.publish(whole, problems);
    }

    /** What is known of one that does not end, as a store is silent; asks nobody but the ledger, for so long. */
    RunReport abandoned(Duration patience) {
        List<String> problems = new ArrayList<>();
        run.stop().problem().ifPresent(problems::add);
        run.stop().addProblems(run.sinks(), problems);
        run.unanswered().forEach(name -> problems.add(Stop.silent(name)));
        List<String> known = List.copyOf(problems);
        Stop.tell(patience, () -> {
                    try (RunRight right = run.right()) {
                        finish(false, false, Verdict.UNKNOWN, known);
                    }
                })
                .ifPresent(problems::add);
        return report(RunReport.Status.FAILED, problems, Verdict.UNKNOWN);
    }

    /** {@code settled}: nothing is being written any more. */
    private RunReport.Status finish(boolean whole, boolean settled, Verdict verdict, List<String> problems) {
        Map<String, Collection<String>> objects = settled ? run.writes().objects() : Map.of();
        return run.ledger().in(c -> {
            if (whole) closing.acknowledge(c, problems);
            if (settled) Writers.end(c, run.flow(), run.id());
            RunReport.Status status = problems.isEmpty() ? limited(verdict.status()) : RunReport.Status.FAILED;
            String said = status.name().toLowerCase(Locale.ROOT);
            String problem = String.join(System.lineSeparator(), problems);
            for (Map.Entry<String, Collection<String>> sink : objects.entrySet())
                Audit.objects(c, run.id(), sink.getKey(), sink.getValue());
            Runs.finish(c, run.id(), said, run.recordsRead(), problem, deliveries());
            return status;
        });
    }

    /** One that did not read everything is no success, whatever it did. */
    private RunReport.Status limited(RunReport.Status status) {
        return closing.limited() ? RunReport.Status.PARTIAL : status;
    }

    private Map<String, Runs.Delivery> deliveries() {
        Map<String, Runs.Delivery> deliveries = new TreeMap<>();
        run.sinks().forEach((name, sink) -> deliveries.put(name, sink.delivery(run.source())));
        return deliveries;
    }

    private RunReport report(RunReport.Status status, List<String> problems, Verdict verdict) {
        Map<String, RunReport.SinkReport> reports = new TreeMap<>();
        deliveries()
                .forEach((name, d) -> reports.put(
                        name,
                        new RunReport.SinkReport(
                                d.written(),
                                d.unchanged(),
                                d.deleted(),
                                d.dead(),
                                0,
                                0,
                                closing.named(name),
                                d.dropped())));
        return new RunReport(
                run.id(),
                run.pipeline().name(),
                run.mode(),
                status,
                run.recordsRead(),
                reports,
                run.duration(),
                problems,
                verdict.open(),
                Stream.concat(closing.notes().stream(), verdict.notes().stream())
                        .toList());
    }
}
