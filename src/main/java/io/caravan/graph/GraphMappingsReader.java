package io.caravan.graph;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingFile;
import io.caravan.graph.GraphMapping.Derived;
import io.caravan.graph.GraphMapping.Direct;
import io.caravan.graph.GraphMapping.Kind;
import io.caravan.graph.GraphMapping.Node;
import io.caravan.graph.GraphMappings.Index;
import io.caravan.record.JsonFault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a graph mapping from YAML and says all that is wrong with it at once: that of {@link GraphMappingReader}, or one for each
 * kind of records, told apart by their {@code _kind}. Whose node a label is there, one kind alone says.
 *
 * <pre>{@code
 * records:
 *   - kind: books
 *     record: book                     # as in a file of one kind, but that the key is the record's _id
 *     nodes:
 *       book: { label: Book, key: _id, properties: { title: title, series: series.name } }       # field.part of a map
 *       author: { label: Creator, key: _id, for: author }          # one for each entry of the list, by the entry's _id
 *     relationships:
 *       - { from: book, type: AUTHORED_BY, to: author, properties: { role: role } }              # of the entry
 *   - kind: creators
 *     ...
 * indexes:
 *   - { label: Book, property: title }                             # name: book_title_idx without
 *   - { label: Book, property: embedding, name: books_by_vector, vector: cosine }
 * }</pre>
 */
final class GraphMappingsReader {

    private final SettingChecks settings;

    private GraphMappingsReader(String unit) {
        this.settings = new SettingChecks(unit);
    }

    /** From {@code classpath:<resource>} or a file. */
    static GraphMappings read(String location) {
        return parse("graph mapping " + location, SettingFile.read("neo4j-sink", "mapping", location));
    }

    static GraphMappings parse(String unit, String yaml) {
        try {
            JsonNode root = YAMLMapper.builder()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .build()
                    .readTree(yaml);
            return new GraphMappingsReader(unit).mappings(root);
        } catch (JsonProcessingException e) {
            throw new ConfigurationException(SettingChecks.sentence(unit, "text", "be YAML", JsonFault.of(e))
                    + (e.getLocation() == null
                            ? ""
                            : " in line " + e.getLocation().getLineNr()));
        }
    }

    private GraphMappings mappings(JsonNode root) {
        if (!root.has("records")) {
            object(settings, "", root, Set.of("record", "nodes", "relationships"));
            GraphMapping one =
                    new GraphMappingReader(settings, "", Map.of()).mapping(root).orElse(null);
            settings.check();
            return GraphMappings.one(one);
        }
        object(settings, "", root, Set.of("records", "indexes"));
        settings.must(
                root.path("records").isArray() && !root.path("records").isEmpty(),
                "records",
                "be a list of at least one kind of records",
                root.path("records"));
        Map<String, String> owned = owned(root.path("records"));
        Map<String, GraphMapping> kinds = new LinkedHashMap<>();
        for (JsonNode of : root.path("records")) {
            String kind = of.path("kind").asText();
            String at = "records." + kind;
            object(settings, at, of, Set.of("kind", "record", "nodes", "relationships"));
            settings.name(at + ".kind", text(settings, at + ".kind", of.path("kind")));
            new GraphMappingReader(settings, at + ".", owned).mapping(of).ifPresent(mapping -> {
                GraphMapping other = kinds.putIfAbsent(kind, mapping);
                settings.must(other == null, at, "be given once", kind);
            });
        }
        settings.check();
        together(kinds);
        List<Index> indexes = indexes(root.path("indexes"));
        settings.check();
        return new GraphMappings(kinds, indexes);
    }

    /** By label of the records' own nodes: its key. */
    private Map<String, String> owned(JsonNode records) {
        Map<String, String> owned = new HashMap<>();
        for (JsonNode of : records) {
            JsonNode own = of.path("nodes").path(of.path("record").asText());
            String label = own.path("label").asText();
            String other = owned.putIfAbsent(label, own.path("key").asText());
            settings.must(other == null, "records." + of.path("kind").asText(), "have a label of its own", label);
        }
        return owned;
    }

    /** What two kinds say must not be the same. */
    private void together(Map<String, GraphMapping> kinds) {
        Map<String, String> keys = new HashMap<>();
        Set<List<String>> relationships = new HashSet<>();
        kinds.forEach((kind, mapping) -> {
            String at = "records." + kind;
            for (Node node : mapping.shared()) {
                String key = keys.putIfAbsent(node.label(), node.key());
                settings.must(
                        key == null || key.equals(node.key()),
                        at + ".nodes." + node.name() + ".key",
                        "be the same for one label",
                        node.key());
            }
            List<List<String>> all = new ArrayList<>();
            for (Direct direct : mapping.direct()) {
                String own = mapping.own().label();
                String other = mapping.shared().get(direct.shared()).label();
                all.add(List.of(direct.type(), direct.fromOwn() ? own : other, direct.fromOwn() ? other : own));
            }
            for (Derived derived : mapping.derived()) {
                for (Kind type : derived.kinds()) {
                    all.add(List.of(
                            type.type(),
                            mapping.end(derived.from()).label(),
                            mapping.end(derived.to()).label()));
                }
            }
            for (List<String> one : all) {
                settings.must(
                        relationships.add(one), at + ".relationships", "be given once for its labels", one.get(0));
            }
        });
    }

    private List<Index> indexes(JsonNode yaml) {
        List<Index> indexes = new ArrayList<>();
        for (int i = 0; i < yaml.size(); i++) {
            String at = "indexes[" + i + "]";
            JsonNode one = yaml.get(i);
            object(settings, at, one, Set.of("label", "property", "name", "vector"));
            String label = text(settings, at + ".label", one.path("label"));
            String property = text(settings, at + ".property", one.path("property"));
            String name = one.path("name").asText(label.toLowerCase(java.util.Locale.ROOT) + "_" + property + "_idx");
            String vector = one.path("vector").asText("");
            settings.name(at + ".label", label).name(at + ".property", property).name(at + ".name", name);
            settings.must(
                    Set.of("", "cosine", "euclidean").contains(vector),
                    at + ".vector",
                    "be cosine or euclidean",
                    vector);
            indexes.add(new Index(name, label, property, vector));
        }
        return indexes;
    }

    static void object(SettingChecks settings, String at, JsonNode yaml, Set<String> known) {
        settings.must(yaml.isObject(), at.isEmpty() ? "text" : at, "be a map", yaml);
        fields(yaml)
                .forEach((name, v) -> settings.must(
                        known.contains(name),
                        at.isEmpty() ? name : at + "." + name,
                        "be one of " + known.stream().sorted().toList(),
                        name));
    }

    static String text(SettingChecks settings, String at, JsonNode yaml) {
        settings.must(yaml.isTextual() && !yaml.asText().isBlank(), at, "be a text that is not blank", yaml);
        return yaml.asText();
    }

    static Map<String, JsonNode> fields(JsonNode yaml) {
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        yaml.fieldNames().forEachRemaining(name -> fields.put(name, yaml.get(name)));
        return fields;
    }
}
