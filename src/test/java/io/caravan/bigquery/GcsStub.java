package io.caravan.bigquery;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** As much of Google Cloud Storage's interface as reading needs: lists one bucket, and gives its objects. */
final class GcsStub implements AutoCloseable {

    static final String BUCKET = "things";
    private static final String LIST = "/storage/v1/b/" + BUCKET + "/o";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** By name. */
    final Map<String, String> objects = new ConcurrentHashMap<>();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    GcsStub() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath().replaceFirst("^/download", "");
        if (path.equals(LIST)) answer(exchange, 200, list());
        else if (path.startsWith(LIST + "/") && objects.containsKey(path.substring(LIST.length() + 1)))
            answer(exchange, 200, objects.get(path.substring(LIST.length() + 1)));
        else answer(exchange, 404, "{\"error\":{\"code\":404,\"message\":\"not there\"}}");
    }

    private String list() {
        ObjectNode page = JSON.createObjectNode().put("kind", "storage#objects");
        ArrayNode items = page.putArray("items");
        new TreeMap<>(objects).forEach((name, text) -> items.addObject()
                .put("kind", "storage#object")
                .put("bucket", BUCKET)
                .put("name", name)
                .put("generation", Integer.toString(text.hashCode() & Integer.MAX_VALUE))
                .put("size", Integer.toString(text.getBytes(StandardCharsets.UTF_8).length)));
        return page.toString();
    }

    private static void answer(HttpExchange exchange, int code, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json; charset=UTF-8");
        exchange.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
