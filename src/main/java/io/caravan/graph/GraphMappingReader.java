package io.caravan.graph;

import static io.caravan.graph.GraphMappingsReader.fields;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.error.SettingChecks;
import io.caravan.graph.GraphMapping.Condition;
import io.caravan.graph.GraphMapping.Derived;
import io.caravan.graph.GraphMapping.Direct;
import io.caravan.graph.GraphMapping.Kind;
import io.caravan.graph.GraphMapping.Node;
import io.caravan.graph.GraphMapping.Only;
import io.caravan.graph.GraphMapping.Property;
import io.caravan.graph.GraphMapping.Summary;
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
 * Reads what one kind of records becomes from the YAML of a graph mapping and collects all that is wrong with it; {@link
 * GraphMappingsReader} reads files of several kinds.
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
    private final String prefix;
    private final Map<String, String> owned;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final List<Node> shared = new ArrayList<>();
    private final List<Direct> direct = new ArrayList<>();
    private final Map<List<Integer>, List<Kind>> kinds = new LinkedHashMap<>();
    private final Set<List<String>> derivedEnds = new HashSet<>();

    /**
     * @param prefix where in the file it stands: blank, or {@code records.books.}
     * @param owned by label that records of some kind have for their own its key; none in a file of one kind
     */
    GraphMappingReader(SettingChecks settings, String prefix, Map<String, String> owned) {
        this.settings = settings;
        this.prefix = prefix;
        this.owned = owned;
    }

    /** Of a file of one kind: from {@code classpath:<resource>} or a file. */
    static GraphMapping read(String location) {
        return GraphMappingsReader.read(location).all().iterator().next();
    }

    static GraphMapping parse(String unit, String yaml) {
        return GraphMappingsReader.parse(unit, yaml).all().iterator().next();
    }

    /** Empty when no node is the record's own. */
    Optional<GraphMapping> mapping(JsonNode root) {
        fields(root.path("nodes")).forEach(this::node);
        settings.must(!nodes.isEmpty(), prefix + "nodes", "be a map of at least one node", root.path("nodes"));
        Node own = nodes.get(text(prefix + "record", root.path("record")));
        settings.must(
                own != null,
                prefix + "record",
                "be one of nodes " + nodes.keySet(),
                root.path("record").asText());
        if (own == null) return Optional.empty();
        nodes.values().stream().filter(n -> n != own).forEach(shared::add);
        labels(own);
        List<JsonNode> relationships = new ArrayList<>();
        root.path("relationships").forEach(relationships::add);
        // derived ones refer to direct ones, wherever they stand
        for (int pass = 0; pass < 2; pass++) {
            for (int i = 0; i < relationships.size(); i++) {
                relationship(prefix + "relationships[" + i + "]", relationships.get(i), own, pass == 0);
            }
            if (pass == 0) anchors();
        }
        List<Derived> derived = new ArrayList<>();
        kinds.forEach((ends, types) -> derived.add(new Derived(ends.get(0), ends.get(1), List.copyOf(types))));
        return Optional.of(new GraphMapping(own, List.copyOf(shared), List.copyOf(direct), List.copyOf(derived)));
    }

    private boolean ofKinds() {
        return !owned.isEmpty();
    }

    /** Of what only a file of several kinds may have: more names. */
    private Set<String> known(List<String> always, String... ofKinds) {
        Set<String> known = new HashSet<>(always);
        if (ofKinds()) known.addAll(List.of(ofKinds));
        return known;
    }

    private void node(String name, JsonNode yaml) {
        String at = prefix + "nodes." + name;
        settings.name(at, name);
        object(at, yaml, known(List.of("label", "key", "field", "properties", "when"), "for"));
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
        String each = yaml.has("for") ? text(at + ".for", yaml.path("for")) : "";
        boolean pending = owned.containsKey(label);
        settings.must(!pending || owned.get(label).equals(key), at + ".key", "be that of the label's own records", key);
        nodes.put(name, new Node(name, label, key, field, properties, List.copyOf(when), each, pending));
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
                own.when().isEmpty()
                        && own.field().equals(own.key())
                        && own.each().isEmpty(),
                prefix + "nodes." + own.name(),
                "have neither when nor field" + (ofKinds() ? " nor for" : "") + ": it is the record's own",
                own.name());
        Map<String, Node> byLabel = new HashMap<>();
        for (Node n : shared) {
            String at = prefix + "nodes." + n.name();
            settings.must(
                    !n.pending() || n.properties().isEmpty(),
                    at + ".properties",
                    "be absent: the node's own record has them",
                    n.properties().stream().map(Property::name).toList());
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
            boolean chosen = ofKinds() && !isDirect && yaml.has("types");
            object(at, yaml, known(List.of("from", "type", "to", "properties"), "types", "by"));
            if (!chosen) settings.name(at + ".type", text(at + ".type", yaml.path("type")));
            fields(yaml.path("types")).forEach((text, type) -> settings.name(at + ".types." + text, type.asText()));
            settings.must(
                    chosen || !yaml.has("types"), at + ".types", "be between two shared nodes", yaml.path("types"));
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
            for (String each : types(yaml).values()) {
                List<String> ends = List.of(each, from.label(), to.label());
                settings.must(derivedEnds.add(ends), at, "be given once for its labels", each);
            }
            kinds.computeIfAbsent(List.of(anchor(from), anchor(to)), pair -> new ArrayList<>())
                    .addAll(kinds(at, yaml, new SummaryReader(settings, own, ofKinds())));
        }
    }

    /** By the text that chooses it; of one type by none. */
    private static Map<String, String> types(JsonNode yaml) {
        Map<String, String> types = new LinkedHashMap<>();
        fields(yaml.path("types")).forEach((text, type) -> types.put(text, type.asText()));
        return yaml.has("types") ? types : Map.of("", yaml.path("type").asText());
    }

    private static List<Kind> kinds(String at, JsonNode yaml, SummaryReader summaries) {
        List<Summary> kept = summaries.all(at + ".properties", yaml.path("properties"));
        Optional<Summary> by = yaml.has("types") ? summaries.one(at, "by", yaml.path("by")) : Optional.empty();
        List<Kind> kinds = new ArrayList<>();
        types(yaml).forEach((text, type) -> kinds.add(new Kind(type, kept, by.map(of -> new Only(of, text)))));
        return kinds;
    }

    /** From the graph alone one must be able to tell which nodes a record made. */
    private void anchors() {
        for (Node n : shared) {
            settings.must(
                    anchor(n) >= 0,
                    prefix + "nodes." + n.name(),
                    "have a relationship with the record's own node",
                    n.name());
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

    private void object(String at, JsonNode yaml, Set<String> known) {
        GraphMappingsReader.object(settings, at, yaml, known);
    }

    private String text(String at, JsonNode yaml) {
        return GraphMappingsReader.text(settings, at, yaml);
    }
}
