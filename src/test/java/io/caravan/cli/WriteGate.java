package io.caravan.cli;

import com.sun.net.httpserver.HttpExchange;
import io.caravan.http.ApiServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Stands before a bucket's server: so many writes come through, the last of them without its answer, and then nothing any more. What the
 * server holds is what it holds when the writer is killed there.
 */
final class WriteGate implements AutoCloseable {

    private static final Set<String> OWN = Set.of("host", "connection", "content-length", "expect", "upgrade");

    private final String server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ApiServer gate = new ApiServer(this::pass);
    private int left = Integer.MAX_VALUE;
    private int writes;
    private boolean shut;
    private String last = "";

    /** @param server {@code <host>:<port>} */
    WriteGate(String server) {
        this.server = server;
    }

    String url() {
        return gate.url("");
    }

    /** Shuts with the answer of that write, from 1 on; 0 for before the first one. */
    synchronized void shutAfter(int write) {
        left = write;
        writes = 0;
        shut = false;
    }

    synchronized void open() {
        shutAfter(Integer.MAX_VALUE);
    }

    /** Whether a write was kept back, or its answer. */
    synchronized boolean shut() {
        return shut;
    }

    /** The last write that the server got. */
    synchronized String last() {
        return last;
    }

    private synchronized void pass(HttpExchange exchange) throws IOException {
        boolean read = Set.of("GET", "HEAD").contains(exchange.getRequestMethod());
        if (shut || !read && writes == left) {
            shut = true;
            refuse(exchange);
            return;
        }
        HttpResponse<byte[]> answer = ask(exchange);
        if (!read) last = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        // only what was done counts: a condition that does not hold is asked again elsewhere
        if (!read && answer.statusCode() < 300 && ++writes == left) {
            shut = true;
            refuse(exchange);
            return;
        }
        answer.headers().map().forEach((name, values) -> {
            if (!OWN.contains(name.toLowerCase(Locale.ROOT)) && !name.startsWith(":")) {
                exchange.getResponseHeaders().put(name, values);
            }
        });
        boolean body = answer.body().length > 0;
        if (exchange.getRequestMethod().equals("HEAD")) {
            answer.headers().firstValue("content-length").ifPresent(length -> exchange.getResponseHeaders()
                    .set("Content-Length", length));
        }
        exchange.sendResponseHeaders(answer.statusCode(), body ? answer.body().length : -1);
        if (body) exchange.getResponseBody().write(answer.body());
    }

    private HttpResponse<byte[]> ask(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + server + exchange.getRequestURI()))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!OWN.contains(name.toLowerCase(Locale.ROOT))) values.forEach(value -> request.header(name, value));
        });
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    /** In a way that nobody tries again. */
    private static void refuse(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().put("Content-Type", List.of("application/xml"));
        byte[] body = "<Error><Code>AccessDenied</Code><Message>shut</Message></Error>".getBytes();
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(403, head ? -1 : body.length);
        if (!head) exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        gate.close();
    }
}
