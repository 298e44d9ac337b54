package io.caravan.graph;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.error.Words;
import io.caravan.graph.GraphMapping.Condition;
import io.caravan.graph.GraphMapping.Derived;
import io.caravan.graph.GraphMapping.Direct;
import io.caravan.graph.GraphMapping.Extreme;
import io.caravan.graph.GraphMapping.Node;
import io.caravan.graph.GraphMapping.Property;
import io.caravan.record.NamedKey;
import io.caravan.record.Record;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one record is to look like in the graph, values as Neo4j keeps them.
 *
 * @param properties of the own node, its key among them
 * @param sharedKeys by shared node of the mapping: the keys of the nodes the record names, none when a condition does not
 *     hold, several when the field is a list
 * @param sharedProperties by shared node of the mapping: only those that the record has
 * @param linkProperties by direct relationship of the mapping
 */
record RecordGraph(
        String key,
        Map<String, Object> properties,
        List<Set<Object>> sharedKeys,
        List<Map<String, Object>> sharedProperties,
        List<Map<String, Object>> linkProperties) {

    /** The keys of the nodes at the other end of this direct relationship. */
    Set<Object> ends(Direct direct) {
        return sharedKeys.get(direct.shared());
    }

    /** Throws {@link BadRecordException} when the record lacks a node's key or holds what Neo4j cannot. */
    static RecordGraph of(String unit, GraphMapping mapping, Record record) {
        GraphValues values = new GraphValues(unit);
        Map<String, Object> properties =
                new HashMap<>(properties(values, mapping.own().properties(), record));
        properties.put(mapping.own().key(), values.key(mapping.own().field(), record.key()));
        NamedKey.other(
                        unit,
                        "nodes." + mapping.own().name() + ".key",
                        mapping.own().key(),
                        record)
                .ifPresent(sentence -> {
                    throw new BadRecordException(sentence);
                });
        for (Derived derived : mapping.derived()) times(unit, derived, properties);
        List<Set<Object>> sharedKeys = new ArrayList<>();
        List<Map<String, Object>> sharedProperties = new ArrayList<>();
        for (Node node : mapping.shared()) {
            boolean there = node.when().stream().allMatch(c -> holds(c, record));
            sharedKeys.add(there ? keys(unit, values, node, record) : Set.of());
            sharedProperties.add(there ? properties(values, node.properties(), record) : Map.of());
        }
        List<Map<String, Object>> linkProperties = mapping.direct().stream()
                .map(direct -> properties(values, direct.properties(), record))
                .toList();
        return new RecordGraph(record.key(), properties, sharedKeys, sharedProperties, linkProperties);
    }

    private static Map<String, Object> properties(GraphValues values, List<Property> properties, Record record) {
        if (properties.isEmpty()) return Map.of();
        Map<String, Object> all = new HashMap<>();
        for (Property p : properties) {
            Object value =
                    values.property(p.field(), p.type(), record.get(p.field()).orElse(null));
            if (value != null) all.put(p.name(), value);
        }
        return all;
    }

    private static Set<Object> keys(String unit, GraphValues values, Node node, Record record) {
        Object value = record.get(node.field()).orElse("");
        List<?> all = value instanceof List<?> list ? list : Collections.singletonList(value);
        Set<Object> keys = new LinkedHashSet<>();
        for (Object one : all) if (!blank(one)) keys.add(values.key(node.field(), one));
        if (keys.isEmpty()) {
            throw new BadRecordException(SettingChecks.sentence(
                    unit, node.field(), "not be blank: it is the key of node " + node.label(), value));
        }
        return keys;
    }

    private static boolean holds(Condition condition, Record record) {
        Optional<Object> value = record.get(condition.field());
        if (value.isEmpty() || blank(value.get())) return false;
        if (value.get() instanceof List<?> list && list.stream().allMatch(RecordGraph::blank)) return false;
        return condition.oneOf().isEmpty()
                || condition.oneOf().contains(value.get().toString());
    }

    private static boolean blank(Object value) {
        return value == null || value instanceof String text && text.isBlank();
    }

    private static void times(String unit, Derived derived, Map<String, Object> properties) {
        for (Extreme extreme : derived.times()) {
            Object value = properties.get(extreme.ownProperty());
            if (value != null && !(value instanceof ZonedDateTime)) {
                String kind = Words.kind(value);
                throw new BadRecordException(SettingChecks.sentence(
                        unit, extreme.ownProperty(), "be a timestamp: " + extreme.name() + " is one of them", kind));
            }
        }
    }
}
