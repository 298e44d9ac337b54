package io.caravan.query;

import io.caravan.error.SettingChecks;
import io.caravan.settings.LiteralSecrets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks each question to the graph before a caller does, so that none waits for what comes first.
 * <ul>
 *   <li>about nobody, so that the graph has its plans: Neo4j plans a question anew for ids of 1, 2 to 10, 11 to 100 and more characters, so
 *       blank ids, which no request can have, of these lengths are asked for
 *   <li>about users and books that are there, {@value #ASKED} times each or as long as allowed, over HTTP as a caller does, so that the
 *       graph's JVM and ours have compiled what answers take; once a start, when the graph first holds some
 * </ul>
 */
public final class WarmQuestions implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(WarmQuestions.class);

    private static final List<Integer> LENGTHS = List.of(5, 15, 1, 150);
    private static final int ASKED = 2_000;
    private static final int EXAMPLES = 100;
    private static final int LIMIT = 5;

    private final long nanos;
    private final String host;
    private final int port;
    private final String key;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final Set<AskGraph> planned = new HashSet<>(); // of the one thread at a time, as the next
    private final Set<AskGraph> warm = new HashSet<>();

    /**
     * @param millis how long it may ask at most; 0: about nobody only
     * @param host where the API listens, with {@code port}
     * @param key the name of the setting that holds the API's key
     */
    public WarmQuestions(int millis, String host, int port, String key) {
        new SettingChecks("warm-questions")
                .between("warmUpMillis", millis, 0, 600_000)
                .check();
        this.nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        this.host = host;
        this.port = port;
        this.key = key;
    }

    /** In a thread that nobody waits for: a server that is told to end must not wait for a graph that does not answer. */
    @Override
    public void process(Exchange exchange) {
        if (!busy.compareAndSet(false, true)) return;
        CamelContext context = exchange.getContext();
        Thread thread = new Thread(() -> warm(context), "warm-questions");
        thread.setDaemon(true);
        thread.start();
    }

    private void warm(CamelContext context) {
        try {
            Collection<AskGraph> questions = context.getRegistry().findByType(AskGraph.class);
            plan(context, questions);
            if (nanos == 0 || warm.containsAll(questions)) return;
            Map<AskGraph, List<String>> known = new HashMap<>();
            for (AskGraph question : questions) {
                List<String> requests = warm.contains(question) ? List.of() : question.requests(EXAMPLES);
                if (!requests.isEmpty()) known.put(question, requests);
            }
            if (known.isEmpty()) return;
            String secret = LiteralSecrets.setting(context, key).orElse("");
            if (new OwnCalls(host, port, secret).make(known.values(), ASKED, nanos)) warm.addAll(known.keySet());
        } catch (RuntimeException e) {
            // who asks is told, and so is who looks after the health
            LOG.debug("not warm yet: {}", e.getMessage());
        } finally {
            busy.set(false);
        }
    }

    private void plan(CamelContext context, Collection<AskGraph> questions) {
        List<AskGraph> cold = new ArrayList<>(questions);
        cold.removeAll(planned);
        for (int length : LENGTHS) {
            for (AskGraph question : cold) {
                if (!context.getStatus().isStarted() && !context.getStatus().isStarting()) return;
                AnswerUserRequest.ask(question, new UserRequest(" ".repeat(length), LIMIT));
            }
        }
        planned.addAll(cold);
    }
}
