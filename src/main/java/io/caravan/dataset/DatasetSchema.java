package io.caravan.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** The JSON Schema of a dataset's file, for editors, made from {@link DatasetKeys}. */
final class DatasetSchema {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String PLACEHOLDER = "\\{\\{.*\\}\\}";

    private DatasetSchema() {}

    static String text() {
        ObjectNode root = JSON.createObjectNode();
        root.put("$schema", "http://json-schema.org/draft-07/schema#");
        root.put("title", "Caravan: dataset");
        root.put(
                "description",
                "Where the file of a dataset is, what finds series in it and where versions are published.");
        root.put("type", "object");
        root.putArray("required").add("source");
        map(root, "");
        try {
            return JSON.writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void map(ObjectNode map, String path) {
        map.put("additionalProperties", false);
        ObjectNode properties = map.putObject("properties");
        for (DatasetKey key : DatasetKeys.in(path)) property(properties.putObject(key.name()), key);
    }

    private static void property(ObjectNode property, DatasetKey key) {
        property.put("description", key.meaning() + (key.standard().isBlank() ? "" : " [" + key.standard() + "]"));
        switch (key.type()) {
            case MAP -> {
                types(property, "object", "null");
                map(property, key.path());
            }
            case OPEN -> types(property, "object", "null");
            case TEXTS -> {
                types(property, "array", "string", "null");
                property.putObject("items").put("type", "string");
            }
            case WHOLE -> {
                types(property, "integer", "string", "null");
                property.put("minimum", 0).put("pattern", "^([0-9]{1,18}|.*" + PLACEHOLDER + ".*)$");
            }
            case NUMBER -> {
                types(property, "number", "string", "null");
                property.put("exclusiveMinimum", 0)
                        .put("pattern", "^([0-9]{1,9}(\\.[0-9]{1,9})?|.*" + PLACEHOLDER + ".*)$");
            }
            case TRUTH -> {
                types(property, "boolean", "string", "null");
                property.put("pattern", "^([Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee]|.*" + PLACEHOLDER + ".*)$");
            }
            default -> text(property, key);
        }
    }

    private static void text(ObjectNode property, DatasetKey key) {
        types(property, "string", "number", "boolean", "null");
        if (key.type() == DatasetKey.Type.CODE) {
            property.put("pattern", "^((?!\\.{1,2}$)[A-Za-z0-9_.-]{1,200}|.*" + PLACEHOLDER + ".*)$");
        }
        if (!key.words().isEmpty()) words(property, key.words());
    }

    private static void words(ObjectNode property, List<String> words) {
        property.remove("type");
        ObjectNode one = property.putArray("anyOf").addObject();
        words.forEach(one.putArray("enum")::add);
        property.withArray("anyOf").addObject().put("type", "null");
        property.withArray("anyOf").addObject().put("type", "string").put("pattern", PLACEHOLDER);
    }

    private static void types(ObjectNode property, String... types) {
        for (String type : types) property.withArray("type").add(type);
    }
}
