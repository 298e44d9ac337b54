package io.caravan.run;

import io.caravan.delivery.RunContext;
import io.caravan.error.CaravanException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the run that {@link OpenRun} opened and the exception just caught broke off, as {@link CloseRun} does: its place is the
 * {@code doCatch} of a source Kamelet. Throws what the run failed with, or what kept it from being opened, when all that the
 * exchange held before is in its place again.
 */
public final class FailRun implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(FailRun.class);

    @Override
    public void process(Exchange exchange) throws Exception {
        Exception failure = ours(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class));
        RunScope scope = RunScope.of(exchange);
        if (scope.isOpen() && !(failure instanceof CaravanException)) LOG.error("the run broke off", failure);
        scope.fail(exchange, failure, why -> ((Session) RunContext.of(exchange)).close(why));
    }

    /** The splitter wraps what it met; our own exception says it in a sentence. */
    private static Exception ours(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CaravanException caravan) return caravan;
        }
        return failure;
    }
}
