package io.caravan.graph;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.error.Words;
import io.caravan.graph.GraphMapping.Condition;
import io.caravan.graph.GraphMapping.Derived;
import io.caravan.graph.GraphMapping.Direct;
import io.caravan.graph.GraphMapping.Node;
import io.caravan.graph.GraphMapping.Property;
import io.caravan.graph.GraphMapping.Rule;
import io.caravan.graph.GraphMapping.Summary;
import io.caravan.record.FieldPath;
import io.caravan.record.Keys;
import io.caravan.record.NamedKey;
import io.caravan.record.Record;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one record is to look like in the graph, values as Neo4j keeps them.
 *
 * @param key the own node's
 * @param properties of the own node, its key among them
 * @param sharedKeys by shared node of the mapping: the keys of the nodes the record names, none when a condition does not
 *     hold, several when the field is a list
 * @param sharedProperties by shared node of the mapping: only those that the record has
 * @param links by direct relationship of the mapping and key at its other end: its properties
 */
record RecordGraph(
        String key,
        Map<String, Object> properties,
        List<Set<Object>> sharedKeys,
        List<Map<String, Object>> sharedProperties,
        List<Map<Object, Map<String, Object>>> links) {

    /** The keys of the nodes at the other end of this direct relationship. */
    Set<Object> ends(Direct direct) {
        return sharedKeys.get(direct.shared());
    }

    /** Throws {@link BadRecordException} when the record lacks a node's key or holds what Neo4j cannot. */
    static RecordGraph of(String unit, GraphMapping mapping, Record record) {
        NamedKey.other(
                        unit,
                        "nodes." + mapping.own().name() + ".key",
                        mapping.own().key(),
                        record)
                .ifPresent(sentence -> {
                    throw new BadRecordException(sentence);
                });
        return of(unit, mapping, record.key(), FieldPath.flat(record));
    }

    /** The same of a record of one kind among several, whose own node has this key. */
    static RecordGraph ofKind(String unit, GraphMapping mapping, String key, Record record) {
        return of(unit, mapping, key, FieldPath.deep(record));
    }

    private static RecordGraph of(String unit, GraphMapping mapping, String key, FieldPath record) {
        GraphValues values = new GraphValues(unit);
        Map<String, Object> properties =
                new HashMap<>(properties(values, mapping.own().properties(), record));
        properties.put(mapping.own().key(), values.key(mapping.own().field(), key));
        for (Derived derived : mapping.derived()) summaries(unit, mapping, derived, properties);
        List<Map<Object, FieldPath>> named = new ArrayList<>();
        List<Map<String, Object>> sharedProperties = new ArrayList<>();
        for (Node node : mapping.shared()) {
            boolean there = node.when().stream().allMatch(c -> holds(c, record));
            named.add(there ? named(unit, values, node, record) : Map.of());
            sharedProperties.add(there ? properties(values, node.properties(), record) : Map.of());
        }
        List<Map<Object, Map<String, Object>>> links = new ArrayList<>();
        for (Direct direct : mapping.direct()) {
            Map<Object, Map<String, Object>> ends = new LinkedHashMap<>();
            named.get(direct.shared()).forEach((end, of) -> ends.put(end, properties(values, direct.properties(), of)));
            links.add(ends);
        }
        return new RecordGraph(key, properties, named.stream().map(Map::keySet).toList(), sharedProperties, links);
    }

    private static Map<String, Object> properties(GraphValues values, List<Property> properties, FieldPath record) {
        if (properties.isEmpty()) return Map.of();
        Map<String, Object> all = new HashMap<>();
        for (Property p : properties) {
            Object value = values.property(p.field(), p.type(), record.get(p.field()));
            if (value != null) all.put(p.name(), value);
        }
        return all;
    }

    /** By key of a node that the record names: where it names it. Of two entries with one key the first counts. */
    private static Map<Object, FieldPath> named(String unit, GraphValues values, Node node, FieldPath record) {
        Map<Object, FieldPath> named = new LinkedHashMap<>();
        if (!node.each().isEmpty()) {
            for (Object entry : list(record.get(node.each()))) {
                if (blank(entry)) continue;
                if (!(entry instanceof Map<?, ?> map)) {
                    throw new BadRecordException(SettingChecks.sentence(
                            unit, node.each(), "be a map, or a list of maps", Words.kind(entry)));
                }
                FieldPath in = FieldPath.in(map);
                Object key = in.get(node.field());
                if (blank(key)) throw keyless(unit, node.each() + "." + node.field(), node, key);
                named.putIfAbsent(key(values, node, key), in);
            }
            return named;
        }
        Object value = record.get(node.field());
        for (Object one : list(value)) if (!blank(one)) named.putIfAbsent(key(values, node, one), record);
        // a record of one kind among several need not name one
        if (named.isEmpty() && !node.pending()) throw keyless(unit, node.field(), node, value == null ? "" : value);
        return named;
    }

    private static BadRecordException keyless(String unit, String field, Node node, Object value) {
        return new BadRecordException(SettingChecks.sentence(
                unit, field, "not be blank: it is the key of node " + node.label(), value == null ? "" : value));
    }

    /** The keys of records' own nodes are texts. */
    private static Object key(GraphValues values, Node node, Object value) {
        return values.key(
                node.field(),
                node.pending() ? Keys.text(value).<Object>map(text -> text).orElse(value) : value);
    }

    private static List<?> list(Object value) {
        return value instanceof List<?> list ? list : Collections.singletonList(value);
    }

    private static boolean holds(Condition condition, FieldPath record) {
        Object value = record.get(condition.field());
        if (blank(value)) return false;
        if (value instanceof List<?> list && list.stream().allMatch(RecordGraph::blank)) return false;
        return condition.oneOf().isEmpty() || condition.oneOf().contains(value.toString());
    }

    private static boolean blank(Object value) {
        return value == null || value instanceof String text && text.isBlank();
    }

    private static void summaries(String unit, GraphMapping mapping, Derived derived, Map<String, Object> properties) {
        for (Summary summary : derived.summaries()) {
            Object value = properties.get(summary.ownProperty());
            boolean time = summary.rule() == Rule.EARLIEST || summary.rule() == Rule.LATEST;
            if (value != null && time && !mapping.own().pending() && !(value instanceof ZonedDateTime)) {
                throw unfit(unit, summary, "be a timestamp", value);
            }
            if (value != null && summary.rule() == Rule.AVERAGE && !(value instanceof Number)) {
                throw unfit(unit, summary, "be a number", value);
            }
            if (value instanceof List && summary.rule() != Rule.COUNT) {
                throw unfit(unit, summary, "be no list", value);
            }
        }
    }

    private static BadRecordException unfit(String unit, Summary summary, String rule, Object value) {
        return new BadRecordException(SettingChecks.sentence(
                unit, summary.ownProperty(), rule + ": " + summary.name() + " is one of them", Words.kind(value)));
    }
}
