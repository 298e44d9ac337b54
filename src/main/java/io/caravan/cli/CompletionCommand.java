package io.caravan.cli;

import io.caravan.error.Launcher;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "completion",
        description = "Print the script by which a shell completes commands and options.",
        footer = {"", "Example: source <(" + Launcher.CARAVAN + " completion bash)"})
final class CompletionCommand implements Callable<Integer> {

    /** Those whose completion picocli knows; one script is for both. */
    enum ShellName {
        bash,
        zsh
    }

    private final Shell shell;
    private final Supplier<CommandLine> commands;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Parameters(paramLabel = "bash|zsh", description = "Your shell.")
    private ShellName name;

    /** {@code commands}: all of them, below the one that is called {@code caravan}. */
    CompletionCommand(Shell shell, Supplier<CommandLine> commands) {
        this.shell = shell;
        this.commands = commands;
    }

    @Override
    public Integer call() {
        shell.terminal().out().print(AutoComplete.bash("caravan", commands.get()));
        return Exit.SUCCEEDED;
    }
}
