package io.caravan.run;

import io.caravan.error.Words;
import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.DeadLetters.Entry;
import io.caravan.ledger.PlainTransactions;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;

/**
 * Hands the open letters that a run wrote to {@code direct:dead-letters}, where a route begins there, each as a map without the record's
 * values: pipeline, run, stage, sink, key, origin, reason. The ledger has them already, so whatever becomes of a message loses nothing
 * and fails no run.
 */
final class LetterChannel {

    private static final String URI = "direct:dead-letters";
    private static final int AT_ONCE = 500;
    /** So many letters of one run are told. */
    private static final int MOST = 10_000;

    private final CamelContext context;
    private final DataSource ledger;

    LetterChannel(CamelContext context, DataSource ledger) {
        this.context = context;
        this.ledger = ledger;
    }

    /** Of a run that has ended; the report says what could not be told. */
    RunReport tell(RunReport report) {
        if (report.runId() == 0 || !isOpen()) return report;
        int told = 0;
        try (ProducerTemplate template = context.createProducerTemplate()) {
            long after = 0;
            while (told < MOST) {
                List<Entry> page = page(report.runId(), after);
                if (page.isEmpty()) return report;
                for (Entry letter : page) template.sendBody(URI, message(letter));
                told += page.size();
                after = page.get(page.size() - 1).id();
            }
            return report.noting(report.pipeline() + ": of its dead letters the first " + told
                    + " were told to direct:dead-letters; all are in the ledger");
        } catch (RuntimeException | IOException e) {
            Throwable why = e instanceof CamelExecutionException && e.getCause() != null ? e.getCause() : e;
            return report.noting(report.pipeline() + ": its dead letters could not be told to direct:dead-letters: "
                    + Words.of(why) + "; all are in the ledger");
        }
    }

    private boolean isOpen() {
        return context.getRoutes().stream()
                .anyMatch(route -> route.getEndpoint().getEndpointUri().equals("direct://dead-letters"));
    }

    private List<Entry> page(long run, long after) {
        return new PlainTransactions(ledger).in(c -> DeadLetters.of(c, run, after, AT_ONCE));
    }

    private static Map<String, Object> message(Entry letter) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("pipeline", letter.pipeline());
        message.put("run", letter.run());
        message.put("stage", letter.stage());
        message.put("sink", letter.sink());
        message.put("key", letter.key().orElse(null));
        message.put("origin", letter.origin().toString());
        message.put("reason", Flood.kind(letter.reason()));
        return message;
    }
}
