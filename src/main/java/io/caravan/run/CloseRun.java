package io.caravan.run;

import io.caravan.delivery.Contained;
import io.caravan.delivery.RunContext;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Ends the run that {@link OpenRun} opened and nothing broke off ({@link FailRun} ends the others), and makes its {@link
 * RunReport} the body. The exchange succeeds: what a run did is in its report and in the ledger.
 */
public final class CloseRun implements Processor {

    @Override
    public void process(Exchange exchange) throws Exception {
        end(exchange, Optional.empty());
    }

    static void end(Exchange exchange, Optional<Throwable> failure) throws Exception {
        Session session = (Session) RunContext.of(exchange);
        exchange.removeVariable(RunContext.VARIABLE); // a route may go on with another pipeline
        Contained.run(() -> exchange.getMessage().setBody(session.close(failure)));
    }
}
