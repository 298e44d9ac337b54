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
        name = "verify",
        description = "Compare every sink with the ledger and name the keys that differ.",
        footer = {
            "",
            "Example: " + Launcher.CARAVAN + " verify personalization --deep",
            "Exit codes: 0 no difference, 3 differences, 1 a sink could not be compared."
        })
final class VerifyCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    @Mixin
    private final PipelineArguments arguments;

    @Option(names = "--deep", description = "Read the source once more and compare contents, not only keys.")
    private boolean deep;

    @Option(
            names = "--only-sinks",
            split = ",",
            paramLabel = "<sinks>",
            description = "Compare only these, comma separated.")
    private List<String> onlySinks = List.of();

    VerifyCommand(Shell shell, PipelineArguments arguments) {
        this.shell = shell;
        this.arguments = arguments;
    }

    @Override
    public Integer call() throws Exception {
        arguments.mustBeWhole("verify", onlySinks);
        Trip trip = new Trip(shell, arguments.pipeline(), arguments.configuration(), common.json());
        RunReport report =
                trip.go(RunRequest.of(Mode.VERIFY).comparingContents(deep).onlyTo(onlySinks));
        new Summary(report).print(shell.terminal(), common.json());
        return Exit.of(report);
    }
}
