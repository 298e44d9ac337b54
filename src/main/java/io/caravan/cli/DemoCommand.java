package io.caravan.cli;

import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description = "Start the stores of this machine, run personalization on the sample, and serve the query API.",
        footer = {"", "Example: ./caravan demo --no-serve"})
final class DemoCommand implements Callable<Integer> {

    private static final String PIPELINE = "personalization";

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    @Option(names = "--no-serve", description = "End with the run instead of serving.")
    private boolean noServe;

    DemoCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        RunReport report = new Trip(shell, shell.pipelines().named(PIPELINE), shell.configuration()).go(Mode.RUN);
        new Summary(report).print(shell.terminal(), common.json());
        PrintStream human =
                common.json() ? shell.terminal().err() : shell.terminal().out();
        human.println("The stores stay up; stop them with: ./caravan stores stop");
        int exit = Exit.of(report.status());
        if (noServe || exit == Exit.FAILED) return exit;
        return new Serve(shell, human, false).untilEnded();
    }
}
