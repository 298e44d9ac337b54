package io.caravan.query;

import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Says that this process lives, whatever the stores do. */
public final class AnswerLive implements Processor {

    @Override
    public void process(Exchange exchange) {
        HttpReply.json(exchange, 200, Map.of("status", "UP"));
    }
}
