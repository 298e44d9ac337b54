package io.caravan.graph;

import io.caravan.local.TestNeo4j;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.neo4j.driver.Session;
import org.neo4j.driver.Value;

/** All nodes and relationships of the test graph as sorted lines, {@code Label{properties}} and {@code node-TYPE{}->node}. */
final class GraphDump {

    private GraphDump() {}

    static List<String> of() {
        List<String> lines = new ArrayList<>();
        try (Session session = TestNeo4j.driver().session()) {
            session.run("MATCH (n) RETURN n").forEachRemaining(row -> lines.add(node(row.get("n"))));
            session.run("MATCH (a)-[r]->(b) RETURN a, r, b")
                    .forEachRemaining(row -> lines.add(line(
                            node(row.get("a")),
                            row.get("r").asRelationship().type(),
                            row.get("r").asMap(),
                            node(row.get("b")))));
        }
        Collections.sort(lines);
        return lines;
    }

    static String node(String label, Map<String, Object> properties) {
        return label + new TreeMap<>(properties);
    }

    static String line(String from, String type, Map<String, Object> properties, String to) {
        return from + "-" + type + new TreeMap<>(properties) + "->" + to;
    }

    private static String node(Value value) {
        return node(String.join(":", value.asNode().labels()), value.asMap());
    }
}
