package io.caravan.graph;

import static io.caravan.graph.Cypher.quoted;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.neo4j.driver.TransactionContext;

/**
 * The markers of those who write a graph: nodes {@code (:CaravanMarker {owner, of, marker})} without relationships, {@code of}
 * the labels of the own nodes. A graph without a node of those labels has none.
 */
final class GraphMarkers {

    private static final String LABEL = quoted("CaravanMarker");

    private final String of;
    private final String read;
    private final String remove;
    private final String create;
    private final String forget;

    GraphMarkers(Collection<GraphMapping> mappings) {
        List<String> labels = mappings.stream().map(m -> m.own().label()).toList();
        this.of = String.join(",", labels);
        String ownNode = labels.stream()
                .map(label -> "EXISTS { MATCH (:" + quoted(label) + ") }")
                .collect(Collectors.joining(" OR ", "(", ")"));
        this.read = "MATCH (m:" + LABEL + " {owner: $owner, of: $of}) WHERE " + ownNode + " RETURN m.marker AS marker";
        this.remove = "MATCH (m:" + LABEL + " {of: $of}) WHERE m.owner = $owner OR NOT " + ownNode + " DETACH DELETE m";
        this.forget = "MATCH (m:" + LABEL + " {owner: $owner, of: $of}) DETACH DELETE m";
        this.create = "CREATE (:" + LABEL + " {owner: $owner, of: $of, marker: $marker})";
    }

    /** The owner's marker; empty when there is none, or no node that it could speak of. */
    Optional<String> of(TransactionContext tx, String owner) {
        List<String> held = tx.run(read, Map.of("owner", owner, "of", of))
                .list(row -> row.get("marker").asString());
        return held.size() == 1 ? Optional.of(held.get(0)) : Optional.empty();
    }

    /** Leaves the marker. When no own node is there, what others wrote is gone with their markers. */
    void mark(TransactionContext tx, String owner, String marker) {
        tx.run(remove, Map.of("owner", owner, "of", of)).consume();
        tx.run(create, Map.of("owner", owner, "of", of, "marker", marker)).consume();
    }

    /** Takes the owner's marker away. */
    void unmark(TransactionContext tx, String owner) {
        tx.run(forget, Map.of("owner", owner, "of", of)).consume();
    }
}
