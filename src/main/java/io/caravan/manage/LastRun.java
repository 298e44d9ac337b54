package io.caravan.manage;

import io.caravan.error.CaravanException;
import io.caravan.ledger.PlainTransactions;
import io.caravan.ledger.Runs;
import io.caravan.run.PipelineRuns;
import io.caravan.run.RunReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToLongFunction;
import javax.sql.DataSource;

/**
 * What the last run of a pipeline did, in whichever process: the ledger says it, and of pipelines whose runs it does not keep,
 * this process. Looked up at most once a second, as somebody who watches asks for many things at once. Thread-safe.
 */
final class LastRun {

    private static final Duration FRESH = Duration.ofSeconds(1);

    /** A run in a few words and numbers; {@code success}: when one succeeded last. */
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
            Optional<Instant> success) {}

    private final String pipeline;
    private final PipelineRuns here;
    private final PlainTransactions ledger;
    private final Clock clock;
    private Look look;
    private Instant looked = Instant.EPOCH;

    LastRun(String pipeline, PipelineRuns here, DataSource ledger, Clock clock) {
        this.pipeline = pipeline;
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
        if (ended.isPresent() && ended.get().report().runId() == 0) return of(ended.get());
        try {
            return ledger.in(c -> {
                Optional<Instant> success = Runs.lastSuccess(c, pipeline);
                return Runs.newest(c, Optional.of(pipeline), 20).stream()
                        .filter(run -> run.mode().equals("run"))
                        .findFirst()
                        .map(run -> of(run, success))
                        .orElse(new Look("none", "", "", 0, 0, 0, 0, 0, 0, success));
            });
        } catch (CaravanException e) {
            return new Look("unknown", e.getMessage(), "", 0, 0, 0, 0, 0, 0, success());
        }
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
                success());
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
                success);
    }

    private static long sum(Runs.Entry run, ToLongFunction<Runs.Delivery> count) {
        return run.deliveries().values().stream().mapToLong(count).sum();
    }
}
