package io.caravan.cli;

import java.util.List;
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

    @Option(names = "--routes", paramLabel = "<folder>", description = "A folder with pipelines besides; repeatable.")
    private List<String> routes; // read by Project, before there is a command

    @Option(
            names = "--profile",
            paramLabel = "<name>",
            description = "Read the settings in application-<name>.properties too.")
    private String profile; // read by Project

    boolean json() {
        return json;
    }
}
