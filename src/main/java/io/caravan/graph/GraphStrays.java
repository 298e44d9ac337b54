package io.caravan.graph;

import static io.caravan.graph.Cypher.path;
import static io.caravan.graph.Cypher.quoted;

import io.caravan.error.ServerErrors;
import io.caravan.graph.GraphMapping.Derived;
import io.caravan.graph.GraphMapping.Direct;
import io.caravan.graph.GraphMapping.Kind;
import io.caravan.graph.GraphMapping.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.neo4j.driver.AccessMode;
import org.neo4j.driver.Record;
import org.neo4j.driver.Value;

/**
 * What a graph holds under a mapping's names though no record asks for it. Who made it, nobody can tell: a node that somebody
 * made by hand looks like one that we left behind.
 * <ul>
 *   <li>a node with the label of the records' own nodes whose key property is no text, so that no key names it
 *   <li>a relationship of a direct type at a record's own node that leads to something else than the mapping says
 *   <li>a relationship of a derived type, wherever it is, that no record supports, and all but one where there are several
 *   <li>a node with the label of a shared node to which nothing relates but derived relationships; one to which somebody
 *       relates in a way of his own is his as much as ours, and stays; the same of a placeholder
 *   <li>never a node that others know by a key of theirs ({@link OtherKeys})
 * </ul>
 */
final class GraphStrays {

    private static final int AT_ONCE = 1_000;

    /** Of several the one stays that says most: what a hand or a race made has no time of its own. */
    private static final String SOONER = "size(keys(twin)) > size(keys(r))"
            + " OR size(keys(twin)) = size(keys(r)) AND elementId(twin) < elementId(r)";

    /** One kind of them, in the order in which they are to be removed: what falls with another comes after it. */
    private record Kin(String variable, String match, String lock, String returns) {

        String list() {
            return match + returns;
        }

        String ids() {
            return match + " RETURN elementId(" + variable + ") AS id";
        }

        String delete() {
            return match + " AND elementId(" + variable + ") IN $ids DETACH DELETE " + variable;
        }
    }

    private final List<GraphMapping> mappings;
    private final List<Kin> kin = new ArrayList<>();
    private final Set<String> keyNames;

    GraphStrays(Collection<GraphMapping> mappings) {
        this.mappings = List.copyOf(mappings);
        this.keyNames = nodes().map(Node::key).collect(Collectors.toCollection(LinkedHashSet::new));
        List<String> seen = new ArrayList<>();
        for (GraphMapping mapping : mappings) {
            Node own = mapping.own();
            kin.add(node(
                    "n:" + quoted(own.label()),
                    "NOT " + hasText("n", own) + " AND " + OtherKeys.unknown("n", own.label())));
            seen.add(own.label());
        }
        Map<String, List<String>> accounted = accounted();
        Set<String> derivedTypes = kinds().map(Kind::type).collect(Collectors.toCollection(LinkedHashSet::new));
        accounted.forEach((type, patterns) -> kin.add(relationship(type, patterns, derivedTypes.contains(type))));
        direct().map(Direct::type).forEach(derivedTypes::remove);
        for (Node n : nodes().filter(Node::pending).toList()) {
            String placeholder = "n:" + quoted(n.label()) + ":" + GraphStatements.PENDING;
            if (seen.contains(placeholder)) continue;
            kin.add(node(placeholder, alone(derivedTypes)));
            seen.add(placeholder);
        }
        List<String> owned =
                mappings.stream().map(m -> m.own().label()).collect(Collectors.toCollection(ArrayList::new));
        for (GraphMapping mapping : mappings) {
            for (Node n : mapping.shared()) {
                if (owned.contains(n.label())) continue;
                String others =
                        owned.stream().map(l -> "NOT n:" + quoted(l) + " AND ").collect(Collectors.joining());
                kin.add(node(
                        "n:" + quoted(n.label()),
                        others + alone(derivedTypes) + " AND " + OtherKeys.unknown("n", n.label())));
                owned.add(n.label());
            }
        }
    }

    private Stream<Node> nodes() {
        return mappings.stream().flatMap(GraphMapping::nodes);
    }

    private Stream<Direct> direct() {
        return mappings.stream().flatMap(m -> m.direct().stream());
    }

    /** Whether this node has a key that is a text, in a statement. */
    static String hasText(Node own) {
        return hasText("own", own);
    }

    private static String hasText(String variable, Node own) {
        String key = variable + "." + quoted(own.key());
        return "coalesce(toStringOrNull(" + key + ") = " + key + ", false)";
    }

    private Stream<Kind> kinds() {
        return mappings.stream().flatMap(m -> m.derived().stream()).flatMap(d -> d.kinds().stream());
    }

    /** By type of relationship: the conditions on {@code (a)-[r]->(b)} of which one must hold. */
    private Map<String, List<String>> accounted() {
        Map<String, List<String>> accounted = new LinkedHashMap<>();
        for (GraphMapping mapping : mappings) {
            mapping.direct().forEach(direct -> accounted
                    .computeIfAbsent(direct.type(), type -> new ArrayList<>())
                    .add(accounted(mapping, direct)));
            mapping.derived().forEach(derived -> accounted(accounted, mapping, derived));
        }
        return accounted;
    }

    private static String accounted(GraphMapping mapping, Direct direct) {
        Node end = mapping.shared().get(direct.shared());
        String own = direct.fromOwn() ? "a" : "b";
        String other = direct.fromOwn() ? "b" : "a";
        return own + ":" + quoted(mapping.own().label())
                + (mapping.own().pending() ? " AND NOT " + own + ":" + GraphStatements.PENDING : "")
                + " AND " + other + ":" + quoted(end.label())
                + " AND " + other + "." + quoted(end.key()) + " IS NOT NULL";
    }

    private static void accounted(Map<String, List<String>> accounted, GraphMapping mapping, Derived derived) {
        Direct from = mapping.direct().get(derived.from());
        Direct to = mapping.direct().get(derived.to());
        String supported = "a:" + quoted(mapping.end(derived.from()).label()) + " AND b:"
                + quoted(mapping.end(derived.to()).label()) + " AND EXISTS { MATCH "
                + path("own:" + quoted(mapping.own().label()), from, "", "a") + ", " + path("own", to, "", "b")
                + " }";
        for (Kind kind : derived.kinds()) {
            accounted
                    .computeIfAbsent(kind.type(), type -> new ArrayList<>())
                    .add(supported + " AND NOT EXISTS { MATCH (a)-[twin:" + quoted(kind.type()) + "]->(b) WHERE "
                            + SOONER + " }");
        }
    }

    private Kin relationship(String type, List<String> patterns, boolean derived) {
        String owns = mappings.stream()
                .filter(m -> m.direct().stream().anyMatch(d -> d.type().equals(type)))
                .map(m -> quoted(m.own().label()))
                .map(own -> "a:" + own + " OR b:" + own)
                .collect(Collectors.joining(" OR "));
        String match = "MATCH (a)-[r:" + quoted(type) + "]->(b) WHERE "
                + (derived ? "" : "(" + owns + ") AND ")
                + "NOT (" + patterns.stream().map(p -> "(" + p + ")").collect(Collectors.joining(" OR ")) + ")";
        return new Kin(
                "r",
                match,
                "MATCH (a)-[r]->(b) WHERE elementId(r) IN $ids UNWIND [a, b] AS n " + lock(),
                returns("a", "type(r)", "b"));
    }

    private Kin node(String pattern, String condition) {
        String match = "MATCH (" + pattern + ") WHERE " + condition;
        return new Kin("n", match, "MATCH (n) WHERE elementId(n) IN $ids " + lock(), returns("n", "''", "n"));
    }

    private static String alone(Set<String> derivedTypes) {
        if (derivedTypes.isEmpty()) return "NOT (n)--()";
        String names = derivedTypes.stream().map(t -> "'" + t + "'").collect(Collectors.joining(", "));
        return "NOT EXISTS { MATCH (n)-[any]-() WHERE NOT type(any) IN [" + names + "] }";
    }

    /** A property written as it is takes the node's lock, under which a writer counts support. */
    private String lock() {
        return "WITH DISTINCT n ORDER BY elementId(n) SET "
                + keyNames.stream()
                        .map(key -> "n." + quoted(key) + " = n." + quoted(key))
                        .collect(Collectors.joining(", "));
    }

    private String returns(String from, String type, String to) {
        return " RETURN " + ofNode(from) + " AS from, " + type + " AS type, " + ofNode(to) + " AS to";
    }

    private String ofNode(String variable) {
        String keys = keyNames.stream().map(key -> "." + quoted(key)).collect(Collectors.joining(", "));
        return "[labels(" + variable + "), " + variable + " {" + keys + "}, elementId(" + variable + ")]";
    }

    /** Each in words; the caller closes the stream. */
    Stream<String> all(Neo4jConnection neo4j) {
        return neo4j.rowsOfAll(kin.stream().map(Kin::list).collect(Collectors.joining(" UNION ALL ")), others(neo4j))
                .map(this::words);
    }

    private Map<String, Object> others(Neo4jConnection neo4j) {
        return Map.of("others", OtherKeys.of(neo4j, mappings).byLabel());
    }

    private String words(Record row) {
        String type = row.get("type").asString();
        if (type.isEmpty()) return "node " + words(row.get("from")) + " without a record";
        return "relationship " + words(row.get("from")) + "-[:" + type + "]->" + words(row.get("to"))
                + " without a record";
    }

    private String words(Value node) {
        List<Object> labels = node.get(0).asList();
        Map<String, Object> keys = node.get(1).asMap();
        String key = nodes().filter(n -> labels.contains(n.label()) && keys.get(n.key()) != null)
                .map(n -> n.key() + ": " + ServerErrors.line(String.valueOf(keys.get(n.key()))))
                .findFirst()
                .orElse("id: " + node.get(2).asString());
        String names = labels.stream().map(l -> ":" + l).collect(Collectors.joining());
        return "(" + ServerErrors.line(names) + " {" + key + "})";
    }

    /** Looks again at each under its locks, as a record may have come that asks for it. */
    void remove(Neo4jConnection neo4j) {
        Map<String, Object> others = others(neo4j);
        for (Kin one : kin) {
            inPages(
                    neo4j,
                    one.ids(),
                    others,
                    ids -> neo4j.with(AccessMode.WRITE, session -> {
                        session.executeWriteWithoutResult(
                                tx -> {
                                    tx.run(one.lock(), Map.of("ids", ids)).consume();
                                    Map<String, Object> still = new HashMap<>(others);
                                    still.put("ids", ids);
                                    tx.run(one.delete(), still).consume();
                                },
                                neo4j.limited());
                        return null;
                    }));
        }
    }

    private static void inPages(
            Neo4jConnection neo4j, String cypher, Map<String, Object> parameters, Consumer<List<String>> work) {
        try (Stream<Record> rows = neo4j.rowsOfAll(cypher, parameters)) {
            Iterator<Record> all = rows.iterator();
            List<String> page = new ArrayList<>();
            while (all.hasNext()) {
                page.add(all.next().get("id").asString());
                if (page.size() < AT_ONCE && all.hasNext()) continue;
                work.accept(page);
                page.clear();
            }
        }
    }
}
