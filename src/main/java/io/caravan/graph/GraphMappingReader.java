package io.caravan.graph;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingFile;
import io.caravan.graph.GraphMapping.Condition;
import io.caravan.graph.GraphMapping.Derived;
import io.caravan.graph.GraphMapping.Direct;
import io.caravan.graph.GraphMapping.Extreme;
import io.caravan.graph.GraphMapping.Kind;
import io.caravan.graph.GraphMapping.Node;
import io.caravan.graph.GraphMapping.Property;
import io.caravan.record.JsonFault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a graph mapping from YAML and says all that is wrong with it at once.
 *
 * <pre>{@code
 * record: event                        # which node is the record's own
 * nodes:
 *   event:
 *     label: Event
 *     key: record_id                   # property that holds the record's key text, unique
 *     properties: { text: message, timestamp: timestamp }        # property: field, or { field: price, type: double }
 *   user:  { label: User, key: user_id, field: user }            # its key from field user (default: as the key)
 *   campaign:
 *     label: Campaign
 *     key: campaign
 *     when: { campaign: present, kind: [sale, promo] }           # no such node for a record without; else a refusal
 * relationships:
 *   - { from: user, type: PERFORMED, to: event, properties: { device: device } }
 *   - { from: event, type: PART_OF, to: campaign }
 *   - from: user                       # between two shared nodes: derived
 *     type: TARGETED_BY
 *     to: campaign
 *     properties: { first_seen: { earliest: timestamp } }        # or latest; of a property of the record's node
 * }</pre>
 */
final class GraphMappingReader {

    private static final String PRESENT = "present";

    private final SettingChecks settings;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final List<Node> shared = new ArrayList<>();
    private final List<Direct> direct = new ArrayList<>();
    private final Map<List<Integer>, List<Kind>> kinds = new LinkedHashMap<>();
    private final Set<List<String>> derivedEnds = new HashSet<>();

    private GraphMappingReader(String unit) {
        this.settings = new SettingChecks(unit);
    }

    /** From {@code classpath:<resource>} or a file. */
    static GraphMapping read(String location) {
        return parse("graph mapping " + location, SettingFile.read("neo4j-sink", "mapping", location));
    }

    static GraphMapping parse(String unit, String yaml) {
        try {
            JsonNode root = YAMLMapper.builder()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .build()
                    .readTree(yaml);
            return new GraphMappingReader(unit).mapping(root);
        } catch (JsonProcessingException e) {
            throw new ConfigurationException(SettingChecks.sentence(unit, "text", "be YAML", JsonFault.of(e))
                    + (e.getLocation() == null
                            ? ""
                            : " in line " + e.getLocation().getLineNr()));
        }
    }

    private GraphMapping mapping(JsonNode root) {
        object("", root, Set.of("record", "nodes", "relationships"));
        fields(root.path("nodes")).forEach(this::node);
        settings.must(!nodes.isEmpty(), "nodes", "be a map of at least one node", root.path("nodes"));
        Node own = nodes.get(text("record", root.path("record")));
        settings.must(
                own != null,
                "record",
                "be one of nodes " + nodes.keySet(),
                root.path("record").asText());
        if (own == null) settings.check();
        nodes.values().stream().filter(n -> n != own).forEach(shared::add);
        labels(own);
        List<JsonNode> relationships = new ArrayList<>();
        root.path("relationships").forEach(relationships::add);
        // derived ones refer to direct ones, wherever they stand
        for (int pass = 0; pass < 2; pass++) {
            for (int i = 0; i < relationships.size(); i++) {
                relationship("relationships[" + i + "]", relationships.get(i), own, pass == 0);
            }
            if (pass == 0) anchors();
        }
        settings.check();
        List<Derived> derived = new ArrayList<>();
        kinds.forEach((ends, types) -> derived.add(new Derived(ends.get(0), ends.get(1), List.copyOf(types))));
        return new GraphMapping(own, List.copyOf(shared), List.copyOf(direct), List.copyOf(derived));
    }

    private void node(String name, JsonNode yaml) {
        String at = "nodes." + name;
        settings.name(at, name);
        object(at, yaml, Set.of("label", "key", "field", "properties", "when"));
        String label = text(at + ".label", yaml.path("label"));
        String key = text(at + ".key", yaml.path("key"));
        settings.name(at + ".label", label).name(at + ".key", key);
        String field = yaml.has("field") ? text(at + ".field", yaml.path("field")) : key;
        List<Property> properties = properties(at + ".properties", yaml.path("properties"));
        for (Property p : properties) {
            settings.must(!p.name().equals(key), at + ".properties", "not hold the key again", p.name());
        }
        settings.must(
                !yaml.has("when") || yaml.path("when").isObject(),
                at + ".when",
                "be a map from field to 'present' or a list of texts",
                yaml.path("when"));
        List<Condition> when = new ArrayList<>();
        fields(yaml.path("when")).forEach((f, v) -> when.add(condition(at + ".when." + f, f, v)));
        nodes.put(name, new Node(name, label, key, field, properties, List.copyOf(when)));
    }

    private Condition condition(String at, String field, JsonNode yaml) {
        Set<String> oneOf = new LinkedHashSet<>();
        yaml.forEach(v -> oneOf.add(v.asText()));
        boolean list = yaml.isArray() && !oneOf.isEmpty();
        for (JsonNode value : yaml) list &= value.isValueNode();
        settings.must(list || PRESENT.equals(yaml.asText()), at, "be 'present' or a list of texts", yaml);
        return new Condition(field, Set.copyOf(oneOf));
    }

    private void labels(Node own) {
        settings.must(
                own.when().isEmpty() && own.field().equals(own.key()),
                "nodes." + own.name(),
                "have neither when nor field: it is the record's own",
                own.name());
        Map<String, Node> byLabel = new HashMap<>();
        for (Node n : shared) {
            String at = "nodes." + n.name();
            settings.must(!own.label().equals(n.label()), at + ".label", "differ from the record's own", n.label());
            Node other = byLabel.putIfAbsent(n.label(), n);
            settings.must(
                    other == null || other.key().equals(n.key()), at + ".key", "be the same for one label", n.key());
        }
    }

    private void relationship(String at, JsonNode yaml, Node own, boolean directOnes) {
        Node from = nodes.get(yaml.path("from").asText());
        Node to = nodes.get(yaml.path("to").asText());
        boolean isDirect = from == own || to == own;
        if (directOnes) {
            object(at, yaml, Set.of("from", "type", "to", "properties"));
            settings.name(at + ".type", text(at + ".type", yaml.path("type")));
            for (String end : List.of("from", "to")) {
                String name = text(at + "." + end, yaml.path(end));
                settings.must(nodes.containsKey(name), at + "." + end, "be one of nodes " + nodes.keySet(), name);
            }
            settings.must(
                    from == null || from != to,
                    at + ".to",
                    "differ from its from",
                    yaml.path("to").asText());
        }
        if (from == null || to == null || from == to || isDirect != directOnes) return;
        String type = yaml.path("type").asText();
        JsonNode properties = yaml.path("properties");
        if (isDirect) {
            int end = shared.indexOf(from == own ? to : from);
            Direct added = new Direct(type, from == own, end, properties(at + ".properties", properties));
            settings.must(direct.stream().noneMatch(d -> same(d, added)), at, "be given once for its labels", type);
            direct.add(added);
        } else {
            List<String> ends = List.of(type, from.label(), to.label());
            settings.must(derivedEnds.add(ends), at, "be given once for its labels", type);
            kinds.computeIfAbsent(List.of(anchor(from), anchor(to)), pair -> new ArrayList<>())
                    .add(new Kind(type, extremes(at + ".properties", properties, own)));
        }
    }

    /** From the graph alone one must be able to tell which nodes a record made. */
    private void anchors() {
        for (Node n : shared) {
            settings.must(
                    anchor(n) >= 0, "nodes." + n.name(), "have a relationship with the record's own node", n.name());
        }
    }

    private int anchor(Node node) {
        for (int i = 0; i < direct.size(); i++) {
            if (shared.get(direct.get(i).shared()) == node) return i;
        }
        return -1;
    }

    private boolean same(Direct a, Direct b) {
        return a.type().equals(b.type()) && a.fromOwn() == b.fromOwn() && label(a).equals(label(b));
    }

    private String label(Direct d) {
        return shared.get(d.shared()).label();
    }

    private List<Property> properties(String at, JsonNode yaml) {
        List<Property> properties = new ArrayList<>();
        fields(yaml).forEach((name, field) -> {
            settings.name(at, name);
            properties.add(property(at + "." + name, name, field));
        });
        settings.must(
                yaml.isMissingNode() || yaml.isObject(), at, "be a map from property to the record's field", yaml);
        return List.copyOf(properties);
    }

    /** {@code price: price}, or with more of it: {@code price: {field: price, type: double, optional: true}}. */
    private Property property(String at, String name, JsonNode yaml) {
        if (!yaml.isObject()) return new Property(name, text(at, yaml));
        object(at, yaml, Set.of("field", "type", "optional"));
        String type = yaml.has("type") ? text(at + ".type", yaml.path("type")) : "";
        Optional<PropertyType> declared = type.isEmpty() ? Optional.of(PropertyType.ANY) : PropertyType.of(type);
        settings.must(declared.isPresent(), at + ".type", "be one of " + PropertyType.words(), type);
        JsonNode optional = yaml.path("optional");
        settings.must(optional.isMissingNode() || optional.isBoolean(), at + ".optional", "be true or false", optional);
        return new Property(
                name, text(at + ".field", yaml.path("field")), declared.orElse(PropertyType.ANY), optional.asBoolean());
    }

    private List<Extreme> extremes(String at, JsonNode yaml, Node own) {
        List<Extreme> extremes = new ArrayList<>();
        List<String> known = own.properties().stream().map(Property::name).toList();
        fields(yaml).forEach((name, of) -> {
            settings.name(at, name);
            boolean latest = of.has("latest");
            boolean one = of.size() == 1 && (latest || of.has("earliest"));
            String property = of.path(latest ? "latest" : "earliest").asText();
            settings.must(one, at + "." + name, "be { earliest: <property> } or { latest: <property> }", of);
            settings.must(
                    !one || known.contains(property),
                    at + "." + name,
                    "be of a property of the record's own node " + known,
                    property);
            extremes.add(new Extreme(name, latest, property));
        });
        settings.must(yaml.isMissingNode() || yaml.isObject(), at, "be a map from property to its rule", yaml);
        return List.copyOf(extremes);
    }

    private void object(String at, JsonNode yaml, Set<String> known) {
        settings.must(yaml.isObject(), at.isEmpty() ? "text" : at, "be a map", yaml);
        fields(yaml)
                .forEach((name, v) -> settings.must(
                        known.contains(name),
                        at.isEmpty() ? name : at + "." + name,
                        "be one of " + sorted(known),
                        name));
    }

    private static List<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }

    private String text(String at, JsonNode yaml) {
        settings.must(yaml.isTextual() && !yaml.asText().isBlank(), at, "be a text that is not blank", yaml);
        return yaml.asText();
    }

    private static Map<String, JsonNode> fields(JsonNode yaml) {
        Map<String, JsonNode> fields = new LinkedHashMap<>();
        yaml.fieldNames().forEachRemaining(name -> fields.put(name, yaml.get(name)));
        return fields;
    }
}
