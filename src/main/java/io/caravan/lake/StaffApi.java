package io.caravan.lake;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands in for an agency's applications on this machine: {@code /staff} lists its people page by page, two of forty of them wrong, {@code
 * /people/<id>} takes them, {@code /token} lets in who knows the client's secret (OAuth 2). What it was told by an idempotency key it does once.
 */
public final class StaffApi implements AutoCloseable {

    /** Whom it lets in. */
    public static final String CLIENT = "caravan-demo";

    public static final String SECRET = "demo-secret";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PEOPLE = 40;
    private static final int PAGE = 10;
    private static final String TOKEN = "demo-token";
    private static final String BASIC =
            Base64.getEncoder().encodeToString((CLIENT + ":" + SECRET).getBytes(StandardCharsets.US_ASCII));
    private static final Pattern PAGE_NUMBER = Pattern.compile("(?:^|&)page=([1-9][0-9]{0,3})(?:&|$)");

    private final Map<String, byte[]> held = new TreeMap<>();
    private final Map<String, Integer> answered = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final HttpServer server;

    /** Listens on this machine only, at that port if it is free, else at another. */
    public StaffApi(int port) {
        server = listening(port).or(() -> listening(0)).orElseThrow();
        server.createContext("/", exchange -> {
            try (exchange) {
                byte[] body = exchange.getRequestBody().readAllBytes();
                answer(exchange, body);
            }
        });
        server.setExecutor(threads);
        server.start();
    }

    private static Optional<HttpServer> listening(int port) {
        try {
            return Optional.of(HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0));
        } catch (IOException e) {
            if (port == 0) throw new UncheckedIOException(e);
            return Optional.empty();
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** The address of {@code /staff}, {@code /people} or {@code /token}. */
    public String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    /** How many people it was told of and holds. */
    public synchronized int held() {
        return held.size();
    }

    /** How often it was asked for a page. */
    public int asked() {
        return asked.get();
    }

    private void answer(HttpExchange exchange, byte[] body) throws IOException {
        String path = exchange.getRequestURI().getPath();
        if (path.equals("/token")) {
            boolean known =
                    ("Basic " + BASIC).equals(exchange.getRequestHeaders().getFirst("Authorization"));
            ObjectNode said = known
                    ? JSON.createObjectNode()
                            .put("access_token", TOKEN)
                            .put("token_type", "Bearer")
                            .put("expires_in", 300)
                    : JSON.createObjectNode().put("error", "invalid_client");
            send(exchange, known ? 200 : 401, said.toString());
        } else if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            send(exchange, 401, "{\"error\":\"invalid_token\"}");
        } else if (path.equals("/staff")) {
            asked.incrementAndGet();
            send(exchange, 200, page(exchange.getRequestURI().getQuery()).toString());
        } else if (path.startsWith("/people/")) {
            String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
            String id = path.substring("/people/".length());
            String method = exchange.getRequestMethod();
            int status = key == null
                    ? carryOut(method, id, body)
                    : answered.computeIfAbsent(key, k -> carryOut(method, id, body));
            send(exchange, status, "");
        } else {
            send(exchange, 404, "");
        }
    }

    private synchronized int carryOut(String method, String id, byte[] body) {
        switch (method) {
            case "PUT" -> held.put(id, body);
            case "DELETE" -> held.remove(id);
            default -> {
                return 405;
            }
        }
        return 200;
    }

    private static ObjectNode page(String query) {
        Matcher asked = PAGE_NUMBER.matcher(query == null ? "" : query);
        int number = asked.find() ? Integer.parseInt(asked.group(1)) : 1;
        ObjectNode page = JSON.createObjectNode();
        ArrayNode items = page.putObject("data").putArray("items");
        for (int id = (number - 1) * PAGE + 1; id <= Math.min(number * PAGE, PEOPLE); id++) {
            items.addObject()
                    .put("employee_id", id)
                    .put("full_name", "Person " + id)
                    .put("status", id == 17 ? "retired" : "active")
                    .put("hired", id == 23 ? "2031-02-30" : "2030-01-%02d".formatted(id % 28 + 1))
                    .put("weekly_hours", 38.5);
        }
        return page;
    }

    private static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
