package io.caravan.validate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The JSON Schema of a file, for editors, made from the keys that it may have. */
public final class KeySchema {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String PLACEHOLDER = "\\{\\{.*\\}\\}";

    private final List<FileKey> keys;
    private final boolean placeholders;

    private KeySchema(List<FileKey> keys, boolean placeholders) {
        this.keys = keys;
        this.placeholders = placeholders;
    }

    /**
     * Its text.
     *
     * @param placeholders whether a value may be one, {@code {{caravan.name}}}, as {@link KeyReader} takes it
     * @param required the keys without which a file is none
     */
    public static String text(
            String title, String description, List<FileKey> keys, boolean placeholders, List<String> required) {
        ObjectNode root = JSON.createObjectNode();
        root.put("$schema", "http://json-schema.org/draft-07/schema#");
        root.put("title", title);
        root.put("description", description);
        root.put("type", "object");
        required.forEach(root.putArray("required")::add);
        new KeySchema(keys, placeholders).map(root, "");
        try {
            return JSON.writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void map(ObjectNode map, String path) {
        map.put("additionalProperties", false);
        ObjectNode properties = map.putObject("properties");
        for (FileKey key : FileKey.in(keys, path)) property(properties.putObject(key.name()), key);
    }

    private void property(ObjectNode property, FileKey key) {
        property.put("description", key.meaning() + (key.standard().isBlank() ? "" : " [" + key.standard() + "]"));
        switch (key.type()) {
            case MAP -> {
                types(property, "object", "null");
                map(property, key.path());
            }
            case NAMED -> {
                types(property, "object", "null");
                ObjectNode each = property.putObject("additionalProperties");
                types(each, "object", "null");
                map(each, key.path() + FileKey.ANY);
            }
            case OPEN -> types(property, "object", "null");
            case TEXTS -> {
                types(property, "array", "string", "number", "boolean", "null");
                types(property.putObject("items"), "string", "number", "boolean");
            }
            case WHOLE -> {
                types(property, "integer", "string", "null");
                property.put("minimum", 0).put("pattern", pattern("[0-9]{1,18}"));
            }
            case NUMBER -> {
                types(property, "number", "string", "null");
                property.put("exclusiveMinimum", 0).put("pattern", pattern("[0-9]{1,9}(\\.[0-9]{1,9})?"));
            }
            case TRUTH -> {
                types(property, "boolean", "string", "null");
                property.put("pattern", pattern("[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]"));
            }
            default -> text(property, key);
        }
    }

    private void text(ObjectNode property, FileKey key) {
        types(property, "string", "number", "boolean", "null");
        if (key.type() == FileKey.Type.CODE) {
            property.put("pattern", pattern("(?!\\.{1,2}$)[A-Za-z0-9_.-]{1,200}"));
        }
        if (!key.words().isEmpty()) words(property, key.words());
    }

    private void words(ObjectNode property, List<String> words) {
        property.remove("type");
        ObjectNode one = property.putArray("anyOf").addObject();
        words.forEach(one.putArray("enum")::add);
        property.withArray("anyOf").addObject().put("type", "null");
        if (placeholders)
            property.withArray("anyOf").addObject().put("type", "string").put("pattern", PLACEHOLDER);
    }

    private String pattern(String value) {
        return "^(" + value + (placeholders ? "|.*" + PLACEHOLDER + ".*" : "") + ")$";
    }

    private static void types(ObjectNode property, String... types) {
        for (String type : types) property.withArray("type").add(type);
    }
}
