package io.caravan.shape;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingFile;
import io.caravan.validate.Problem;
import io.caravan.validate.YamlFile;
import io.caravan.validate.YamlNode;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads from YAML what documents become, and says all that is wrong with it at once, each with its line.
 *
 * <pre>{@code
 * formats:
 *   day: [yyyy-MM-dd, dd/MM/yyyy]
 * summaries:                                  # what is taken from the one document that a text names
 *   creator: {of: creators, by: creator_id, fields: {_id: text, name: {join: [firstname, lastname]}}}
 * kinds:
 *   books:
 *     title: text                             # as it is; nothing else of a row is kept
 *     published: {from: first_publication_date, type: timestamp(day)}
 *     tags: {list: ","}
 *     author: {list: ",", summary: creator}   # a list of {_id, name}
 *     goals: {list: "|", parts: {year: integer, goal: integer}}        # 2025, 12 | 2026, 20
 *   book_series:
 *     books: {rows: books, where: {series: name}, parts: {index: {from: series_index, type: integer}, _id: text}, sort: index}
 * }</pre>
 */
final class ShapeMappingReader {

    private static final ZonedDateTime SAMPLE = ZonedDateTime.of(2001, 2, 3, 14, 5, 6, 0, ZoneOffset.UTC);

    private final List<String> problems = new ArrayList<>();
    private final Map<String, List<String>> formats = new LinkedHashMap<>();
    private final Map<String, Lookup> lookups = new LinkedHashMap<>();

    private ShapeMappingReader() {}

    /** From {@code classpath:<resource>} or a file. */
    static Map<String, KindShape> read(String location) {
        return parse("shape mapping " + location, SettingFile.read(Refusal.UNIT, "mapping", location));
    }

    static Map<String, KindShape> parse(String unit, String yaml) {
        List<Problem> notYaml = new ArrayList<>();
        Optional<YamlNode> root = YamlFile.read("", yaml, notYaml);
        if (!notYaml.isEmpty() || root.isEmpty()) {
            throw new ConfigurationException(notYaml.stream()
                    .map(problem -> unit + ": " + problem.sentence() + " in line " + problem.line())
                    .toList());
        }
        ShapeMappingReader reader = new ShapeMappingReader();
        Map<String, KindShape> kinds =
                reader.kinds(new MappingNode(unit, "", root.get(), root.get().line(), reader.problems));
        if (!reader.problems.isEmpty()) throw new ConfigurationException(reader.problems);
        return kinds;
    }

    private Map<String, KindShape> kinds(MappingNode root) {
        Map<String, KindShape> kinds = new LinkedHashMap<>();
        if (!root.mustHaveOnly(List.of("zone", "formats", "summaries", "kinds"))) return kinds;
        ZoneId zone = zone(root);
        root.entries("formats", 0).keySet().forEach(name -> format(root.below("formats"), name));
        FieldReader plain = new FieldReader(formats, zone, Map.of());
        root.entries("summaries", 0).forEach((name, node) -> summary(name, node, plain));
        FieldReader reader = new FieldReader(formats, zone, lookups);
        Map<String, List<ShapedField>> alone = new LinkedHashMap<>();
        Map<String, MappingNode> said = root.entries("kinds", 1);
        said.forEach((kind, node) -> alone.put(kind, alone(kind, node, reader)));
        RowsReader rows = new RowsReader(reader, alone);
        said.forEach((kind, node) -> kinds.put(kind, new KindShape(kind, inOrder(kind, node, alone.get(kind), rows))));
        return kinds;
    }

    private static List<ShapedField> alone(String kind, MappingNode node, FieldReader reader) {
        List<ShapedField> fields = new ArrayList<>();
        // what a function is given may be made of rows
        List<ShapedField> before = new ArrayList<>();
        node.entries("", 1).forEach((name, field) -> {
            if (name.equals(ShapeDocuments.ID) || name.equals(ShapeDocuments.KIND))
                field.wrong("", "not be named, as every document keeps its own", name);
            if (ofRows(field)) {
                before.add(new ShapedField("", name, false, false, false, new JoinedColumns(List.of(), "")));
                return;
            }
            ShapedField read = reader.field(name, field, kind, before, false);
            fields.add(read);
            before.add(read);
        });
        return List.copyOf(fields);
    }

    private static List<ShapedField> inOrder(
            String kind, MappingNode node, List<ShapedField> alone, RowsReader reader) {
        List<ShapedField> fields = new ArrayList<>();
        int next = 0;
        if (node.isScalar()) return fields;
        for (Map.Entry<String, MappingNode> field : node.entries("", 0).entrySet()) {
            if (ofRows(field.getValue())) fields.add(reader.field(field.getKey(), field.getValue(), kind));
            else fields.add(alone.get(next++));
        }
        return List.copyOf(fields);
    }

    private static boolean ofRows(MappingNode field) {
        return field.has("rows");
    }

    private static ZoneId zone(MappingNode root) {
        String zone = root.text("zone", "UTC");
        try {
            return ZoneId.of(zone);
        } catch (DateTimeException e) {
            root.wrong("zone", "be a time zone like Europe/Berlin, UTC or +02:00", zone);
            return ZoneOffset.UTC;
        }
    }

    private void format(MappingNode node, String name) {
        List<String> patterns = new ArrayList<>();
        for (String pattern : node.texts(name)) {
            try {
                if (FieldType.dated(true, List.of(pattern), ZoneOffset.UTC)
                                .convert()
                                .apply(FieldType.formatter(pattern).format(SAMPLE))
                        != null) patterns.add(pattern);
            } catch (IllegalArgumentException | DateTimeException e) {
                node.wrong(name, "have patterns like yyyy-MM-dd HH:mm that say a day at least", pattern);
                patterns.add("yyyy-MM-dd");
            }
        }
        formats.put(name, patterns);
    }

    private void summary(String name, MappingNode node, FieldReader reader) {
        if (!node.mustHaveOnly(List.of("of", "by", "fields", "value"))) return;
        String collection = node.text("of", "");
        List<String> by = node.texts("by");
        if (by.isEmpty()) node.wrong("by", "name the columns that identify a document", "");
        List<ShapedField> fields = reader.all(node.entries("fields", 1), "summaries." + name);
        List<String> known = fields.stream().map(ShapedField::name).toList();
        String value = node.has("value") ? node.text("value", "") : "";
        if (!value.isEmpty() && !known.contains(value)) node.wrong("value", "be one of its fields", value, known);
        lookups.put(name, new Lookup(name, collection, by.isEmpty() ? List.of("_id") : by, fields, value));
    }
}
