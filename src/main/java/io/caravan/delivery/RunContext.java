package io.caravan.delivery;

import io.caravan.error.BadRecordException;
import io.caravan.error.ConfigurationException;
import io.caravan.record.Record;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.camel.Exchange;

/** What the blocks of a route may ask of the run they work for; travels in the exchange variable {@code run}. */
public interface RunContext {

    String VARIABLE = "run";

    /** Does with this batch and sink what the run is for: delivers it, compares it, ... Never throws for a sink. */
    void deliver(Sink sink, List<Record> batch);

    /** Makes a dead letter of a record that a step refused. */
    void reject(String step, Record record, BadRecordException reason);

    /** The same for a step in one branch of a multicast: the sinks of the other branches get the record. */
    default void rejectInBranch(int branch, String step, Record record, BadRecordException reason) {
        reject(step, record, reason);
    }

    /** Something worth knowing, for the run's report; the same sentence once. Nothing, of one whose report has no room for it. */
    default void note(String sentence) {}

    /** When the run began; now, of one that writes nothing and need not know. */
    default Instant started() {
        return Instant.now();
    }

    /**
     * How rows are kept that cannot become records, of a source some of whose fields nobody may read: asked for by a step before the
     * records are compared with the ledger, and refused anywhere else, as there the ledger has seen what it hides.
     */
    default void seal(UnaryOperator<String> rows) {
        throw new ConfigurationException(
                "prepare: a step that seals fields must stand in the route that 'prepare' of the"
                        + " source names, before records are compared with the ledger");
    }

    static RunContext of(Exchange exchange) {
        RunContext run = exchange.getVariable(VARIABLE, RunContext.class);
        if (run == null) {
            throw new ConfigurationException(exchange.getFromRouteId()
                    + ": the route must begin with a source Kamelet, got a message without variable '" + VARIABLE
                    + "'");
        }
        return run;
    }
}
