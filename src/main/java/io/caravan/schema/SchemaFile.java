package io.caravan.schema;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Nearest;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingFile;
import io.caravan.schema.DataSchema.Unknown;
import io.caravan.validate.KeyReader;
import io.caravan.validate.Problem;
import io.caravan.validate.YamlFile;
import io.caravan.validate.YamlNode;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a schema file, in our YAML or as the reference's JSON, and says all that is wrong with it at once, each with its line. */
public final class SchemaFile {

    static final String UNIT = "schema";

    /**
     * What was found.
     *
     * @param schema empty when something is wrong
     */
    public record Found(Optional<DataSchema> schema, List<Problem> problems) {}

    private final String name;
    private final List<Problem> problems = new ArrayList<>();
    private final KeyReader reader;

    private SchemaFile(String file) {
        this.name = nameOf(file);
        this.reader = new KeyReader(UNIT, file, SchemaKeys.ALL, false, problems);
    }

    /** Whether a path names one: a YAML or JSON file in a folder {@code schemas}. */
    public static boolean isNamed(String path) {
        return path.matches("(?s)(.*[/\\\\])?schemas[/\\\\][^/\\\\]*\\.(ya?ml|json)")
                && !path.matches("(?s).*\\.(camel|kamelet)\\.ya?ml|(?s).*\\.schema\\.json");
    }

    /** The schema's name, which is that of its file. */
    public static String nameOf(String file) {
        return file.replaceFirst("(?s).*[/\\\\:]", "").replaceFirst("\\.(ya?ml|json)$", "");
    }

    /** {@code file}: how people know it. */
    public static Found read(String file, String text) {
        SchemaFile reading = new SchemaFile(file);
        Optional<DataSchema> schema =
                YamlFile.read(file, text, reading.problems).flatMap(reading::schema);
        return new Found(reading.problems.isEmpty() ? schema : Optional.empty(), List.copyOf(reading.problems));
    }

    /**
     * The schema of a file or {@code classpath:<resource>} that a setting names.
     *
     * <ul>
     *   <li>errors: {@link ConfigurationException} with all that is wrong, each with file and line
     * </ul>
     */
    public static DataSchema load(String unit, String setting, String location) {
        Found found = read(location, SettingFile.read(unit, setting, location));
        return found.schema()
                .orElseThrow(() -> new ConfigurationException(found.problems().stream()
                        .map(p -> p.file() + ": " + p.sentence() + " in line " + p.line())
                        .toList()));
    }

    private Optional<DataSchema> schema(YamlNode file) {
        YamlNode root = ReferenceForm.is(file) ? ReferenceForm.translated(file, reader) : file;
        if (!root.isMap()) {
            reader.wrong(root.line(), "file", "be a map with the key columns", root.shown());
            return Optional.empty();
        }
        Map<String, Object> said = reader.read(root);
        Map<String, Object> named = map(said.get("columns"));
        if (named.isEmpty()) reader.wrong(root.lineOf("columns"), "columns", "name at least one column", "");
        ZoneId zone = text(said, "zone").map(ZoneId::of).orElse(ZoneId.of("UTC"));
        List<SchemaColumn> columns = new ArrayList<>();
        named.forEach((column, keys) ->
                new ColumnReader(reader, root, column, map(keys), zone).column().ifPresent(columns::add));
        if (columns.size() == named.size()) namesAreOnce(root, columns);
        List<List<String>> keys = keys(root, said, named.keySet());
        for (SchemaColumn column : columns) {
            List<String> alone = List.of(column.name());
            if (column.unique() && !keys.contains(alone)) keys.add(alone);
        }
        Unknown unknown = text(said, "unknownColumns").map(SchemaFile::unknown).orElse(Unknown.IGNORE);
        return Optional.of(new DataSchema(
                name,
                text(said, "description").orElse(""),
                columns,
                keys,
                unknown,
                new LinkedHashSet<>(texts(said, "nullTexts")),
                zone));
    }

    /** One name is one column, whatever the case of its letters: else the file decided by the order of its columns. */
    private void namesAreOnce(YamlNode root, List<SchemaColumn> columns) {
        Map<String, String> taken = new LinkedHashMap<>();
        for (SchemaColumn column : columns) {
            Set<String> names = new LinkedHashSet<>(List.of(column.name().toLowerCase(Locale.ROOT)));
            column.aliases().forEach(alias -> names.add(alias.toLowerCase(Locale.ROOT)));
            for (String one : names) {
                String other = taken.putIfAbsent(one, column.name());
                if (other == null) continue;
                int line = root.at("columns").orElse(root).lineOf(column.name());
                reader.wrong(line, "columns." + column.name(), "have names that no other column has", one);
            }
        }
    }

    private List<List<String>> keys(YamlNode root, Map<String, Object> said, Set<String> names) {
        List<List<String>> keys = new ArrayList<>();
        for (String key : texts(said, "uniqueKeys")) {
            List<String> parts =
                    Arrays.stream(key.split(",")).map(String::strip).toList();
            for (String part : parts) {
                if (names.contains(part)) continue;
                reader.say(
                        root.lineOf("uniqueKeys"),
                        SettingChecks.sentence(UNIT, "uniqueKeys", "name columns: " + String.join(", ", names), part)
                                + Nearest.hint(part, names));
            }
            if (!keys.contains(parts)) keys.add(parts);
        }
        return keys;
    }

    private static Unknown unknown(String word) {
        return Unknown.values()[SchemaKeys.UNKNOWN.indexOf(word)];
    }

    static Optional<String> text(Map<String, Object> said, String key) {
        return Optional.ofNullable(said.get(key)).map(Object::toString).filter(text -> !text.isBlank());
    }

    static List<String> texts(Map<String, Object> said, String key) {
        return said.get(key) instanceof List<?> list
                ? list.stream().map(Object::toString).toList()
                : List.of();
    }

    @SuppressWarnings("unchecked") // maps of a file have texts as names
    private static Map<String, Object> map(Object said) {
        return said instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
    }
}
