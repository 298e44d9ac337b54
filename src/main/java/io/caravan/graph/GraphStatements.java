package io.caravan.graph;

import io.caravan.graph.GraphMapping.Derived;
import io.caravan.graph.GraphMapping.Direct;
import io.caravan.graph.GraphMapping.Extreme;
import io.caravan.graph.GraphMapping.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A mapping's Cypher, made once. Names are quoted, values are always parameters; every statement takes a whole batch.
 * {@code $rows} and {@code $keys} are what {@link GraphChanges} holds.
 */
final class GraphStatements {

    final List<String> constraints;
    /** Of the records with these keys: own properties, and by direct relationship [id, key at the other end, properties]. */
    final String read;

    final String keys;
    final String deleteOwn;
    final String deleteRelationships;
    final String mergeOwn;
    /** By shared node. */
    final List<String> mergeShared;

    /** By direct relationship. */
    final List<String> link;

    /** By derived relationship: a pair has one more supporter. */
    final List<String> gain;

    /** By derived relationship: from all supporters of a pair. */
    final List<String> recompute;

    /** By derived relationship, of these pairs: number of supporters, the properties they want, and those it has. */
    final List<String> readDerived;

    /** By shared node: those that nothing relates to any more. */
    final List<String> deleteOrphans;

    GraphStatements(GraphMapping mapping) {
        Node own = mapping.own();
        String matchOwn = "MATCH (own:" + quoted(own.label()) + " {" + quoted(own.key()) + ": ";
        constraints = mapping.nodes()
                .map(n -> "CREATE CONSTRAINT IF NOT EXISTS FOR (n:" + quoted(n.label()) + ") REQUIRE n."
                        + quoted(n.key()) + " IS UNIQUE")
                .distinct()
                .toList();
        read = "UNWIND $keys AS key " + matchOwn + "key}) RETURN key, properties(own) AS properties, ["
                + mapping.direct().stream()
                        .map(d -> "["
                                + path(
                                        "own",
                                        d,
                                        "r",
                                        "n:" + quoted(end(mapping, d).label())) + " | [elementId(r), n."
                                + quoted(end(mapping, d).key()) + ", properties(r)]]")
                        .collect(Collectors.joining(", "))
                + "] AS links";
        keys = "MATCH (own:" + quoted(own.label()) + ") RETURN own." + quoted(own.key()) + " AS key";
        deleteOwn = "UNWIND $keys AS key " + matchOwn + "key}) DETACH DELETE own";
        deleteRelationships = "UNWIND $keys AS id MATCH ()-[r]->() WHERE elementId(r) = id DELETE r";
        mergeOwn = "UNWIND $rows AS row MERGE (own:" + quoted(own.label()) + " {" + quoted(own.key())
                + ": row.key}) SET own = row.properties";
        mergeShared = mapping.shared().stream()
                .map(n -> "UNWIND $rows AS row MERGE " + node("n", n, "row.key") + " SET n += row.properties")
                .toList();
        link = mapping.direct().stream()
                .map(d -> "UNWIND $rows AS row " + matchOwn + "row.own}) MERGE " + node("n", end(mapping, d), "row.key")
                        + " CREATE " + path("own", d, "r", "n")
                        + (d.properties().isEmpty() ? "" : " SET r = row.properties"))
                .toList();
        gain = each(mapping, d -> gain(mapping, d));
        recompute = each(mapping, d -> supporters(mapping, d) + recompute(d));
        readDerived = each(mapping, d -> supporters(mapping, d) + held(d));
        deleteOrphans = mapping.shared().stream()
                .map(n -> "UNWIND $keys AS key MATCH " + node("n", n, "key") + " WHERE NOT (n)--() DELETE n")
                .toList();
    }

    private static List<String> each(GraphMapping mapping, Function<Derived, String> statement) {
        return mapping.derived().stream().map(statement).toList();
    }

    private static String gain(GraphMapping mapping, Derived derived) {
        String values = named(derived, i -> aggregate(derived, i, "row.times[" + i + "]"));
        return "UNWIND $rows AS row WITH DISTINCT row.from AS fromKey, row.to AS toKey" + values + " MATCH "
                + node("a", mapping.end(derived.from()), "fromKey") + " MATCH "
                + node("b", mapping.end(derived.to()), "toKey")
                + " MERGE (a)-[r:" + quoted(derived.type()) + "]->(b)" + setExtremes(derived);
    }

    /** Only a better time replaces the one that is there. */
    private static String setExtremes(Derived derived) {
        List<String> sets = new ArrayList<>();
        for (int i = 0; i < derived.properties().size(); i++) {
            Extreme e = derived.properties().get(i);
            String held = "r." + quoted(e.name());
            sets.add(held + " = CASE WHEN " + held + " IS NULL OR p" + i + (e.latest() ? " > " : " < ") + held
                    + " THEN p" + i + " ELSE " + held + " END");
        }
        return sets.isEmpty() ? "" : " SET " + String.join(", ", sets);
    }

    /** Binds a, b, the number of own nodes that support their relationship, and p0, p1, ... from all of them. */
    private static String supporters(GraphMapping mapping, Derived derived) {
        Direct from = mapping.direct().get(derived.from());
        Direct to = mapping.direct().get(derived.to());
        String own = "own:" + quoted(mapping.own().label());
        return "UNWIND $rows AS row MATCH " + node("a", mapping.end(derived.from()), "row.from") + " MATCH "
                + node("b", mapping.end(derived.to()), "row.to") + " OPTIONAL MATCH "
                + path(own, from, "", "a") + ", " + path("own", to, "", "b")
                + " WITH row, a, b, count(own) AS support"
                + named(
                        derived,
                        i -> aggregate(
                                derived,
                                i,
                                "own." + quoted(derived.properties().get(i).ownProperty())));
    }

    private static String recompute(Derived derived) {
        String relationship = "(a)-[r:" + quoted(derived.type()) + "]->(b)";
        return " OPTIONAL MATCH " + relationship
                + " WITH *, collect(r) AS held"
                + " FOREACH (old IN CASE WHEN support = 0 THEN held ELSE [] END | DELETE old)"
                + " FOREACH (one IN CASE WHEN support = 0 THEN [] ELSE [1] END | MERGE " + relationship + " SET r = "
                + wanted(derived) + ")";
    }

    private static String held(Derived derived) {
        return " OPTIONAL MATCH (a)-[r:" + quoted(derived.type()) + "]->(b) RETURN row, support, " + wanted(derived)
                + " AS wanted, properties(r) AS held";
    }

    private static String wanted(Derived derived) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < derived.properties().size(); i++) {
            values.add(quoted(derived.properties().get(i).name()) + ": p" + i);
        }
        return "{" + String.join(", ", values) + "}";
    }

    private static String aggregate(Derived derived, int i, String value) {
        return (derived.properties().get(i).latest() ? "max(" : "min(") + value + ")";
    }

    private static String named(Derived derived, Function<Integer, String> expression) {
        return IntStream.range(0, derived.properties().size())
                .mapToObj(i -> ", " + expression.apply(i) + " AS p" + i)
                .collect(Collectors.joining());
    }

    private static Node end(GraphMapping mapping, Direct direct) {
        return mapping.shared().get(direct.shared());
    }

    private static String node(String variable, Node node, String key) {
        return "(" + variable + ":" + quoted(node.label()) + " {" + quoted(node.key()) + ": " + key + "})";
    }

    private static String path(String own, Direct direct, String relationship, String other) {
        String arrow = "-[" + relationship + ":" + quoted(direct.type()) + "]-";
        return "(" + own + ")" + (direct.fromOwn() ? arrow + ">" : "<" + arrow) + "(" + other + ")";
    }

    /** The mapping's reader lets pass only names without backticks. */
    private static String quoted(String name) {
        return "`" + name + "`";
    }
}
