package io.caravan.cli;

import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "run",
        description = "Move what is news from a pipeline's source to its sinks.",
        footer = {
            "",
            "Example: ./caravan run personalization --input ~/events",
            "Exit codes: 0 succeeded, 1 failed, 2 wrong usage or configuration, 3 dead letters exist,",
            "4 another run of the pipeline goes on, 130 or 143 stopped by SIGINT or SIGTERM:",
            "the first stops it at its next batch, within 10 s, the second at once."
        })
final class RunCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    @Mixin
    private final PipelineArguments arguments;

    @Option(names = "--allow-deletes", description = "Let deletes pass this once, however many they are.")
    private boolean allowDeletes;

    @Option(names = "--full", description = "Read the source whole, also if it can show only what changed.")
    private boolean full;

    RunCommand(Shell shell, PipelineArguments arguments) {
        this.shell = shell;
        this.arguments = arguments;
    }

    @Override
    public Integer call() throws Exception {
        Trip trip = new Trip(shell, arguments.pipeline(), arguments.configuration(), common.json());
        RunReport report =
                trip.go(RunRequest.of(Mode.RUN).allowingDeletes(allowDeletes).readingInFull(full));
        new Summary(report).print(shell.terminal(), common.json());
        return Exit.of(report.status());
    }
}
