package io.caravan.manage;

import io.caravan.error.CaravanException;
import io.caravan.ledger.PlainTransactions;
import io.caravan.ledger.Runs;
import io.caravan.run.PipelineRuns;
import io.caravan.run.RunReport;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * What the last run of a pipeline or chain did, in whichever process: the ledger says it, and of pipelines whose runs it does not keep,
 * this process. Looked up at most once a second, as somebody who watches asks for many things at once. Thread-safe.
 */
final class LastRun {

    private static final Duration FRESH = Duration.ofSeconds(1);

    /** A run in a few words and numbers; {@code success}: when one succeeded last; {@code flows}: how each is, where there are several. */
    record Look(
            String status,
            String problem,
            String time,
            long read,
            long written,
            long unchanged,
            long deleted,
            long dead,
            long dropped,
            Optional<Instant> success,
            List<Runs.OfFlow> flows) {

        /** Of a pipeline with several: one that failed is not hidden by another's success, or by one that goes on. */
        Look among(List<Runs.OfFlow> all) {
            if (all.size() < 2) return this;
            List<Runs.OfFlow> failed =
                    all.stream().filter(flow -> flow.status().equals("failed")).toList();
            String worst = all.stream()
                    .map(Runs.OfFlow::status)
                    .min(Comparator.comparing(OF_FLOWS::indexOf))
                    .orElseThrow();
            String problems = failed.stream()
                    .limit(MOST_PROBLEMS)
                    .map(flow -> of(flow.flow(), flow.problem().orElse("failed")))
                    .collect(Collectors.joining("\n"));
            long more = failed.size() - MOST_PROBLEMS;
            return new Look(
                    worst,
                    more > 0 ? problems + "\nand " + more + " more" : problems,
                    time,
                    read,
                    written,
                    unchanged,
                    deleted,
                    dead,
                    dropped,
                    success,
                    all);
        }

        private static String of(String flow, String problem) {
            return problem.startsWith(flow + ": ") ? problem : flow + ": " + problem;
        }
    }

    private static final List<String> OF_FLOWS = List.of("failed", "running", "partial", "succeeded");
    private static final int MOST_PROBLEMS = 20;

    /** The worst first. */
    private static final List<String> STATES = List.of("running", "failed", "partial", "none", "succeeded");

    private final String pipeline;
    /** Of a chain, of which the ledger keeps what these did. */
    private final List<String> phases;

    private final PipelineRuns here;
    private final PlainTransactions ledger;
    private final Clock clock;
    private Look look;
    private Instant looked = Instant.EPOCH;

    LastRun(String pipeline, List<String> phases, PipelineRuns here, DataSource ledger, Clock clock) {
        this.pipeline = pipeline;
        this.phases = phases;
        this.here = here;
        this.ledger = new PlainTransactions(ledger);
        this.clock = clock;
    }

    synchronized Look look() {
        Instant now = clock.instant();
        if (look == null || now.isAfter(looked.plus(FRESH))) {
            look = fresh();
            looked = clock.instant();
        }
        return look;
    }

    Optional<Duration> sinceSuccess() {
        return look().success().map(at -> Duration.between(at, clock.instant()));
    }

    private Look fresh() {
        Optional<PipelineRuns.Ended> ended = here.last(pipeline);
        if (phases.isEmpty() && ended.isPresent() && ended.get().report().runId() == 0) return of(ended.get());
        try {
            if (phases.isEmpty()) return ledger.in(c -> newest(c, pipeline));
            List<Look> looks = ledger.in(c -> {
                List<Look> all = new ArrayList<>();
                for (String phase : phases) all.add(newest(c, phase));
                return all;
            });
            return ended.filter(e -> looks.stream()
                            .noneMatch(look -> !look.time().isEmpty()
                                    && Instant.parse(look.time()).isAfter(e.at())))
                    .map(this::of)
                    .orElseGet(() -> together(looks));
        } catch (CaravanException e) {
            return new Look("unknown", e.getMessage(), "", 0, 0, 0, 0, 0, 0, success(), List.of());
        }
    }

    /** Of several flows the figures of the run that began last, and how all of them are. */
    private static Look newest(Connection c, String pipeline) throws SQLException {
        List<Runs.OfFlow> flows = Runs.lastOfFlows(c, pipeline);
        return Runs.newest(c, Optional.of(pipeline), 20).stream()
                .filter(run -> run.mode().equals("run"))
                .findFirst()
                .map(run -> of(run, success(flows)))
                .orElse(new Look("none", "", "", 0, 0, 0, 0, 0, 0, success(flows), List.of()))
                .among(flows);
    }

    /** Of several flows that which waits longest for one. */
    private static Optional<Instant> success(List<Runs.OfFlow> flows) {
        boolean all = flows.stream().allMatch(flow -> flow.success().isPresent());
        return flows.stream()
                .flatMap(flow -> flow.success().stream())
                .min(Comparator.naturalOrder())
                .filter(at -> all);
    }

    /** What the phases of a chain did last, in whichever process; it succeeded when the last of them to do so had. */
    private static Look together(List<Look> looks) {
        boolean all = looks.stream().allMatch(look -> look.success().isPresent());
        return new Look(
                looks.stream()
                        .map(Look::status)
                        .min(Comparator.comparing(STATES::indexOf))
                        .orElseThrow(),
                looks.stream().map(Look::problem).filter(p -> !p.isEmpty()).collect(Collectors.joining("\n")),
                looks.stream().map(Look::time).max(Comparator.naturalOrder()).orElseThrow(),
                looks.stream().mapToLong(Look::read).sum(),
                looks.stream().mapToLong(Look::written).sum(),
                looks.stream().mapToLong(Look::unchanged).sum(),
                looks.stream().mapToLong(Look::deleted).sum(),
                looks.stream().mapToLong(Look::dead).sum(),
                looks.stream().mapToLong(Look::dropped).sum(),
                looks.stream()
                        .flatMap(look -> look.success().stream())
                        .min(Comparator.naturalOrder())
                        .filter(at -> all),
                looks.stream().flatMap(look -> look.flows().stream()).toList());
    }

    private Optional<Instant> success() {
        return here.lastSuccess(pipeline).map(PipelineRuns.Ended::at);
    }

    private Look of(PipelineRuns.Ended ended) {
        RunReport report = ended.report();
        return new Look(
                report.status().name().toLowerCase(Locale.ROOT),
                String.join("\n", report.problems()),
                ended.at().toString(),
                report.recordsRead(),
                sum(report, RunReport.SinkReport::written),
                sum(report, RunReport.SinkReport::unchanged),
                sum(report, RunReport.SinkReport::deleted),
                sum(report, RunReport.SinkReport::dead),
                sum(report, RunReport.SinkReport::droppedInAll),
                success(),
                List.of());
    }

    private static long sum(RunReport report, ToLongFunction<RunReport.SinkReport> count) {
        return report.sinks().values().stream().mapToLong(count).sum();
    }

    private static Look of(Runs.Entry run, Optional<Instant> success) {
        return new Look(
                run.status(),
                run.problem().orElse(""),
                run.started().toString(),
                run.recordsRead(),
                sum(run, Runs.Delivery::written),
                sum(run, Runs.Delivery::unchanged),
                sum(run, Runs.Delivery::deleted),
                sum(run, Runs.Delivery::dead),
                sum(run, Runs.Delivery::droppedInAll),
                success,
                List.of());
    }

    private static long sum(Runs.Entry run, ToLongFunction<Runs.Delivery> count) {
        return run.deliveries().values().stream().mapToLong(count).sum();
    }
}
