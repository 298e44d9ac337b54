package io.caravan.query;

import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers a request for vectors that failed in the shape in which it came; what was not foreseen only the log says. */
public final class AnswerEmbeddingProblem implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(AnswerEmbeddingProblem.class);

    private final EmbeddingDialect dialect;

    /** {@code dialect}: {@code openai} or {@code tei}. */
    public AnswerEmbeddingProblem(String dialect) {
        this.dialect = EmbeddingDialect.of(dialect);
    }

    @Override
    public void process(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        if (failure instanceof ProblemException problem) {
            if (problem.getCause() != null)
                LOG.warn("{}: {}", problem.getMessage(), problem.getCause().getMessage());
            reply(exchange, problem.status(), problem.getMessage(), problem.headers());
        } else {
            LOG.error("a request failed", failure);
            reply(exchange, 500, EmbeddingLimits.UNIT + ": the request failed; the log says why", Map.of());
        }
    }

    private void reply(Exchange exchange, int status, String message, Map<String, String> headers) {
        drop(exchange.getMessage(HttpMessage.class).getRequest());
        HttpReply.json(exchange, status, dialect.error(status, message));
        headers.forEach(exchange.getMessage()::setHeader);
    }

    /** A body that nobody read is dropped as it comes in, so that the connection is free for the next request. */
    private static void drop(HttpServerRequest request) {
        try {
            if (!request.isEnded()) request.resume();
        } catch (IllegalStateException e) {
            // it has come in meanwhile
        }
    }
}
