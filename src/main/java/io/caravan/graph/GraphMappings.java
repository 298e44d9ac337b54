package io.caravan.graph;

import io.caravan.record.Keys;
import io.caravan.record.Record;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a file says of a graph: one mapping, or one for each kind of records.
 *
 * @param kinds by the records' {@code _kind}, in the file's order; one of the name "" where it does not tell kinds apart
 */
record GraphMappings(Map<String, GraphMapping> kinds, List<Index> indexes) {

    private static final String KIND = "_kind";
    private static final String ID = "_id";

    /** An index beside those of the keys. {@code similarity} is blank for what is no vector index. */
    record Index(String name, String label, String property, String similarity) {}

    GraphMappings {
        kinds = new LinkedHashMap<>(kinds);
        indexes = List.copyOf(indexes);
    }

    /** Of records that are all of one kind. */
    static GraphMappings one(GraphMapping mapping) {
        return new GraphMappings(Map.of("", mapping), List.of());
    }

    boolean ofKinds() {
        return !kinds.containsKey("");
    }

    Collection<GraphMapping> all() {
        return kinds.values();
    }

    Stream<GraphMapping.Node> nodes() {
        return all().stream().flatMap(GraphMapping::nodes);
    }

    /** The record's kind; empty when the file does not know it. */
    Optional<String> kindOf(Record record) {
        if (!ofKinds()) return Optional.of("");
        return record.get(KIND).map(Object::toString).filter(kinds::containsKey);
    }

    /** The text that the own node has for its key. */
    String nodeKey(Record record) {
        return ofKinds() ? record.get(ID).map(Object::toString).orElse("") : record.key();
    }

    /** The key of the record whose own node has this key. */
    String recordKey(String kind, String nodeKey) {
        return ofKinds() ? Keys.join(List.of(kind, nodeKey)) : nodeKey;
    }
}
