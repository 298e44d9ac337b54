package io.caravan.run;

import io.caravan.delivery.RunContext;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Ends the run that {@link OpenRun} opened and nothing broke off ({@link FailRun} ends the others), and makes its {@link
 * RunReport} the body. A run that failed fails the exchange with {@link RunFailedException}, which holds the report too; one
 * that is partial does not.
 */
public final class CloseRun implements Processor {

    @Override
    public void process(Exchange exchange) throws Exception {
        Session session = (Session) RunContext.of(exchange);
        RunScope.of(exchange).end(exchange, Optional.empty(), session::close);
    }
}
