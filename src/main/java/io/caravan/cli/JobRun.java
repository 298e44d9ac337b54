package io.caravan.cli;

import io.caravan.cli.PipelineSettings.Setting;
import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.error.SettingChecks;
import io.caravan.job.JobArguments;
import io.caravan.job.JobDefinition;
import io.caravan.job.JobDefinition.Kind;
import io.caravan.job.JobEnd;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.Slices;
import io.caravan.settings.Configuration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** One run of a job, from what it was told to an exit code. */
final class JobRun {

    private final Shell shell;
    private final JobDefinition job;
    private final String location;
    private final JobArguments arguments;
    private final Path caller;
    private final boolean json;
    private JobEnd end;

    /**
     * @param location of the job's file
     * @param caller the folder that relative paths start from
     */
    JobRun(Shell shell, JobDefinition job, String location, JobArguments arguments, Path caller, boolean json) {
        this.shell = shell;
        this.job = job;
        this.location = location;
        this.arguments = arguments;
        this.caller = caller;
        this.json = json;
    }

    /** Says what it would do, and writes nothing: once, and beside whatever goes on. */
    int plan() throws Exception {
        try (Deadline deadline = new Deadline(shell.signals(), job.timeout())) {
            return once(Mode.PLAN, () -> true);
        }
    }

    /** {@code patience}: how long to wait for another run with the same key. */
    int run(Optional<Duration> patience) throws Exception {
        return run(patience, () -> true);
    }

    /** The same; {@code right}: whether it may go on, as nobody else was given it meanwhile. */
    int run(Optional<Duration> patience, BooleanSupplier right) throws Exception {
        Optional<String> key = job.key(arguments);
        if (key.isEmpty()) return tries(right);
        Tries tries = new Tries();
        shell.alone(job.name(), key.get(), patience, lease -> tries.of(() -> lease.held() && right.getAsBoolean()));
        return tries.exit();
    }

    /** What the last try that came to an end came to. */
    Optional<JobEnd> end() {
        return Optional.ofNullable(end);
    }

    /** Carries what a try threw out of what holds the lease. */
    private final class Tries {

        private int exit;
        private Exception failure;

        Tries of(BooleanSupplier right) {
            try {
                exit = tries(right);
            } catch (Exception e) {
                failure = e;
            }
            return this;
        }

        int exit() throws Exception {
            if (failure != null) throw failure;
            return exit;
        }
    }

    /** Tries again what failed, as often as the file says; what is wrong, partial or held ends it. */
    private int tries(BooleanSupplier right) throws Exception {
        try (Deadline deadline = new Deadline(shell.signals(), job.timeout())) {
            Duration pause = job.retryDelay();
            for (int left = job.retries(); ; left--) {
                Exception failure = null;
                int exit = Exit.FAILED;
                try {
                    exit = once(Mode.RUN, right);
                } catch (Exception e) {
                    failure = e;
                    exit = Failure.of(e).exitCode();
                }
                boolean again = exit == Exit.FAILED && left > 0 && !deadline.over() && right.getAsBoolean();
                if (!again || shell.signals().told()) {
                    if (failure != null) throw failure;
                    return exit;
                }
                if (failure != null) shell.terminal().error(Failure.of(failure).sentence());
                shell.terminal()
                        .error(job.name() + ": it failed, and is tried again in " + pause.toSeconds() + " s; " + left
                                + (left == 1 ? " try is left" : " tries are left"));
                deadline.pause(pause);
                pause = pause.multipliedBy(2);
            }
        }
    }

    private int once(Mode mode, BooleanSupplier right) throws Exception {
        if (job.target().kind() == Kind.JAVA) {
            JavaTrip trip = new JavaTrip(shell, job, location, configuration(), arguments, caller, json);
            end = trip.go(mode, right);
            return Exit.of(end.status());
        }
        Pipeline pipeline = new JobCheck(shell).target(job).orElseThrow();
        if (job.target().kind() == Kind.BACKFILL) return backfill(mode, pipeline);
        RunReport report = new Trip(shell, pipeline, configuration(), json).go(mode);
        new Summary(report).print(shell.terminal(), json);
        end = ended(report);
        return Exit.of(report);
    }

    private int backfill(Mode mode, Pipeline pipeline) throws Exception {
        String since = arguments.text("since");
        String until = arguments.text("until");
        Slices slices = DayRange.cut(since, until, arguments.has("by") ? arguments.text("by") : "month");
        BackfillWork.Patience patience = new BackfillWork.Patience(parallel()).checked();
        BackfillWork work = new BackfillWork(shell, pipeline, configuration(), json);
        work.count(slices);
        if (mode == Mode.PLAN) {
            new SlicesTable(slices).print(shell.terminal(), json);
            return Exit.SUCCEEDED;
        }
        work.plan(slices);
        int exit = work.run(patience);
        end = new JobEnd(
                Exit.status(exit),
                pipeline.name() + ": backfill of " + since + " to " + until,
                Map.of(),
                work.problems());
        return exit;
    }

    private int parallel() {
        String text = arguments.has("parallel") ? arguments.text("parallel") : "1";
        new SettingChecks(job.name())
                .must(text.matches("\\d{1,9}"), "parallel", "be a whole number", text)
                .check();
        return Integer.parseInt(text);
    }

    private static JobEnd ended(RunReport report) {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("read", report.recordsRead());
        report.sinks().forEach((sink, of) -> counts.put(sink + " written", of.written()));
        return new JobEnd(
                report.status(),
                report.pipeline() + ": " + report.recordsRead() + " records read",
                counts,
                report.problems());
    }

    /** The settings of this run alone. */
    private Configuration configuration() {
        Map<String, String> values = new LinkedHashMap<>();
        JobCheck check = new JobCheck(shell);
        List<Setting> known =
                check.target(job).map(new PipelineSettings(shell)::of).orElse(List.of());
        check.settings(job).forEach((parameter, setting) -> {
            if (arguments.has(parameter.name()))
                PipelineArguments.put(setting, arguments.text(parameter.name()), known, caller, values);
        });
        values.putAll(job.settings(arguments));
        Configuration configuration = shell.configuration().with(values);
        configuration.learned(configuration.secrets());
        return configuration;
    }
}
