package io.caravan.schema;

import io.caravan.validate.KeyReader;
import io.caravan.validate.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The schema JSON of etl-platform, where columns are a list, as the same schema in our keys: {@code min}, {@code max} and {@code
 * unique_keys} by their names here, {@code pattern} as the pattern of the column's name that it is there, {@code strict} and a
 * {@code nullable} of false, which are ignored there, as what they say. Lines stay those of the file.
 */
final class ReferenceForm {

    private static final Map<String, String> NAMES = Map.of(
            "min", "minimum",
            "max", "maximum",
            "pattern", "namePattern");

    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("str", "string"),
            Map.entry("text", "string"),
            Map.entry("int", "integer"),
            Map.entry("float", "decimal"),
            Map.entry("number", "decimal"),
            Map.entry("bool", "boolean"),
            Map.entry("datetime", "timestamp"));

    private ReferenceForm() {}

    /** Whether a file is in that form. */
    static boolean is(YamlNode root) {
        return root.isMap()
                && root.at("columns").filter(c -> !c.isMap() && !c.isScalar()).isPresent();
    }

    /** {@code reader}: is told what cannot be said in our keys. */
    static YamlNode translated(YamlNode root, KeyReader reader) {
        Map<String, YamlNode> fields = new LinkedHashMap<>();
        Map<String, Integer> lines = new LinkedHashMap<>();
        root.fields().forEach((name, value) -> {
            String key = name;
            YamlNode node = value;
            switch (name) {
                case "columns" -> node = columns(value, reader);
                case "unique_keys" -> {
                    key = "uniqueKeys";
                    node = uniqueKeys(value);
                }
                case "strict" -> {
                    key = "unknownColumns";
                    node = YamlNode.scalar(isTrue(value) ? "refuse" : "ignore", value.line());
                }
                default -> {}
            }
            fields.put(key, node);
            lines.put(key, root.lineOf(name));
        });
        if (!fields.containsKey("nullTexts")) {
            fields.put("nullTexts", YamlNode.list(List.of(YamlNode.scalar("null", root.line())), root.line()));
            lines.put("nullTexts", root.line());
        }
        return YamlNode.map(fields, lines, root.line());
    }

    private static YamlNode columns(YamlNode list, KeyReader reader) {
        Map<String, YamlNode> columns = new LinkedHashMap<>();
        Map<String, Integer> lines = new LinkedHashMap<>();
        for (YamlNode column : list.items()) {
            String name = column.textAt("name");
            if (columns.containsKey(name)) reader.wrong(column.line(), "columns", "have each name once", name);
            columns.put(name, column.isMap() ? column(column) : column);
            lines.put(name, column.line());
        }
        return YamlNode.map(columns, lines, list.line());
    }

    private static YamlNode column(YamlNode column) {
        Map<String, YamlNode> fields = new LinkedHashMap<>();
        Map<String, Integer> lines = new LinkedHashMap<>();
        column.fields().forEach((name, value) -> {
            boolean unsaid = name.equals("name") || name.equals("nullable");
            if (!unsaid) {
                String key = NAMES.getOrDefault(name, name);
                fields.put(key, name.equals("type") ? type(value) : value);
                lines.put(key, column.lineOf(name));
            }
        });
        boolean needed = column.at("nullable")
                .filter(n -> n.text().equalsIgnoreCase("false"))
                .isPresent();
        if (needed && !isTrue(fields.getOrDefault("required", YamlNode.scalar("false", 1)))) {
            fields.put("required", YamlNode.scalar("true", column.lineOf("nullable")));
            lines.put("required", column.lineOf("nullable"));
        }
        return YamlNode.map(fields, lines, column.line());
    }

    private static YamlNode type(YamlNode type) {
        return YamlNode.scalar(TYPES.getOrDefault(type.text(), type.text()), type.line());
    }

    private static YamlNode uniqueKeys(YamlNode keys) {
        List<YamlNode> texts = new ArrayList<>();
        for (YamlNode key : keys.isScalar() ? List.of(keys) : keys.items()) {
            List<String> parts = key.items().stream().map(YamlNode::text).toList();
            texts.add(key.isScalar() ? key : YamlNode.scalar(String.join(",", parts), key.line()));
        }
        return YamlNode.list(texts, keys.line());
    }

    private static boolean isTrue(YamlNode node) {
        return node.text().equalsIgnoreCase("true");
    }
}
