package io.caravan.delivery;

import io.caravan.record.Record;
import java.util.List;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Hands the batch in the body to a sink, and returns when every record in it is acknowledged, unchanged or
 * dead-lettered, or the sink has failed for this run. The body stays as it is. A sink that calls endpoints of Camel gets to know
 * the context here.
 */
public final class Deliver implements Processor {

    private final Sink sink;

    public Deliver(Sink sink) {
        this.sink = sink;
    }

    @Override
    @SuppressWarnings("unchecked") // the body of every message after a source is a list of records
    public void process(Exchange exchange) throws Exception {
        CamelContextAware.trySetCamelContext(sink, exchange.getContext());
        List<Record> batch = (List<Record>) exchange.getMessage().getMandatoryBody(List.class);
        ErrorsAsExceptions.run(() -> RunContext.of(exchange).deliver(sink, batch));
    }
}
