package io.caravan.graph;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What one record becomes in a graph: a node of its own, nodes it shares with other records, direct relationships between
 * its own node and those, and derived relationships between two shared nodes. See {@link GraphMappingReader} for its YAML.
 *
 * @param own the record's own node; its key is the record's key text
 * @param shared the nodes that several records may name; each has a direct relationship
 */
record GraphMapping(Node own, List<Node> shared, List<Direct> direct, List<Derived> derived) {

    /** A property takes the value of a record's field, as one of its type; {@code optional}: which no record need have. */
    record Property(String name, String field, PropertyType type, boolean optional) {

        /** Of no declared type, which some record must have. */
        Property(String name, String field) {
            this(name, field, PropertyType.ANY, false);
        }
    }

    /** The field must be present (neither null nor blank) and, if {@code oneOf} is not empty, have one of these texts. */
    record Condition(String field, Set<String> oneOf) {}

    /** A node with its unique key property; made from {@code field} when all conditions hold. */
    record Node(String name, String label, String key, String field, List<Property> properties, List<Condition> when) {}

    /** A relationship between the own node and the shared one of this number; replaced with its record. */
    record Direct(String type, boolean fromOwn, int shared, List<Property> properties) {}

    /**
     * Relationships between two shared nodes, one of each kind: there as long as a record's own node is related to both;
     * {@code from} and {@code to} are the numbers of the direct relationships that lead to them.
     */
    record Derived(int from, int to, List<Kind> kinds) {

        /** What all kinds keep, in order. */
        List<Extreme> times() {
            return kinds.stream().flatMap(kind -> kind.times().stream()).toList();
        }
    }

    record Kind(String type, List<Extreme> times) {}

    /** The earliest or latest time that a property of the supporting own nodes has. */
    record Extreme(String name, boolean latest, String ownProperty) {}

    /** The own node, then the shared ones. */
    Stream<Node> nodes() {
        return Stream.concat(Stream.of(own), shared.stream());
    }

    /** The shared node at the other end of a direct relationship. */
    Node end(int directNumber) {
        return shared.get(direct.get(directNumber).shared());
    }
}
