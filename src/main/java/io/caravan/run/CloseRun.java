package io.caravan.run;

import io.caravan.delivery.Contained;
import io.caravan.delivery.RunContext;
import io.caravan.error.CaravanException;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the run that {@link OpenRun} opened, whatever happened between them, and makes its {@link RunReport} the body.
 * The exchange succeeds: what a run did is in its report and in the ledger.
 */
public final class CloseRun implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(CloseRun.class);

    @Override
    public void process(Exchange exchange) throws Exception {
        Exception failure = ours(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class));
        if (failure != null && exchange.getVariable(RunContext.VARIABLE) == null) throw failure; // nothing was opened
        if (failure != null && !(failure instanceof CaravanException)) LOG.error("the run broke off", failure);
        Session session = (Session) RunContext.of(exchange);
        exchange.removeVariable(RunContext.VARIABLE); // a route may go on with another pipeline
        Contained.run(() -> exchange.getMessage().setBody(session.close(Optional.ofNullable(failure))));
    }

    /** The splitter wraps what it met; our own exception says it in a sentence. */
    private static Exception ours(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CaravanException caravan) return caravan;
        }
        return failure;
    }
}
