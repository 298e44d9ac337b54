package io.caravan.query;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks each question to the graph about nobody, so that the graph has its plans before a caller waits for them. Neo4j plans a question anew
 * for ids of 1, 2 to 10, 11 to 100 and more characters, so blank ids, which no request can have, of these lengths are asked for.
 */
public final class WarmQuestions implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(WarmQuestions.class);

    private static final List<Integer> LENGTHS = List.of(5, 15, 1, 150);

    /** In a thread that nobody waits for: a server that is told to end must not wait for a graph that does not answer. */
    @Override
    public void process(Exchange exchange) {
        CamelContext context = exchange.getContext();
        Thread thread = new Thread(() -> warm(context), "warm-questions");
        thread.setDaemon(true);
        thread.start();
    }

    private static void warm(CamelContext context) {
        for (int length : LENGTHS) {
            UserRequest nobody = new UserRequest(" ".repeat(length), 1);
            if (!warm(context, nobody)) return;
        }
    }

    private static boolean warm(CamelContext context, UserRequest nobody) {
        for (AskGraph question : context.getRegistry().findByType(AskGraph.class)) {
            if (!context.getStatus().isStarted() && !context.getStatus().isStarting()) return false;
            try {
                AnswerUserRequest.ask(question, nobody);
            } catch (RuntimeException e) {
                // who asks is told, and so is who looks after the health
                LOG.debug("no plans yet: {}", e.getMessage());
                return false;
            }
        }
        return true;
    }
}
