package io.caravan.job;

import io.caravan.error.CaravanException;
import io.caravan.error.ServerErrors;
import io.caravan.run.RunReport.SinkReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a check finds: each endpoint is asked once, side by side with the others. Not thread-safe. */
public final class Checks {

    private static final Logger LOG = LoggerFactory.getLogger(Checks.class);
    private static final SinkReport ASKED = new SinkReport(0, 0, 0, 0, 0, 0, List.of());

    private final Map<String, CompletableFuture<List<String>>> endpoints = new LinkedHashMap<>();

    /** Asks an endpoint, unless it was asked before; whether all is well with it. Its problems begin with its name. */
    public CompletableFuture<Boolean> ask(String endpoint, Runnable question) {
        return endpoints
                .computeIfAbsent(
                        endpoint, e -> CompletableFuture.supplyAsync(() -> problems(endpoint, question), Checks::start))
                .thenApply(List::isEmpty);
    }

    /** What is wrong, a sentence each, in the order in which the endpoints were asked; waits for their answers. */
    public List<String> problems() {
        return endpoints.values().stream().flatMap(p -> p.join().stream()).toList();
    }

    /** The endpoints that were asked, as a report names them. */
    public Map<String, SinkReport> asked() {
        Map<String, SinkReport> asked = new LinkedHashMap<>();
        endpoints.keySet().forEach(endpoint -> asked.put(endpoint, ASKED));
        return asked;
    }

    private static void start(Runnable question) {
        Thread thread = new Thread(question, "caravan-check");
        thread.setDaemon(true);
        thread.start();
    }

    private static List<String> problems(String endpoint, Runnable question) {
        try {
            question.run();
            return List.of();
        } catch (RuntimeException | Error e) {
            List<String> problems = new ArrayList<>();
            String begin = endpoint + ": ";
            sentence(e).lines().forEach(line -> problems.add(line.startsWith(begin) ? line : begin + line));
            return problems;
        }
    }

    /** Of what nobody expected, the log says more. */
    private static String sentence(Throwable e) {
        if (e instanceof CaravanException) return e.getMessage();
        LOG.error("the check failed", e);
        return "the check failed: " + ServerErrors.words(e) + "; -vv shows where it happened";
    }
}
