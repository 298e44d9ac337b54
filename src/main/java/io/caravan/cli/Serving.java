package io.caravan.cli;

import io.caravan.run.PipelineRuns;
import io.caravan.run.Progress;
import java.time.Duration;
import java.util.List;
import org.apache.camel.main.Main;

/** A server, which goes on until a signal comes; requests that are being answered are answered to their end, runs stop at
 * their next batch. */
final class Serving implements Signals.Task {

    /** How long the ledger may take to hear the end of all runs that go on. */
    private static final Duration LEDGER_PATIENCE = Duration.ofSeconds(1);

    private final Main main;

    Serving(Main main) {
        this.main = main;
    }

    @Override
    public void stop(String by) {
        main.completed();
    }

    @Override
    public void abandon() {
        List<Progress> going = PipelineRuns.of(main.getCamelContext()).goingOn();
        // the ledger hears of runs that a silent store holds up, so that their leases are free
        going.forEach(run -> run.abandon(LEDGER_PATIENCE.dividedBy(going.size())));
    }

    @Override
    public int code(int own, int signal) {
        return signal;
    }
}
