package io.caravan.cli;

import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunRequest;
import io.caravan.settings.Configuration;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "run",
        description = "Move what is news from a pipeline's source to its sinks.",
        footer = {
            "",
            "Example: " + Launcher.CARAVAN + " run personalization --input ~/events",
            "Only to one of its stores: " + Launcher.CARAVAN + " run personalization --only-sinks graph",
            "After a store was damaged: " + Launcher.CARAVAN + " run personalization --repair",
            "To try it out: " + Launcher.CARAVAN + " run personalization --limit 10",
            Exit.SENTENCE,
            "3: dead letters exist, or --limit left something unread; with --repair the worse of both.",
            "The first signal stops it at its next batch, within 10 s, the second at once."
        })
final class RunCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    @Mixin
    private final PipelineArguments arguments;

    @Option(names = "--allow-deletes", description = "Let deletes pass this once, however many they are.")
    private boolean allowDeletes;

    @Option(
            names = "--allow-missing-fields",
            description =
                    "Let the run go on although a field that a sink or step reads is in no record any more, this once.")
    private boolean allowMissingFields;

    @Option(names = "--full", description = "Read the source whole, also if it can show only what changed.")
    private boolean full;

    @Option(
            names = "--wait",
            paramLabel = "<seconds>",
            description =
                    "While another run of the pipeline is in progress, wait up to this long for it to end; by default only for one"
                            + " that no longer renews its lease, until that has ended.")
    private Long waitSeconds;

    @Option(
            names = "--repair",
            description =
                    "Then write again what a sink lacks, holds differently or holds in surplus, as verify --deep finds it.")
    private boolean repair;

    @Option(
            names = "--only-sinks",
            split = ",",
            paramLabel = "<sinks>",
            description = "Write only to these, comma separated; the next run without it brings the others up to date.")
    private List<String> onlySinks = List.of();

    @Option(
            names = "--limit",
            paramLabel = "<n>",
            description =
                    "Read the first n rows only, to try it out: delivers those, deletes nothing, and the next run without it reads"
                            + " and delivers everything.")
    private Long limit;

    @Option(
            names = "--from-raw",
            paramLabel = "<version>",
            description =
                    "Of a dataset: read the bytes again that this version was made of, instead of the file as it is now.")
    private String fromRaw;

    @Option(
            names = "--scheduled-for",
            paramLabel = "<time>",
            description =
                    "Do what a schedule has at this time, unless a run for the same time did it: 2026-11-30T03:00:00Z, or the name of"
                            + " the Job that a CronJob of Kubernetes made.")
    private String scheduledFor;

    RunCommand(Shell shell, PipelineArguments arguments) {
        this.shell = shell;
        this.arguments = arguments;
    }

    @Override
    public Integer call() throws Exception {
        if (waitSeconds != null)
            new SettingChecks("run").between("--wait", waitSeconds, 0, 86_400).check();
        if (limit != null) {
            new SettingChecks("run")
                    .between("--limit", limit, 1, Long.MAX_VALUE)
                    .must(!repair, "--limit", "be without --repair, which reads everything", limit)
                    .check();
        }
        Optional<Instant> due = scheduledFor == null ? Optional.empty() : due();
        Trip trip = new Trip(shell, arguments.pipeline(), configuration(), common.json());
        arguments.mustBeWhole("run", onlySinks);
        RunReport ran = go(
                trip,
                RunRequest.of(Mode.RUN)
                        .readingInFull(full)
                        .limitedTo(Optional.ofNullable(limit))
                        .dueAt(due));
        if (!repair) return Exit.of(ran);
        // also when the run failed: for one sink, perhaps, and the others can be repaired
        return Exit.worse(Exit.of(ran), Exit.of(go(trip, RunRequest.of(Mode.REPAIR))));
    }

    /** Empty, with a notice, for a Job that somebody made by hand. */
    private Optional<Instant> due() {
        new SettingChecks("run")
                .must(
                        limit == null && onlySinks.isEmpty(),
                        "--scheduled-for",
                        "be without --limit and --only-sinks, which leave a part undone",
                        scheduledFor)
                .check();
        Optional<Instant> due = FireTime.of(scheduledFor);
        if (due.isEmpty())
            shell.terminal().error("run: '" + scheduledFor + "' is at no time of a schedule; it runs all the same");
        return due;
    }

    private Configuration configuration() {
        if (fromRaw == null) return arguments.configuration();
        new SettingChecks("run")
                .must(Pipelines.isDataset(arguments.pipeline()), "--from-raw", "be of a dataset", fromRaw)
                .check();
        return arguments.configuration().with(Map.of("caravan.series.fromRaw", fromRaw));
    }

    private RunReport go(Trip trip, RunRequest request) throws Exception {
        Optional<Duration> patience = Optional.ofNullable(waitSeconds).map(Duration::ofSeconds);
        RunReport report = trip.go(request.allowingDeletes(allowDeletes)
                .allowingMissingFields(allowMissingFields)
                .waiting(patience)
                .onlyTo(onlySinks));
        new Summary(report).print(shell.terminal(), common.json());
        return report;
    }
}
