package io.caravan.graph;

import static io.caravan.graph.Cypher.quoted;

import io.caravan.error.ConfigurationException;
import io.caravan.error.Words;
import io.caravan.graph.GraphMapping.Node;
import io.caravan.graph.GraphMappings.Index;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.neo4j.driver.AccessMode;
import org.neo4j.driver.exceptions.Neo4jException;

/**
 * The constraints and indexes that a mapping needs, made once a start where they lack. A vector index is made when the first vector
 * comes, as it has the vectors' dimension; one of another dimension, which an earlier model left, is made again. Not thread-safe.
 */
final class GraphSchema {

    /** As Neo4j names what it makes for a constraint without a name. */
    private static final Pattern OF_A_CONSTRAINT = Pattern.compile("constraint_[0-9a-f]{1,16}");

    private final String unit;
    private final GraphMappings mappings;
    private final Neo4jConnection neo4j;
    private final Set<String> constraints = new LinkedHashSet<>();
    private final Set<String> names = new LinkedHashSet<>();
    private final Map<String, Integer> dimensions = new HashMap<>(); // by vector index that is made
    private OtherKeys others; // null until they were asked for
    private boolean made;

    GraphSchema(String unit, GraphMappings mappings, Neo4jConnection neo4j) {
        this.unit = unit;
        this.mappings = mappings;
        this.neo4j = neo4j;
        mappings.nodes().forEach(this::constraint);
    }

    private void constraint(Node node) {
        String name = node.label().toLowerCase(Locale.ROOT) + "_" + node.key() + "_unique";
        if (mappings.ofKinds()) names.add(name);
        constraints.add("CREATE CONSTRAINT " + (mappings.ofKinds() ? quoted(name) + " " : "") + "IF NOT EXISTS FOR (n:"
                + quoted(node.label()) + ") REQUIRE n." + quoted(node.key()) + " IS UNIQUE");
    }

    /** To be asked again after a new start. */
    void forget() {
        made = false;
        others = null;
        dimensions.clear();
    }

    /** As they were at the first write of this start. */
    OtherKeys others() {
        if (others == null) others = OtherKeys.of(neo4j, mappings.all());
        return others;
    }

    void make() {
        if (made) return;
        try {
            constraints.forEach(this::make);
            for (Index index : mappings.indexes()) {
                if (index.similarity().isEmpty()) {
                    neo4j.run("CREATE INDEX " + quoted(index.name()) + " IF NOT EXISTS FOR (n:" + quoted(index.label())
                            + ") ON (n." + quoted(index.property()) + ")");
                }
            }
        } catch (Neo4jException e) {
            if (!String.valueOf(e.code()).contains(".Schema.")) throw e;
            throw new ConfigurationException(unit
                    + ": the keys of the mapping's nodes must be unique in the graph, got '" + Words.other(e) + "'");
        }
        made = true;
    }

    /** The vector indexes of these records' own nodes, whose label it is. */
    void make(String label, Collection<RecordGraph> records) {
        for (Index index : mappings.indexes()) {
            if (index.similarity().isEmpty() || !index.label().equals(label)) continue;
            for (RecordGraph record : records) {
                if (!(record.properties().get(index.property()) instanceof List<?> vector) || vector.isEmpty())
                    continue;
                if (dimensions.getOrDefault(index.name(), 0) != vector.size()) vectors(index, vector.size());
                break;
            }
        }
    }

    private void vectors(Index index, int size) {
        boolean other = neo4j.with(AccessMode.WRITE, session -> session
                .run(
                        "SHOW VECTOR INDEXES YIELD name, options WHERE name = $name"
                                + " RETURN options.indexConfig['vector.dimensions'] AS size",
                        Map.of("name", index.name()))
                .list(row -> row.get("size").asInt(0))
                .stream()
                .anyMatch(held -> held != size));
        if (other) neo4j.run("DROP INDEX " + quoted(index.name()) + " IF EXISTS");
        neo4j.run("CREATE VECTOR INDEX " + quoted(index.name()) + " IF NOT EXISTS FOR (n:" + quoted(index.label())
                + ") ON (n." + quoted(index.property()) + ") OPTIONS {indexConfig: {`vector.dimensions`: " + size
                + ", `vector.similarity_function`: '" + index.similarity() + "'}}");
        dimensions.put(index.name(), size);
    }

    private void make(String constraint) {
        try {
            neo4j.run(constraint);
        } catch (Neo4jException e) {
            if (!String.valueOf(e.code()).contains("AlreadyExists") || !dropHalfMade()) throw e;
            neo4j.run(constraint);
        }
    }

    /**
     * Drops the indexes of constraints that a server was making when it died: they have the name of the constraint and stand
     * in its way. Whether there were any; indexes of other names are somebody's own.
     */
    private boolean dropHalfMade() {
        // the endpoint can answer with nodes only
        List<String> free = neo4j.with(AccessMode.WRITE, session -> session.run(
                        "SHOW INDEXES YIELD name, owningConstraint WHERE owningConstraint IS NULL RETURN name")
                .list(row -> row.get("name").asString()));
        Set<String> halfMade = free.stream()
                .filter(n -> names.contains(n) || OF_A_CONSTRAINT.matcher(n).matches())
                .collect(Collectors.toSet());
        halfMade.forEach(n -> neo4j.run("DROP INDEX " + quoted(n) + " IF EXISTS"));
        return !halfMade.isEmpty();
    }
}
