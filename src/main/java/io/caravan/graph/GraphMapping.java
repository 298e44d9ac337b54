package io.caravan.graph;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What one record becomes in a graph: a node of its own, nodes it shares with other records, direct relationships between
 * its own node and those, and derived relationships between two shared nodes. See {@link GraphMappingReader} for its YAML.
 *
 * @param own the record's own node; its key is the record's key text, or its {@code _id} in a file of several kinds
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

    /**
     * A node with its unique key property; made from {@code field} when all conditions hold.
     *
     * @param each the field whose entries, maps, each name such a node: {@code field} and what its relationship has are theirs;
     *     blank when the record itself does
     * @param pending whether records of some kind have this label for their own: until theirs comes the node is a placeholder
     */
    record Node(
            String name,
            String label,
            String key,
            String field,
            List<Property> properties,
            List<Condition> when,
            String each,
            boolean pending) {

        /** Named by the record itself, in a file of one kind. */
        Node(String name, String label, String key, String field, List<Property> properties, List<Condition> when) {
            this(name, label, key, field, properties, when, "", false);
        }
    }

    /** A relationship between the own node and the shared one of this number; replaced with its record. */
    record Direct(String type, boolean fromOwn, int shared, List<Property> properties) {}

    /**
     * Relationships between two shared nodes, one of each kind: there as long as a record's own node is related to both;
     * {@code from} and {@code to} are the numbers of the direct relationships that lead to them.
     */
    record Derived(int from, int to, List<Kind> kinds) {

        /** What all kinds ask of the supporters, in order; what two ask alike stands there once, by the name that the first gives it. */
        List<Summary> summaries() {
            Map<Summary, Summary> asked = new LinkedHashMap<>();
            kinds.stream().flatMap(Kind::asked).forEach(summary -> asked.putIfAbsent(summary.unnamed(), summary));
            return List.copyOf(asked.values());
        }

        /** Of each that a kind asks: where its answer is in {@link #summaries}. */
        Map<Summary, Integer> places() {
            List<Summary> distinct = summaries().stream().map(Summary::unnamed).toList();
            Map<Summary, Integer> places = new HashMap<>();
            kinds.stream()
                    .flatMap(Kind::asked)
                    .forEach(summary -> places.put(summary, distinct.indexOf(summary.unnamed())));
            return places;
        }

        /** Whether one more supporter can be added without a look at the others. */
        boolean grows() {
            return kinds.stream().allMatch(kind -> kind.only().isEmpty())
                    && summaries().stream().allMatch(s -> s.rule() == Rule.EARLIEST || s.rule() == Rule.LATEST);
        }
    }

    record Kind(String type, List<Summary> kept, Optional<Only> only) {

        /** There as long as there is a supporter. */
        Kind(String type, List<Summary> kept) {
            this(type, kept, Optional.empty());
        }

        /** What it keeps, and what decides whether it is there. */
        Stream<Summary> asked() {
            return Stream.concat(kept.stream(), only.map(Only::of).stream());
        }
    }

    /** There only where the supporters' summary is this text. */
    record Only(Summary of, String text) {}

    /** How the values that the supporting own nodes have become one. */
    enum Rule {
        EARLIEST,
        LATEST,
        /** How many have one; of those in {@code texts}, if it is not empty. */
        COUNT,
        AVERAGE,
        /** All different ones. */
        LIST,
        /** That of the supporter with the latest {@code by}; of those the first in {@code texts}, then the greatest key. */
        LAST
    }

    /** What a derived relationship keeps of a property of its supporting own nodes. */
    record Summary(String name, Rule rule, String ownProperty, String by, List<String> texts) {

        Summary(String name, Rule rule, String ownProperty) {
            this(name, rule, ownProperty, "", List.of());
        }

        Summary unnamed() {
            return new Summary("", rule, ownProperty, by, texts);
        }
    }

    /** The own node, then the shared ones. */
    Stream<Node> nodes() {
        return Stream.concat(Stream.of(own), shared.stream());
    }

    /** The shared node at the other end of a direct relationship. */
    Node end(int directNumber) {
        return shared.get(direct.get(directNumber).shared());
    }
}
