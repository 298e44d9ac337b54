package io.caravan.cli;

import io.caravan.cli.Pipelines.Pipeline;
import io.caravan.ledger.NoLedger;
import io.caravan.run.Mode;
import io.caravan.run.Preview;
import io.caravan.run.RunReport;
import io.caravan.run.RunRequest;
import io.caravan.settings.Configuration;
import java.util.Map;
import java.util.Optional;

/** Sends records through a pipeline's own source and steps: no sink is asked, no store is started, no ledger is there. */
final class DryRun {

    private static final String LEDGER = "camel.beans.ledgerDataSource";

    private final Shell shell;
    private final boolean json;

    /** {@code json}: how a signal's end is said. */
    DryRun(Shell shell, boolean json) {
        this.shell = shell;
        this.json = json;
    }

    /** {@code limit}: how many rows; all of them without. */
    RunReport go(Pipeline pipeline, Configuration configuration, Optional<Long> limit, Preview preview)
            throws Exception {
        Configuration dry = configuration.with(Map.of(LEDGER, "#class:" + NoLedger.class.getName()));
        RunRequest request = RunRequest.of(Mode.PREVIEW).limitedTo(limit).collectedBy(preview);
        return new Trip(shell, pipeline, dry, json).go(request);
    }
}
