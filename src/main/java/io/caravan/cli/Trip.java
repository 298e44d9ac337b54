package io.caravan.cli;

import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.ledger.LedgerDataSource;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import io.caravan.run.RunRequest;
import io.caravan.settings.Configuration;
import java.sql.Connection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;

/** One request to one pipeline, from the stores it needs to the report. */
final class Trip {

    private final Shell shell;
    private final Pipeline pipeline;
    private final Configuration configuration;
    private final boolean json;

    /** {@code json}: how its report is said when a signal ends it. */
    Trip(Shell shell, Pipeline pipeline, Configuration configuration, boolean json) {
        this.shell = shell;
        this.pipeline = pipeline;
        this.configuration = configuration.with(pipeline.settings());
        this.json = json;
    }

    /** The stores come up while the routes are loaded; a check and a preview only look, and start no store. */
    RunReport go(RunRequest request) throws Exception {
        try (Quiet quiet = new Quiet();
                ProgressLine line = new ProgressLine(shell.terminal(), pipeline.name())) {
            Ending ending = new Ending(shell, pipeline.name(), request.mode(), json, line);
            shell.signals().begin(ending);
            RunReport report;
            try {
                report = go(request, ending);
            } catch (Exception e) {
                report = ending.brokenOff(e);
            }
            ending.toBeSaid();
            return report;
        }
    }

    private RunReport go(RunRequest request, Ending ending) throws Exception {
        boolean looksOnly = List.of(Mode.CHECK, Mode.PREVIEW, Mode.CUT).contains(request.mode());
        CompletableFuture<Void> stores = looksOnly
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.runAsync(() -> shell.startNeeded(configuration.laptopStores(pipeline.features())));
        // the ledger of this machine is opened while the routes are loaded, which takes as long
        boolean ahead =
                !looksOnly && !configuration.laptopStores(Set.of("ledger")).isEmpty();
        try (Engines.Taken taken = engine(context -> {
            Called.tell(context, shell, configuration);
            if (ahead) stores.thenRunAsync(() -> openLedger(context));
        })) {
            join(stores);
            ending.sending();
            RunReport report = taken.engine()
                    .send(
                            pipeline.name(),
                            request.noticedBy(shell.terminal()::error).heardBy(ending::goesOn));
            ending.ended(report);
            if (report.status() != Status.FAILED) taken.sound();
            return report;
        } catch (NotStartedException e) {
            join(stores);
            throw e;
        }
    }

    RunReport go(Mode mode) throws Exception {
        return go(RunRequest.of(mode));
    }

    private static void openLedger(CamelContext context) {
        try (Connection opened =
                context.getRegistry().findSingleByType(LedgerDataSource.class).getConnection()) {
            opened.isValid(0);
        } catch (Exception e) {
            // the run opens it again and says what is wrong
        }
    }

    private Engines.Taken engine(Consumer<CamelContext> configured) throws NotStartedException {
        try {
            return shell.engines().take(shell.pipelines(), pipeline, configuration, configured);
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
