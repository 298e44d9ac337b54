package io.caravan.library;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.caravan.book.Folding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands in for Google Books and Open Library on this machine, with answers of the same shape made up from a list of books:
 * the same book has the same answers always. Slow and faulty as one likes it.
 */
public final class BookApiStandIn implements AutoCloseable {

    /** What goes wrong, in percent of the requests. */
    public record Faults(int delayMillis, int errorPercent, int garbagePercent, int silentPercent) {
        public static final Faults NONE = new Faults(0, 0, 0, 0);
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int THREADS = 64;
    private static final int SILENCE_SECONDS = 600;

    private final Map<String, MadeUpBook> byIsbn = new HashMap<>();
    private final Map<String, MadeUpBook> byTitle = new HashMap<>();
    private final Faults faults;
    private final Random random = new Random(1);
    private final AtomicLong asked = new AtomicLong();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    /** Listens on a free port of this machine only. */
    public BookApiStandIn(Iterable<BookJob> books, Faults faults) {
        this.faults = faults;
        for (BookJob job : books) {
            MadeUpBook book = new MadeUpBook(job);
            job.isbn().ifPresent(isbn -> byIsbn.put(isbn, book));
            byTitle.put(Folding.title(job.title()), book);
        }
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/books/v1/volumes", exchange -> handle(exchange, this::volumes));
        server.createContext("/search.json", exchange -> handle(exchange, this::search));
        server.createContext("/isbn/", exchange -> handle(exchange, this::edition));
        server.createContext("/works/", exchange -> handle(exchange, this::work));
        server.setExecutor(threads);
        server.start();
    }

    /** What {@code googleBooksUrl} is to be. */
    public String googleBooks() {
        return address() + "/books/v1";
    }

    /** What {@code openLibraryUrl} is to be. */
    public String openLibrary() {
        return address();
    }

    /** How many requests came so far. */
    public long asked() {
        return asked.get();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        clock.shutdownNow();
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private interface Reply {
        /** Empty for 404. */
        Optional<ObjectNode> to(HttpExchange exchange);
    }

    /** Answers later, on no thread of the server's, so that any number of requests can wait. */
    private void handle(HttpExchange exchange, Reply reply) {
        asked.incrementAndGet();
        int dice;
        synchronized (random) {
            dice = random.nextInt(100);
        }
        int silent = faults.silentPercent();
        if (dice < silent) {
            clock.schedule(exchange::close, SILENCE_SECONDS, TimeUnit.SECONDS);
            return;
        }
        boolean error = dice < silent + faults.errorPercent();
        boolean garbage = dice >= 100 - faults.garbagePercent();
        Runnable answer = () -> {
            if (error) send(exchange, 503, "{\"error\":{\"code\":503}}");
            else if (garbage) send(exchange, 200, "<html>We are busy");
            else
                reply.to(exchange)
                        .ifPresentOrElse(
                                json -> send(exchange, 200, json.toString()),
                                () -> send(exchange, 404, "{\"error\":\"notfound\"}"));
        };
        if (faults.delayMillis() == 0) answer.run();
        else clock.schedule(() -> threads.execute(answer), faults.delayMillis(), TimeUnit.MILLISECONDS);
    }

    private static void send(HttpExchange exchange, int status, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (IOException e) {
            // who asked is gone
        }
    }

    private Optional<ObjectNode> volumes(HttpExchange exchange) {
        ObjectNode answer = JSON.createObjectNode().put("kind", "books#volumes");
        Optional<MadeUpBook> book = wanted(parameters(exchange).getOrDefault("q", ""));
        answer.put("totalItems", book.isPresent() ? 1 : 0);
        book.flatMap(MadeUpBook::volume).ifPresent(v -> answer.putArray("items").add(v));
        return Optional.of(answer);
    }

    private Optional<ObjectNode> search(HttpExchange exchange) {
        Map<String, String> query = parameters(exchange);
        String all = String.join(" ", query.values());
        Optional<ObjectNode> found =
                wanted(query.containsKey("title") ? query.get("title") : all).flatMap(MadeUpBook::doc);
        ObjectNode answer = JSON.createObjectNode()
                .put("numFound", found.isPresent() ? 1 : 0)
                .put("start", 0)
                .put("numFoundExact", true);
        found.ifPresentOrElse(doc -> answer.putArray("docs").add(doc), () -> answer.putArray("docs"));
        return Optional.of(answer);
    }

    private Optional<ObjectNode> edition(HttpExchange exchange) {
        String isbn = exchange.getRequestURI().getPath().replaceAll("[^0-9]", "");
        return Optional.ofNullable(byIsbn.get(isbn)).flatMap(MadeUpBook::edition);
    }

    private Optional<ObjectNode> work(HttpExchange exchange) {
        ObjectNode work = JsonNodeFactory.instance.objectNode();
        work.put("key", exchange.getRequestURI().getPath().replace(".json", ""));
        work.putArray("subjects").add("Fiction").add("Fiction, general");
        return Optional.of(work);
    }

    /** By an ISBN that the text holds, or a title that it holds in quotes or is. */
    private Optional<MadeUpBook> wanted(String text) {
        for (String part : text.split("[^0-9]+")) if (byIsbn.containsKey(part)) return Optional.of(byIsbn.get(part));
        for (String part : List.of(text.split("\""))) {
            MadeUpBook book = byTitle.get(Folding.title(part));
            if (book != null) return Optional.of(book);
        }
        return Optional.empty();
    }

    private static Map<String, String> parameters(HttpExchange exchange) {
        Map<String, String> parameters = new HashMap<>();
        String query = exchange.getRequestURI().getRawQuery();
        if (query == null) return parameters;
        for (String pair : query.split("&")) {
            String[] parts = pair.split("=", 2);
            parameters.put(parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return parameters;
    }
}
