package io.caravan.cli;

import io.caravan.error.Launcher;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Stands in the list of commands: {@link Cli} makes {@code --help} of it before there is a command. */
@Command(
        name = "help",
        description = "Show what a command, pipeline or job does and takes.",
        footer = {"", "Example: " + Launcher.CARAVAN + " help hello-world"})
final class HelpCommand implements Runnable {

    @Mixin
    private final Common common = new Common();

    @Override
    public void run() {
        throw new IllegalStateException("help is --help of what stands behind it");
    }
}
