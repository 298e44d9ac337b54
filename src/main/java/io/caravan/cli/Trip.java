package io.caravan.cli;

import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** One request to one pipeline, from the stores it needs to the report. */
final class Trip {

    private final Shell shell;
    private final Pipeline pipeline;
    private final Configuration configuration;

    Trip(Shell shell, Pipeline pipeline, Configuration configuration) {
        this.shell = shell;
        this.pipeline = pipeline;
        this.configuration = configuration;
    }

    /** The stores come up while the routes are loaded; a check only looks, and starts no store. */
    RunReport go(RunRequest request) throws Exception {
        try (Quiet quiet = new Quiet();
                ProgressLine line = new ProgressLine(shell.terminal(), pipeline.name())) {
            CompletableFuture<Void> stores = request.mode() == Mode.CHECK
                    ? CompletableFuture.completedFuture(null)
                    : CompletableFuture.runAsync(
                            () -> shell.startNeeded(configuration.laptopStores(pipeline.features())));
            try (Engine engine = engine()) {
                join(stores);
                return engine.send(pipeline.name(), request.heardBy(line::show));
            } catch (NotStartedException e) {
                join(stores);
                throw e;
            }
        }
    }

    RunReport go(Mode mode) throws Exception {
        return go(RunRequest.of(mode));
    }

    private Engine engine() throws NotStartedException {
        try {
            return new Engine(configuration, pipeline.routes());
        } catch (Exception e) {
            throw new NotStartedException(e);
        }
    }

    private static void join(CompletableFuture<Void> stores) {
        try {
            stores.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            throw e;
        }
    }
}
