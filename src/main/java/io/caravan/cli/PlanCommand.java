package io.caravan.cli;

import io.caravan.error.Launcher;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunRequest;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "plan",
        description = "Say what a run would insert, update and delete in each sink; write nothing.",
        footer = {"", "Example: " + Launcher.CARAVAN + " plan personalization --input ~/events"})
final class PlanCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    @Mixin
    private final PipelineArguments arguments;

    @Option(names = "--allow-deletes", description = "Let deletes pass, however many they are.")
    private boolean allowDeletes;

    @Option(
            names = "--allow-missing-fields",
            description =
                    "Let the plan go on although a field that a sink or step reads is in no record any more, this once.")
    private boolean allowMissingFields;

    @Option(names = "--full", description = "Read the source whole, also if it can show only what changed.")
    private boolean full;

    @Option(
            names = "--only-sinks",
            split = ",",
            paramLabel = "<sinks>",
            description = "Plan a run that writes only to these, comma separated.")
    private List<String> onlySinks = List.of();

    PlanCommand(Shell shell, PipelineArguments arguments) {
        this.shell = shell;
        this.arguments = arguments;
    }

    @Override
    public Integer call() throws Exception {
        arguments.mustBeWhole("plan", onlySinks);
        Trip trip = new Trip(shell, arguments.pipeline(), arguments.configuration(), common.json());
        RunReport report = trip.go(RunRequest.of(Mode.PLAN)
                .allowingDeletes(allowDeletes)
                .allowingMissingFields(allowMissingFields)
                .readingInFull(full)
                .onlyTo(onlySinks));
        new Summary(report).print(shell.terminal(), common.json());
        return Exit.of(report);
    }
}
