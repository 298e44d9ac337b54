package io.caravan.cli;

import io.caravan.error.Launcher;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "pipelines",
        description = "Show the pipelines, chains and datasets, as 'list' does, without the jobs.",
        footer = {"", "Example: " + Launcher.CARAVAN + " pipelines"})
final class PipelinesCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    PipelinesCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        return new ListCommand(shell).show(common.json(), false);
    }
}
