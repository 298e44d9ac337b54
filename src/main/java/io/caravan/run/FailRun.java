package io.caravan.run;

import io.caravan.delivery.RunContext;
import io.caravan.error.CaravanException;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the run that {@link OpenRun} opened and the exception just caught broke off, as {@link CloseRun} does: its place is the
 * {@code doCatch} of a source Kamelet. Throws the exception on when nothing was opened.
 */
public final class FailRun implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(FailRun.class);

    @Override
    public void process(Exchange exchange) throws Exception {
        Exception failure = ours(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class));
        if (exchange.getVariable(RunContext.VARIABLE) == null) throw failure;
        if (!(failure instanceof CaravanException)) LOG.error("the run broke off", failure);
        CloseRun.end(exchange, Optional.of(failure));
    }

    /** The splitter wraps what it met; our own exception says it in a sentence. */
    private static Exception ours(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CaravanException caravan) return caravan;
        }
        return failure;
    }
}
