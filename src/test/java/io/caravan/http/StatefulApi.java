package io.caravan.http;

import static io.caravan.http.ApiServer.answer;
import static io.caravan.http.ApiServer.parameter;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import io.caravan.delivery.Sink;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An API that keeps things by {@code id}: {@code /things} lists, creates and takes batches, {@code /things/{id}} gets, puts and
 * deletes. It answers a request whose idempotency key it knows as it did before, and does nothing again.
 */
public final class StatefulApi implements AutoCloseable {

    public static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    public final Map<String, JsonNode> held = new TreeMap<>();
    /** How often a request was carried out, not only answered again. */
    final AtomicInteger carriedOut = new AtomicInteger();

    /** A page that begins after this is refused. */
    volatile String failAfter = "none";

    public final ApiServer server = new ApiServer(this::answerTo);

    /** A sink that puts each record at its own address here. */
    public Sink sink() {
        return HttpSinkTest.sink(server.url("/things"), "record", "PUT", "request", "none");
    }

    private record Reply(int status, String json) {}

    private final Map<String, Reply> replies = new HashMap<>();

    private void answerTo(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Reply reply;
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        synchronized (this) {
            reply = key == null ? null : replies.get(key);
            if (reply == null) {
                reply = reply(exchange, body);
                if (key != null) replies.put(key, reply);
                if (!exchange.getRequestMethod().equals("GET")) carriedOut.incrementAndGet();
            }
        }
        answer(exchange, reply.status(), reply.json());
    }

    private Reply reply(HttpExchange exchange, byte[] body) throws IOException {
        String[] path = exchange.getRequestURI().getRawPath().split("/");
        String id = path.length > 2 ? URLDecoder.decode(path[2].replace("+", "%2B"), StandardCharsets.UTF_8) : "";
        if (path.length < 2 || !path[1].equals("things") || path.length > 3) return new Reply(404, "");
        return switch (exchange.getRequestMethod()) {
            case "GET" -> id.isEmpty() ? list(exchange) : found(held.get(id));
            case "DELETE" -> held.remove(id) == null ? new Reply(404, "") : new Reply(204, "");
            case "PUT" -> put(id, JSON.readTree(body));
            case "POST" -> post(JSON.readTree(body));
            default -> new Reply(405, "");
        };
    }

    private Reply list(HttpExchange exchange) {
        String after = parameter(exchange, "after");
        if (after.compareTo(failAfter) > 0 && !failAfter.equals("none")) return new Reply(410, "");
        List<String> ids = held.keySet().stream()
                .filter(i -> i.compareTo(after) > 0)
                .limit(100)
                .toList();
        ObjectNode page = JSON.createObjectNode();
        ArrayNode items = page.putArray("items");
        ids.forEach(i -> items.add(held.get(i)));
        if (ids.size() == 100) page.put("cursor", ids.get(99));
        return new Reply(200, page.toString());
    }

    private static Reply found(JsonNode thing) {
        return thing == null ? new Reply(404, "") : new Reply(200, thing.toString());
    }

    private Reply put(String id, JsonNode thing) {
        if (!id.equals(thing.path("id").asText())) return new Reply(400, "{\"message\":\"id is another\"}");
        int status = take(thing);
        return new Reply(status, status == 200 ? "" : "{\"error\":{\"message\":\"poison\\u0007\\nnot allowed\"}}");
    }

    private Reply post(JsonNode body) {
        if (body.isObject() && !body.has("batch")) return new Reply(take(body), "");
        ObjectNode reply = JSON.createObjectNode();
        ArrayNode results = reply.putArray("results");
        List<JsonNode> things = new ArrayList<>();
        (body.isArray() ? body : body.get("batch")).forEach(things::add);
        for (JsonNode thing : things) {
            int status = take(thing);
            results.addObject()
                    .put("id", thing.path("id").asText())
                    .put("status", status)
                    .put("why", status == 200 ? "" : "poison");
        }
        return new Reply(207, reply.toString());
    }

    private int take(JsonNode thing) {
        if (thing.has("poison")) return 422;
        if (thing.has("fault")) return 500;
        if (thing.path("deleted").asBoolean()) held.remove(thing.path("id").asText());
        else held.put(thing.path("id").asText(), thing);
        return 200;
    }

    @Override
    public void close() {
        server.close();
    }
}
