package io.caravan.query;

import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers a request that failed with problem JSON; what was not foreseen is a 500 that says nothing, the log says it. */
public final class AnswerProblem implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(AnswerProblem.class);

    @Override
    public void process(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (failure instanceof ProblemException problem) {
            if (problem.getCause() != null)
                LOG.warn("{}: {}", problem.getMessage(), problem.getCause().getMessage());
            HttpReply.problem(exchange, problem.status(), problem.getMessage(), problem.headers());
        } else {
            LOG.error("a request failed", failure);
            HttpReply.problem(exchange, 500, QueryString.UNIT + ": the request failed; the log says why", Map.of());
        }
    }
}
