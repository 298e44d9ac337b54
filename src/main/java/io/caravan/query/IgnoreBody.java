package io.caravan.query;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.HttpMessage;

/**
 * Drops the body of a request as it comes in, neither parsed nor kept, so that the connection is free for the next request.
 */
public final class IgnoreBody implements Processor {

    @Override
    public void process(Exchange exchange) {
        exchange.getMessage(HttpMessage.class).getRequest().resume();
        exchange.getMessage().setBody(null);
    }
}
