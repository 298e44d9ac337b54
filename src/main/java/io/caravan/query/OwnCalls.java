package io.caravan.query;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls the query API over HTTP as a caller does, from the process that serves it. */
final class OwnCalls {

    private static final int AT_ONCE = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final String base;
    private final String key;

    OwnCalls(String host, int port, String key) {
        String local = host.equals("0.0.0.0") ? "127.0.0.1" : host.equals("::") ? "::1" : host;
        this.base = "http://" + (local.contains(":") ? "[" + local + "]" : local) + ":" + port;
        this.key = key;
    }

    /**
     * Makes {@code rounds} calls of each list in turns, two calls at once, for {@code nanos} at most.
     *
     * @return whether the API answered every one; it stops at the first that it did not
     */
    boolean make(Collection<List<String>> lists, int rounds, long nanos) {
        long end = System.nanoTime() + nanos;
        AtomicBoolean answered = new AtomicBoolean(true);
        AtomicInteger next = new AtomicInteger();
        Runnable caller = () -> {
            for (int i; (i = next.getAndIncrement()) < rounds && answered.get() && System.nanoTime() < end; ) {
                for (List<String> requests : lists) {
                    if (!answers(requests.get(i % requests.size()))) answered.set(false);
                }
            }
        };
        Thread[] others = new Thread[AT_ONCE - 1];
        for (int i = 0; i < others.length; i++) {
            others[i] = new Thread(caller, "warm-questions-" + (i + 2));
            others[i].setDaemon(true);
            others[i].start();
        }
        caller.run();
        try {
            for (Thread other : others) other.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return answered.get();
    }

    /** Whether it answers; 404 too, as what is asked about may be gone by now. */
    private boolean answers(String request) {
        HttpRequest.Builder call =
                HttpRequest.newBuilder(URI.create(base + request)).timeout(PATIENCE);
        if (!key.isBlank()) call.header(ApiKey.HEADER, key);
        try {
            int status = client.send(call.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            return status == 200 || status == 404;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
