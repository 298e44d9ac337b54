package io.caravan.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.neo4j.driver.Record;
import org.neo4j.driver.Value;

/**
 * What the graph holds of one record: the own node's properties and, by direct relationship of the mapping and key at its
 * other end, the relationships there.
 */
record HeldGraph(Map<String, Object> properties, List<Map<Object, List<Relationship>>> links) {

    record Relationship(String id, Map<String, Object> properties) {}

    /** From a row of {@link GraphStatements#read}. */
    static HeldGraph of(Record row) {
        List<Map<Object, List<Relationship>>> links = new ArrayList<>();
        for (Value direct : row.get("links").values()) {
            Map<Object, List<Relationship>> byKey = new LinkedHashMap<>();
            for (Value link : direct.values()) {
                if (link.get(1).isNull()) continue; // to a node that is none of ours: a stray
                byKey.computeIfAbsent(link.get(1).asObject(), key -> new ArrayList<>())
                        .add(new Relationship(
                                link.get(0).asString(), link.get(2).asMap()));
            }
            links.add(byKey);
        }
        return new HeldGraph(row.get("properties").asMap(), links);
    }

    /** Whether the own node and its direct relationships are exactly these. */
    boolean equalTo(RecordGraph wanted, GraphMapping mapping) {
        if (!GraphValues.same(properties, wanted.properties())) return false;
        for (int i = 0; i < links.size(); i++) {
            Map<Object, Map<String, Object>> properties = wanted.links().get(i);
            Set<Object> ends = wanted.ends(mapping.direct().get(i));
            if (!links.get(i).keySet().equals(ends)) return false;
            for (Map.Entry<Object, List<Relationship>> held : links.get(i).entrySet()) {
                Map<String, Object> one = properties.get(held.getKey());
                if (held.getValue().size() != 1
                        || !GraphValues.same(held.getValue().get(0).properties(), one)) return false;
            }
        }
        return true;
    }
}
