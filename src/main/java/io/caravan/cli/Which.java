package io.caravan.cli;

import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which dead letters a verb means: one by its id, or all open ones of a pipeline. */
final class Which {

    @Parameters(paramLabel = "<id>", description = "The letter, as list shows it.")
    private Long id;

    @Option(names = "--all", required = true, description = "All open letters of the pipeline.")
    private boolean all;

    Optional<Long> id() {
        return Optional.ofNullable(id);
    }
}
