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
        name = "adopt",
        description = "Take what the sinks hold already, as another system left it, for delivered; write no record.",
        footer = {
            "",
            "Example: " + Launcher.CARAVAN + " adopt personalization --dry-run",
            "Reads the source and compares. What a sink holds in exactly the right form the next run leaves out; what differs or is",
            "missing it writes; what a sink holds beyond the source stays. " + Launcher.CARAVAN
                    + " plan then says what the next run would do.",
            "Exit codes: 0 done, 1 a sink could not be compared, 3 dead letters exist, 4 a run of the pipeline goes on."
        })
final class AdoptCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    @Mixin
    private final PipelineArguments arguments;

    @Option(
            names = "--dry-run",
            description = "Only compare and say what is held; leave ledger and stores as they are.")
    private boolean dryRun;

    @Option(
            names = "--only-sinks",
            split = ",",
            paramLabel = "<sinks>",
            description = "Adopt only what these hold, comma separated.")
    private List<String> onlySinks = List.of();

    AdoptCommand(Shell shell, PipelineArguments arguments) {
        this.shell = shell;
        this.arguments = arguments;
    }

    @Override
    public Integer call() throws Exception {
        arguments.mustBeWhole("adopt", onlySinks);
        Trip trip = new Trip(shell, arguments.pipeline(), arguments.configuration(), common.json());
        RunReport report = trip.go(RunRequest.of(Mode.ADOPT).onlyLooking(dryRun).onlyTo(onlySinks));
        new Summary(report).print(shell.terminal(), common.json());
        return Exit.of(report);
    }
}
