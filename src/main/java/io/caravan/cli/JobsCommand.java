package io.caravan.cli;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Launcher;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "jobs",
        description =
                "Show how many jobs there are in each state, how fast they are done, and why some failed; or add jobs"
                        + " and work on them.",
        footer = {"", "Example: " + Launcher.CARAVAN + " jobs --watch", "         " + Launcher.CARAVAN + " jobs show 17"
        })
final class JobsCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    @Option(names = "--watch", description = "Redraw the table every second, until no job is left to do.")
    private boolean watch;

    private JobsCommand(Shell shell) {
        this.shell = shell;
    }

    /** The command with its verbs; {@code caller}: the folder that relative paths on the command line start from. */
    static CommandLine commandLine(Shell shell, Path caller) {
        JobsCommand command = new JobsCommand(shell);
        BooleanSupplier json = command.common::json;
        return new CommandLine(command)
                .addSubcommand(new JobsListCommand(shell, json))
                .addSubcommand(new JobsShowCommand(shell, json))
                .addSubcommand(new JobsAddCommand(shell, json, caller))
                .addSubcommand(new JobsWorkCommand(shell, json, caller))
                .addSubcommand(new JobsEditCommand(shell, json))
                .addSubcommand(new JobsCancelCommand(shell, json))
                .addSubcommand(new JobsRetryCommand(shell, json))
                .addSubcommand(new JobsPurgeCommand(shell, json));
    }

    @Override
    public Integer call() throws Exception {
        if (watch && common.json()) throw new ConfigurationException("jobs: --watch must stand alone, got '--json'");
        JobsOverview now = JobsOverview.of(shell);
        if (common.json()) {
            shell.terminal().json(now.json());
            return Exit.SUCCEEDED;
        }
        if (watch) now = watched(now);
        now.lines().forEach(shell.terminal().out()::println);
        return Exit.SUCCEEDED;
    }

    /** Shows the jobs until none is left to do; what is then to be seen. */
    private JobsOverview watched(JobsOverview first) throws InterruptedException {
        JobsOverview now = first;
        try (LiveLines screen = new LiveLines(shell.terminal())) {
            while (now.left() > 0) {
                screen.draw(now.lines());
                TimeUnit.SECONDS.sleep(1);
                now = JobsOverview.of(shell);
            }
            screen.clear();
        }
        return now;
    }
}
