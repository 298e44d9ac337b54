package io.caravan.endpoint;

import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** What an endpoint answered, with what its component keeps open until it was read. */
public final class EndpointAnswer implements AutoCloseable {

    private final Exchange exchange;
    private final Runnable done;

    EndpointAnswer(Exchange exchange, Runnable done) {
        this.exchange = exchange;
        this.done = done;
    }

    public Message message() {
        return exchange.getMessage();
    }

    @Override
    public void close() {
        done.run();
    }
}
