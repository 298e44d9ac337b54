package io.caravan.query;

import io.caravan.error.CaravanException;
import io.caravan.error.Launcher;
import io.caravan.error.SettingChecks;
import io.caravan.ledger.PlainTransactions;
import io.caravan.ledger.Runs;
import io.caravan.ledger.Transactions;
import javax.sql.DataSource;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Ends a request as a problem 503 until a run of the pipeline has succeeded: a first run that failed or was partial is never
 * served. Asks the ledger at each request until the answer is yes, and then no more.
 */
public final class RequireRun implements Processor {

    private final Transactions ledger;
    private final String pipeline;
    private volatile boolean succeeded;

    public RequireRun(DataSource ledger, String pipeline) {
        new SettingChecks("require-run").notBlank("pipeline", pipeline).check();
        this.ledger = new PlainTransactions(ledger);
        this.pipeline = pipeline;
    }

    @Override
    public void process(Exchange exchange) {
        check();
    }

    String pipeline() {
        return pipeline;
    }

    /** Whether anybody ever ran the pipeline; not where the ledger does not say. */
    boolean inUse() {
        if (succeeded) return true;
        try {
            return ledger.in(c -> Runs.hasStarted(c, pipeline));
        } catch (CaravanException e) {
            return false;
        }
    }

    /** Does nothing, or throws what is missing. */
    void check() {
        if (succeeded) return;
        try {
            succeeded = ledger.in(c -> Runs.hasSucceeded(c, pipeline));
        } catch (CaravanException e) {
            throw Stores.problem("ledger", e);
        }
        if (!succeeded) {
            throw new ProblemException(
                    503,
                    QueryString.UNIT + ": no run of " + pipeline + " has succeeded yet; do: "
                            + Launcher.command("run " + Launcher.word(pipeline)));
        }
    }
}
