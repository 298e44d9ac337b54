package io.caravan.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.error.Words;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A record as JSON text and back, without loss: what a dead letter keeps. A {@link Sealed} value is its text and comes back as that. Text, booleans, null, lists stand for
 * themselves; every other value is an object of its type and text, as {@code {"integer": "42"}}.
 */
public final class RecordJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private RecordJson() {}

    public static String write(Record record) {
        ObjectNode root = JSON.createObjectNode();
        root.put("key", record.key());
        root.put("hash", record.hash().toString());
        ArrayNode fields = root.putArray("fields");
        for (int i = 0; i < record.fields().size(); i++) {
            fields.addArray().add(record.fields().names().get(i)).add(encode(record.at(i)));
        }
        record.stored().ifPresent(stored -> root.putObject("stored")
                .put(stored.kind(), Base64.getEncoder().encodeToString(stored.bytes())));
        return root.toString();
    }

    /** The record that {@link #write} made the text from; its origin is kept beside the text. */
    public static Record read(String json, Origin origin) {
        try {
            JsonNode root = JSON.readTree(json);
            List<String> names = new ArrayList<>();
            List<Object> values = new ArrayList<>();
            for (JsonNode field : root.get("fields")) {
                names.add(field.get(0).textValue());
                values.add(decode(field.get(1)));
            }
            Hash hash =
                    Hash.of(java.util.HexFormat.of().parseHex(root.get("hash").textValue()));
            Record record = Record.read(root.get("key").textValue(), new Fields(names), values.toArray(), origin, hash);
            if (!root.has("stored")) return record;
            Map.Entry<String, JsonNode> stored = root.get("stored").fields().next();
            byte[] bytes = Base64.getDecoder().decode(stored.getValue().textValue());
            return record.storedAs(new StoredForm(stored.getKey(), bytes));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("dead letter: content must be JSON of a record", e);
        }
    }

    private static JsonNode encode(Object value) {
        if (value == null) return JSON.nullNode();
        if (value instanceof String s) return JSON.getNodeFactory().textNode(s);
        if (value instanceof Sealed secret) return JSON.getNodeFactory().textNode(secret.text());
        if (value instanceof Boolean b) return JSON.getNodeFactory().booleanNode(b);
        if (value instanceof List<?> list) {
            ArrayNode array = JSON.createArrayNode();
            list.forEach(v -> array.add(encode(v)));
            return array;
        }
        if (value instanceof Map<?, ?> map) {
            ArrayNode entries = JSON.createArrayNode();
            map.forEach((k, v) -> entries.addArray().add(k.toString()).add(encode(v)));
            return JSON.createObjectNode().set("map", entries);
        }
        if (value instanceof float[] floats) {
            ArrayNode array = JSON.createArrayNode();
            for (float f : floats) array.add(Float.toString(f));
            return JSON.createObjectNode().set("floats", array);
        }
        return JSON.createObjectNode().put(type(value), text(value));
    }

    private static String type(Object value) {
        if (value instanceof Long) return "integer";
        if (value instanceof Double) return "double";
        if (value instanceof BigDecimal) return "decimal";
        if (value instanceof Instant) return "instant";
        if (value instanceof LocalDateTime) return "datetime";
        if (value instanceof LocalDate) return "date";
        if (value instanceof byte[]) return "bytes";
        throw new IllegalArgumentException(
                "record: value must be of a type that records allow, got '" + Words.kind(value) + "'");
    }

    private static String text(Object value) {
        return value instanceof byte[] bytes ? Base64.getEncoder().encodeToString(bytes) : value.toString();
    }

    private static Object decode(JsonNode node) {
        if (node.isNull()) return null;
        if (node.isTextual()) return node.textValue();
        if (node.isBoolean()) return node.booleanValue();
        if (node.isArray()) {
            List<Object> list = new ArrayList<>();
            node.forEach(v -> list.add(decode(v)));
            return list;
        }
        Map.Entry<String, JsonNode> typed = node.fields().next();
        String text = typed.getValue().asText();
        return switch (typed.getKey()) {
            case "integer" -> Long.valueOf(text);
            case "double" -> Double.valueOf(text);
            case "decimal" -> new BigDecimal(text);
            case "instant" -> Instant.parse(text);
            case "datetime" -> LocalDateTime.parse(text);
            case "date" -> LocalDate.parse(text);
            case "bytes" -> Base64.getDecoder().decode(text);
            case "floats" -> floats(typed.getValue());
            case "map" -> map(typed.getValue());
            default -> throw new IllegalArgumentException("dead letter: unknown type '" + typed.getKey() + "'");
        };
    }

    private static float[] floats(JsonNode array) {
        float[] floats = new float[array.size()];
        for (int i = 0; i < floats.length; i++)
            floats[i] = Float.parseFloat(array.get(i).textValue());
        return floats;
    }

    private static Map<String, Object> map(JsonNode entries) {
        Map<String, Object> map = new LinkedHashMap<>();
        entries.forEach(e -> map.put(e.get(0).textValue(), decode(e.get(1))));
        return map;
    }
}
