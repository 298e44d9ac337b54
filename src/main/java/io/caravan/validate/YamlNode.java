package io.caravan.validate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A piece of a YAML file that knows where it stands.
 *
 * @param text of a scalar; else blank
 * @param fields of a map, by their names
 * @param names where these names stand
 * @param items of a list
 * @param line of its first character, from 1
 */
public record YamlNode(
        Kind kind,
        String text,
        Map<String, YamlNode> fields,
        Map<String, Integer> names,
        List<YamlNode> items,
        int line) {

    public enum Kind {
        /** A text, number, truth or nothing. */
        SCALAR,
        LIST,
        MAP
    }

    public static YamlNode scalar(String text, int line) {
        return new YamlNode(Kind.SCALAR, text, Map.of(), Map.of(), List.of(), line);
    }

    public static YamlNode list(List<YamlNode> items, int line) {
        return new YamlNode(Kind.LIST, "", Map.of(), Map.of(), items, line);
    }

    public static YamlNode map(Map<String, YamlNode> fields, Map<String, Integer> names, int line) {
        return new YamlNode(Kind.MAP, "", new LinkedHashMap<>(fields), names, List.of(), line);
    }

    public boolean isScalar() {
        return kind == Kind.SCALAR;
    }

    public boolean isMap() {
        return kind == Kind.MAP;
    }

    /** What stands below these names, one in the other. */
    public Optional<YamlNode> at(String... path) {
        YamlNode found = this;
        for (String name : path) {
            found = found.fields.get(name);
            if (found == null) return Optional.empty();
        }
        return Optional.of(found);
    }

    /** The scalar below these names; blank when there is none. */
    public String textAt(String... path) {
        return at(path).map(YamlNode::text).orElse("");
    }

    /** The line on which a name stands; its own when it has none of that name. */
    public int lineOf(String name) {
        return names.getOrDefault(name, line);
    }

    /** What an error shows of it. */
    public String shown() {
        return switch (kind) {
            case SCALAR -> text;
            case LIST -> "a list";
            case MAP -> "a map";
        };
    }
}
