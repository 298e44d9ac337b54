package io.caravan.shape;

import io.caravan.error.Nearest;
import io.caravan.error.SettingChecks;
import io.caravan.validate.YamlNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A piece of a mapping file, asked for what it says; what is wrong is added to the problems of the file, with its line. */
final class MappingNode {

    private static final Pattern FIELD = Pattern.compile("[^.$\\p{Cntrl}\\s][^.\\p{Cntrl}]*");

    private final String unit;
    private final String path;
    private final YamlNode yaml;
    private final int line;
    private final List<String> problems;

    MappingNode(String unit, String path, YamlNode yaml, int line, List<String> problems) {
        this.unit = unit;
        this.path = path;
        this.yaml = yaml;
        this.line = line;
        this.problems = problems;
    }

    String path() {
        return path;
    }

    boolean isScalar() {
        return yaml.isScalar();
    }

    String scalar() {
        return yaml.text();
    }

    boolean has(String key) {
        return yaml.fields().containsKey(key);
    }

    /** Adds a problem of one of its keys, or of itself where that is blank. */
    void wrong(String key, String rule, Object value) {
        wrong(key, rule, value, List.of());
    }

    /** The same of a value that was perhaps to be one of these. */
    void wrong(String key, String rule, Object value, Collection<String> known) {
        String field = key.isEmpty() ? path : path.isEmpty() ? key : path + "." + key;
        int at = key.isEmpty() ? line : yaml.names().getOrDefault(key, line);
        problems.add(SettingChecks.sentence(unit, field.isEmpty() ? "file" : field, rule, value)
                + Nearest.hint(String.valueOf(value), known) + " in line " + at);
    }

    /** It must be a map with no other keys than these. */
    boolean mustHaveOnly(List<String> known) {
        if (!yaml.isMap()) {
            wrong("", "be a map with keys of " + known, yaml.shown());
            return false;
        }
        for (String key : yaml.fields().keySet()) {
            if (!known.contains(key)) wrong(key, "be one of the keys " + known, key, known);
        }
        return true;
    }

    /** The map below a key, or below itself where that is blank; {@code least} entries. */
    Map<String, MappingNode> entries(String key, int least) {
        YamlNode map = key.isEmpty() ? yaml : yaml.fields().get(key);
        Map<String, MappingNode> entries = new LinkedHashMap<>();
        if (map == null && least == 0) return entries;
        if (map == null || !map.isMap() || map.fields().size() < least) {
            wrong(key, "be a map" + (least > 0 ? " with an entry at least" : ""), map == null ? "" : map.shown());
            return entries;
        }
        String below = key.isEmpty() ? path : path.isEmpty() ? key : path + "." + key;
        map.fields().forEach((name, value) -> {
            String at = below.isEmpty() ? name : below + "." + name;
            entries.put(name, new MappingNode(unit, at, value, map.lineOf(name), problems));
        });
        return entries;
    }

    /** What is below a key itself. */
    MappingNode below(String key) {
        return new MappingNode(
                unit, path.isEmpty() ? key : path + "." + key, yaml.fields().get(key), yaml.lineOf(key), problems);
    }

    /** A text that is not blank; {@code otherwise} where there is none, which is a problem if that is blank. */
    String text(String key, String otherwise) {
        YamlNode value = yaml.fields().get(key);
        if (value == null && !otherwise.isEmpty()) return otherwise;
        if (value != null && value.isScalar() && !value.text().isBlank()) return value.text();
        wrong(key, "be a text that is not blank", value == null ? "" : value.shown());
        return otherwise;
    }

    /** A text, or several; none where the key is not there. */
    List<String> texts(String key) {
        YamlNode value = yaml.fields().get(key);
        if (value == null) return List.of();
        List<String> texts = new ArrayList<>();
        for (YamlNode one : value.isScalar() ? List.of(value) : value.items()) {
            if (one.isScalar() && !one.text().isBlank()) texts.add(one.text());
            else wrong(key, "be texts that are not blank", one.shown());
        }
        if (value.isMap() || !value.isScalar() && value.items().isEmpty())
            wrong(key, "be a text or a list of texts", value.shown());
        if (texts.stream().distinct().count() < texts.size()) wrong(key, "have each text once", texts);
        return texts;
    }

    boolean truth(String key, boolean otherwise) {
        if (!has(key)) return otherwise;
        String text = yaml.fields().get(key).shown();
        if (!text.equals("true") && !text.equals("false")) wrong(key, "be true or false", text);
        return text.equals("true");
    }

    /** It must be what documents can have as the name of a field. */
    void mustNameAField(String name) {
        if (!FIELD.matcher(name).matches())
            wrong("", "have a name without a dot that does not begin with $ or a blank", name);
    }
}
