package io.caravan.cli;

import picocli.CommandLine.Option;

/** The options of every command. */
final class Common {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Option(names = "--json", description = "Print JSON instead of tables.")
    private boolean json;

    boolean json() {
        return json;
    }
}
