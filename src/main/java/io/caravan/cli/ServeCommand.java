package io.caravan.cli;

import io.caravan.error.Launcher;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "serve",
        description = "Serve the query API until Ctrl-C.",
        footer = {"", "Example: CARAVAN_API_PORT=8081 " + Launcher.CARAVAN + " serve"})
final class ServeCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final Common common = new Common();

    ServeCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() throws Exception {
        return new Serve(shell, shell.terminal().out(), common.json()).untilEnded();
    }
}
