package io.caravan.graph;

import io.caravan.error.ConfigurationException;
import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import io.caravan.graph.GraphMapping.Node;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.neo4j.driver.AccessMode;
import org.neo4j.driver.TransactionContext;

/**
 * The keys by which others know nodes that have a label of ours, as unique constraints say that our mapping did not ask for: two
 * pipelines may have users in one graph, each its own.
 *
 * @param byLabel only labels where there are some
 */
record OtherKeys(Map<String, List<String>> byLabel) {

    private static final String CONSTRAINTS = "SHOW CONSTRAINTS YIELD type, entityType, labelsOrTypes, properties"
            + " WHERE type ENDS WITH 'UNIQUENESS' AND entityType = 'NODE' AND size(properties) = 1"
            + " RETURN labelsOrTypes[0] AS label, properties[0] AS key ORDER BY label, key";

    /** Those of this moment. */
    static OtherKeys of(Neo4jConnection neo4j, Collection<GraphMapping> mappings) {
        Map<String, Set<String>> ours = mappings.stream()
                .flatMap(GraphMapping::nodes)
                .collect(Collectors.groupingBy(
                        Node::label, Collectors.mapping(Node::key, Collectors.toCollection(TreeSet::new))));
        return new OtherKeys(neo4j.with(AccessMode.READ, session -> session.run(CONSTRAINTS).list().stream()
                .filter(row -> ours.containsKey(row.get("label").asString()))
                .filter(row -> !ours.get(row.get("label").asString())
                        .contains(row.get("key").asString()))
                .collect(Collectors.groupingBy(
                        row -> row.get("label").asString(),
                        Collectors.mapping(row -> row.get("key").asString(), Collectors.toList())))));
    }

    /** In a statement with the parameter {@code $others}: that nobody else knows this node. */
    static String unknown(String variable, String label) {
        return "none(other IN coalesce($others['" + label + "'], []) WHERE " + variable + "[other] IS NOT NULL)";
    }

    /** Ends a run before it takes a node for ours that somebody else knows by another key. */
    void mustNotMeet(TransactionContext tx, String unit, Node node, Collection<?> keys) {
        List<String> others = byLabel.get(node.label());
        if (others == null || keys.isEmpty()) return;
        tx.run(
                        "UNWIND $keys AS key MATCH " + Cypher.node("n", node, "key")
                                + " UNWIND $others AS other WITH n, key, other WHERE n[other] IS NOT NULL"
                                + " RETURN key, other LIMIT 1",
                        Map.of("keys", keys, "others", others))
                .forEachRemaining(row -> {
                    throw new ConfigurationException(SettingChecks.sentence(
                                    unit,
                                    "node " + node.label(),
                                    "be known by '" + node.key() + "' alone where it is ours",
                                    ServerErrors.line(row.get("key").asObject() + "', which others know by '"
                                            + row.get("other").asString()))
                            + "; give one of the two mappings another label, or point one at another Neo4j");
                });
    }
}
