package io.caravan.query;

import io.caravan.embedding.OnnxEmbedder;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;

/**
 * Part (l): requests of one text each at {@code POST /v1/embeddings}, which the shared embedder brings together, against as many
 * threads that each ask the model for their own text, without HTTP and cache.
 */
public final class EmbeddingsBench {

    private static final int ROUNDS = 3;
    private static final String KEY = "a key of the bench";
    private static final AtomicInteger NEXT = new AtomicInteger();

    private EmbeddingsBench() {}

    @FunctionalInterface
    private interface Request {
        void of(String text) throws Exception;
    }

    /** How many a second, and the median time of one in milliseconds. */
    private record Measured(double perSecond, double millis) {}

    /** Arguments: a folder, and a number of requests a round. */
    public static void main(String[] args) throws Exception {
        int requests = Integer.parseInt(args[1]);
        QueryStores stores = new QueryStores(Path.of(args[0]));
        Properties settings = stores.settings();
        settings.setProperty("caravan.embedder.enabled", "true");
        settings.setProperty("caravan.embedder.key", KEY);
        settings.setProperty("caravan.embedding.model", "bundled");
        settings.setProperty("caravan.embedder.concurrentRequests", "100");
        List<String> rows = new ArrayList<>();
        try (QueryApi api = new QueryApi(settings);
                OnnxEmbedder alone = new OnnxEmbedder("bundled", 1)) {
            for (int clients : List.of(1, 8, 64)) {
                List<Measured> own = new ArrayList<>();
                List<Measured> together = new ArrayList<>();
                for (int round = 0; round <= ROUNDS; round++) {
                    Measured one = measured(clients, requests, text -> alone.embed(List.of(text)));
                    Measured shared = measured(clients, requests, text -> ask(api, text));
                    System.err.printf("(l) %d at once, round %d: %s, %s%n", clients, round, one, shared);
                    if (round == 0) continue;
                    own.add(one);
                    together.add(shared);
                }
                double theirs = median(own, Measured::perSecond);
                double ours = median(together, Measured::perSecond);
                rows.add(String.format(
                        Locale.ROOT,
                        "%d at once: by itself %.0f/s, %.1f ms; /v1/embeddings %.0f/s, %.1f ms; ratio %.2f",
                        clients,
                        theirs,
                        median(own, Measured::millis),
                        ours,
                        median(together, Measured::millis),
                        ours / theirs));
            }
        }
        System.out.println("(l) all-MiniLM-L6-v2, one text of 15 words a request, " + requests + " requests a round");
        rows.forEach(System.out::println);
        System.exit(0); // stores of the tests have threads of their own
    }

    private static void ask(QueryApi api, String text) {
        HttpResponse<String> answer =
                api.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port + "/v1/embeddings"))
                        .header("Authorization", "Bearer " + KEY)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"input\":\"" + text + "\"}"))
                        .build());
        if (answer.statusCode() != 200) throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }

    private static Measured measured(int clients, int requests, Request request) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        double[] millis = new double[requests];
        AtomicInteger left = new AtomicInteger(requests);
        long begun = System.nanoTime();
        List<Callable<Void>> calls = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            calls.add(() -> {
                for (int at = left.decrementAndGet(); at >= 0; at = left.decrementAndGet()) {
                    long from = System.nanoTime();
                    request.of(text());
                    millis[at] = (System.nanoTime() - from) / 1e6;
                }
                return null;
            });
        }
        for (Future<Void> done : threads.invokeAll(calls)) done.get();
        double seconds = (System.nanoTime() - begun) / 1e9;
        threads.shutdown();
        Arrays.sort(millis);
        return new Measured(requests / seconds, millis[requests / 2]);
    }

    /** One that no cache knows. */
    private static String text() {
        return "our summer sale ends tonight save twenty percent on every pair of running shoes number "
                + NEXT.incrementAndGet();
    }

    private static double median(List<Measured> all, ToDoubleFunction<Measured> of) {
        double[] sorted = all.stream().mapToDouble(of).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
