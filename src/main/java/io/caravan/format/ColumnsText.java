package io.caravan.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Columns as a JSON text that can be kept beside the objects that have them, and back. */
public final class ColumnsText {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ColumnsText() {}

    /** @param whole whether all objects have these columns; some may have fewer or others else */
    public static byte[] of(Columns columns, boolean whole) {
        ObjectNode text = JSON.createObjectNode().put("whole", whole);
        for (String name : columns.names()) {
            Kind kind = columns.kind(name);
            text.withArray("columns")
                    .addObject()
                    .put("name", name)
                    .put("type", kind.type().name())
                    .put("digits", kind.whole())
                    .put("scale", kind.scale());
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The columns; empty for a text that {@link #of} did not make. */
    public static Optional<Columns> columns(byte[] text) {
        try {
            Columns columns = new Columns();
            for (JsonNode column : JSON.readTree(text).path("columns")) {
                Kind.Type type = Kind.Type.valueOf(column.path("type").asText());
                String name = column.path("name").asText();
                columns.add(
                        name,
                        new Kind(
                                type,
                                column.path("digits").asInt(),
                                column.path("scale").asInt()));
            }
            return columns.size() == 0 ? Optional.empty() : Optional.of(columns);
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether {@link #of} was told that all objects have them. */
    public static boolean whole(byte[] text) {
        try {
            return JSON.readTree(text).path("whole").asBoolean();
        } catch (IOException e) {
            return false;
        }
    }
}
