package io.caravan.delivery;

import io.caravan.error.BadRecordException;
import io.caravan.error.ConfigurationException;
import io.caravan.record.Overlay;
import io.caravan.record.Record;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.camel.Exchange;

/** What the blocks of a route may ask of the run they work for; travels in the exchange variable {@code run}. */
public interface RunContext {

    String VARIABLE = "run";

    /** Does with this batch and sink what the run is for: delivers it, compares it, ... Never throws for a sink. */
    void deliver(Sink sink, List<Record> batch);

    /** Makes a dead letter of a record that a step refused. */
    void reject(String step, Record record, BadRecordException reason);

    /**
     * The exchange property of all that goes on inside a multicast: the ids of the multicasts and the numbers of the branches around
     * it, {@code outer/1/inner/}, behind which comes the number of the innermost branch.
     */
    String MULTICASTS = "caravanMulticasts";

    /** Where in a route's multicasts an exchange is, {@code outer/1/inner/0}; empty outside of them. */
    static Optional<String> branch(Exchange exchange) {
        String around = exchange.getProperty(MULTICASTS, String.class);
        Integer index = exchange.getProperty(Exchange.MULTICAST_INDEX, Integer.class);
        return around == null || index == null ? Optional.empty() : Optional.of(around + index);
    }

    /** The same for a step in one branch of a multicast, see {@link #branch}: the sinks of the other branches get the record. */
    default void rejectInBranch(String branch, String step, Record record, BadRecordException reason) {
        reject(step, record, reason);
    }

    /** A filter let nothing of the present batch into its blocks, or a choice into those of one clause. */
    default void closed(String guard) {}

    /** Something worth knowing, for the run's report; the same sentence once. Nothing, of one whose report has no room for it. */
    default void note(String sentence) {}

    /** When the run began; now, of one that writes nothing and need not know. */
    default Instant started() {
        return Instant.now();
    }

    /** What the plan of a chain lays over stores, for a step that looks something up there. */
    default Optional<Overlay> overlay() {
        return Optional.empty();
    }

    /**
     * How rows are kept that cannot become records, of a source some of whose fields nobody may read: asked for by a step before the
     * records are compared with the ledger, and refused anywhere else, as there the ledger has seen what it hides.
     */
    default void seal(UnaryOperator<String> rows) {
        throw new ConfigurationException(
                "prepare: a step that seals fields or holds rows to a schema must stand in the route that 'prepare' of the"
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
