package io.caravan.library;

import io.caravan.error.CaravanException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** What stands in for the answer of an API that could not be asked: the gap and its reason. */
public final class NoAnswer implements Processor {

    private final String api;

    public NoAnswer(String api) {
        this.api = api;
    }

    @Override
    public void process(Exchange exchange) {
        Exception why = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
        // without a failure of its own, the circuit was open
        String reason = api + ": was not asked, as it failed too often just now";
        for (Throwable cause = why; cause != null; cause = cause.getCause()) {
            if (cause instanceof CaravanException known) reason = known.getMessage();
        }
        // it is dealt with: an open circuit shall not be told to be this failure
        exchange.removeProperty(Exchange.EXCEPTION_CAUGHT);
        exchange.getMessage().setBody(ApiAnswer.gap(api, reason));
    }
}
