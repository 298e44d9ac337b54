package io.caravan.graph;

import static io.caravan.graph.Cypher.node;
import static io.caravan.graph.Cypher.path;
import static io.caravan.graph.Cypher.quoted;

import io.caravan.graph.GraphMapping.Direct;
import io.caravan.graph.GraphMapping.Node;
import io.caravan.graph.GraphMapping.Property;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A mapping's Cypher, made once; every statement takes a whole batch as {@code $rows} or {@code $keys}, which are what
 * {@link GraphChanges} holds.
 */
final class GraphStatements {

    /** A node of a record that has not come yet, or went, to which records of other kinds relate. */
    static final String PENDING = quoted("Pending");

    /** Takes the locks of the own nodes that are there: until the transaction ends, nobody else changes their records. */
    final String lockOwn;

    /** By label, in order: makes the shared nodes with these keys, where they lack, and takes their locks. */
    final Map<String, String> lockShared;

    /** Of the records with these keys: own properties, and by direct relationship [id, key at the other end, properties]. */
    final String read;

    /** Keys of all records; a key that is no text is none of ours. */
    final String keys;

    final String deleteOwn;

    /** Makes placeholders of own nodes. */
    final String demote;

    /** Own nodes that are placeholders to which nothing relates. */
    final String deletePlaceholders;

    /** By their ids. */
    final String deleteRelationships;

    /** Records that are not there yet, with their direct relationships. */
    final String create;

    /** Properties of records that are there. */
    final String setOwn;

    /** By shared node: its properties. */
    final List<String> setShared;

    /** By direct relationship: one more for a record that is there. */
    final List<String> link;

    final List<DerivedStatements> derived;

    /** By shared node: those that nothing relates to any more. */
    final List<String> deleteOrphans;

    GraphStatements(GraphMapping mapping) {
        Node own = mapping.own();
        String eachKey = "UNWIND $keys AS key ";
        String eachRow = "UNWIND $rows AS row ";
        lockOwn = eachKey + "MATCH " + node("own", own, "key") + " SET own." + quoted(own.key()) + " = key";
        lockShared = new TreeMap<>();
        for (Node n : mapping.shared()) {
            lockShared.put(n.label(), eachKey + "MERGE " + merged(n, "key") + " SET n." + quoted(n.key()) + " = key");
        }
        String full = own.pending() ? " WHERE NOT own:" + PENDING : "";
        read = eachKey + "MATCH " + node("own", own, "key") + full + " RETURN key, properties(own) AS properties, ["
                + mapping.direct().stream().map(d -> links(mapping, d)).collect(Collectors.joining(", "))
                + "] AS links";
        keys = "MATCH (own:" + quoted(own.label()) + ") WHERE " + GraphStrays.hasText(own)
                + (own.pending() ? " AND NOT own:" + PENDING : "") + " RETURN own." + quoted(own.key()) + " AS key";
        deleteOwn = eachKey + "MATCH " + node("own", own, "key") + " DETACH DELETE own";
        demote = eachKey + "MATCH " + node("own", own, "key") + " SET own = {" + quoted(own.key()) + ": key} SET own:"
                + PENDING;
        deletePlaceholders = orphans(own);
        deleteRelationships = eachKey + "MATCH ()-[r]->() WHERE elementId(r) = key DELETE r";
        create = eachRow + create(mapping);
        setOwn = eachRow + "MATCH " + node("own", own, "row.key") + " SET own = row.properties";
        setShared = mapping.shared().stream()
                .map(n -> eachRow + "MATCH " + node("n", n, "row.key") + " SET n += row.properties")
                .toList();
        link = mapping.direct().stream()
                .map(d -> eachRow + "MATCH " + node("own", own, "row.own") + " "
                        + link(mapping, d, "row.key", "row.properties"))
                .toList();
        derived = mapping.derived().stream()
                .map(d -> new DerivedStatements(mapping, d))
                .toList();
        deleteOrphans = mapping.shared().stream().map(GraphStatements::orphans).toList();
    }

    private static String orphans(Node n) {
        String placeholder = n.pending() ? "n:" + PENDING + " AND " : "";
        return "UNWIND $keys AS key MATCH " + node("n", n, "key") + " WHERE " + placeholder + "NOT (n)--() DELETE n";
    }

    /** To stand after MERGE: a node that is made so is a placeholder where its record is to fill it. */
    private static String merged(Node n, String key) {
        return node("n", n, key) + (n.pending() ? " ON CREATE SET n:" + PENDING : "");
    }

    private static String links(GraphMapping mapping, Direct direct) {
        Node end = mapping.shared().get(direct.shared());
        return "[" + path("own", direct, "r", "n:" + quoted(end.label())) + " | [elementId(r), n." + quoted(end.key())
                + ", properties(r)]]";
    }

    /** Property names stand in the text: a whole map would make Neo4j suspect that any row changes what another reads. */
    private static String create(GraphMapping mapping) {
        Node own = mapping.own();
        String properties = Stream.concat(
                        Stream.of(own.key()), own.properties().stream().map(Property::name))
                .map(name -> quoted(name) + ": row.properties." + quoted(name))
                .collect(Collectors.joining(", "));
        StringBuilder create = new StringBuilder(
                own.pending()
                        ? "MERGE " + node("own", own, "row.properties." + quoted(own.key())) + " SET own = {"
                                + properties + "} REMOVE own:" + PENDING
                        : "CREATE (own:" + quoted(own.label()) + " {" + properties + "})");
        for (int i = 0; i < mapping.direct().size(); i++) {
            String link = link(mapping, mapping.direct().get(i), "end.key", "end.properties");
            create.append(" FOREACH (end IN row.ends[" + i + "] | " + link + ")");
        }
        return create.toString();
    }

    private static String link(GraphMapping mapping, Direct direct, String key, String properties) {
        return "MERGE " + merged(mapping.shared().get(direct.shared()), key) + " CREATE "
                + path("own", direct, "r", "n") + (direct.properties().isEmpty() ? "" : " SET r = " + properties);
    }
}
