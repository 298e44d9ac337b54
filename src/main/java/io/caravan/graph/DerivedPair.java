package io.caravan.graph;

import io.caravan.graph.GraphMapping.Kind;
import io.caravan.graph.GraphMapping.Summary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.neo4j.driver.Record;
import org.neo4j.driver.Value;

/**
 * What the supporters of two shared nodes say together of their derived relationships, and those that they have.
 *
 * @param ends the keys {@code {from, to}}
 * @param wanted by kind: the properties of the one that there should be; empty: none
 * @param held by kind: the properties of those that are there
 */
record DerivedPair(
        Map<String, Object> ends, List<Optional<Map<String, Object>>> wanted, List<List<Map<String, Object>>> held) {

    /** Of a row of {@link DerivedStatements#read}. */
    static DerivedPair of(Record row, List<Kind> kinds, Map<Summary, Integer> places) {
        boolean supported = row.get("support").asInt() > 0;
        List<Object> said = row.get("said").asList(Value::asObject);
        List<Value> held = row.get("held").asList(Value.class::cast);
        return new DerivedPair(
                row.get("row").asMap(),
                kinds.stream()
                        .map(kind -> supported ? wanted(kind, places, said) : Optional.<Map<String, Object>>empty())
                        .toList(),
                kinds.stream().map(kind -> held(kind, held)).toList());
    }

    private static Optional<Map<String, Object>> wanted(Kind kind, Map<Summary, Integer> places, List<Object> said) {
        if (kind.only()
                .filter(only -> !only.text().equals(said.get(places.get(only.of()))))
                .isPresent()) return Optional.empty();
        Map<String, Object> properties = new HashMap<>();
        for (Summary kept : kind.kept()) {
            Object value = said.get(places.get(kept));
            if (value != null) properties.put(kept.name(), value);
        }
        return Optional.of(properties);
    }

    private static List<Map<String, Object>> held(Kind kind, List<Value> held) {
        return held.stream()
                .filter(one -> one.get(0).asString().equals(kind.type()))
                .map(one -> one.get(1).asMap())
                .toList();
    }

    /** Whether of this kind there is what should be. */
    boolean isRight(int kind) {
        List<Map<String, Object>> there = held.get(kind);
        return wanted.get(kind)
                .map(properties ->
                        !there.isEmpty() && there.stream().allMatch(one -> GraphValues.same(properties, one)))
                .orElse(there.isEmpty());
    }

    boolean isRight() {
        return IntStream.range(0, wanted.size()).allMatch(this::isRight);
    }
}
