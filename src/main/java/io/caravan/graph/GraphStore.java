package io.caravan.graph;

import io.caravan.graph.GraphMapping.Derived;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.neo4j.driver.TransactionContext;

/** One mapping's part of a graph, read and written inside a transaction of the caller's. */
final class GraphStore {

    /** Any order of unlike things, as long as it is everybody's. */
    private static final Comparator<Object> KEY_ORDER = Comparator.<Object, String>comparing(
                    key -> key.getClass().getName())
            .thenComparing(Object::toString);

    private final GraphMapping mapping;
    private final GraphStatements cypher;

    GraphStore(GraphMapping mapping, GraphStatements cypher) {
        this.mapping = mapping;
        this.cypher = cypher;
    }

    /**
     * Makes the graph hold these records and no longer those. What another writer has not committed cannot be seen, so who
     * counts the support of a node must be alone with it: first the own nodes are locked, then every shared node that these
     * records had or shall have, each kind in the order of keys, so that two writers do not wait for each other.
     */
    void write(TransactionContext tx, List<RecordGraph> wanted, List<String> gone) {
        List<String> keys = keys(wanted, gone);
        run(tx, cypher.lockOwn, "keys", keys.stream().sorted().toList());
        Map<String, HeldGraph> held = held(tx, keys);
        lockShared(tx, wanted, held.values());
        GraphChanges changes = new GraphChanges(mapping, wanted, gone, held);
        run(tx, cypher.deleteOwn, "keys", changes.goneOwn);
        run(tx, cypher.deleteRelationships, "keys", changes.goneRelationships);
        run(tx, cypher.demote, "keys", changes.demoted);
        run(tx, cypher.create, "rows", changes.created);
        run(tx, cypher.setOwn, "rows", changes.own);
        run(tx, cypher.link, "rows", changes.links);
        run(tx, cypher.setShared, "rows", changes.shared);
        for (int i = 0; i < cypher.derived.size(); i++) {
            run(tx, cypher.derived.get(i).gain, "rows", changes.gained.get(i));
            recompute(tx, i, changes.recomputed.get(i));
        }
        run(tx, cypher.deleteOrphans, "keys", changes.orphans);
        run(tx, cypher.deletePlaceholders, "keys", changes.demoted);
    }

    /** By short statements: one that asks and writes for all kinds takes Neo4j seconds to plan. */
    private void recompute(TransactionContext tx, int number, Collection<Map<String, Object>> pairs) {
        if (pairs.isEmpty()) return;
        List<DerivedPair> found = pairs(tx, number, pairs);
        DerivedStatements statements = cypher.derived.get(number);
        for (int i = 0; i < statements.make.size(); i++) {
            List<Map<String, Object>> made = new ArrayList<>();
            List<Map<String, Object>> unmade = new ArrayList<>();
            for (DerivedPair pair : found) {
                if (pair.isRight(i)) continue;
                Map<String, Object> row = new HashMap<>(pair.ends());
                pair.wanted().get(i).ifPresent(properties -> row.put("properties", properties));
                (pair.wanted().get(i).isPresent() ? made : unmade).add(row);
            }
            run(tx, statements.make.get(i), "rows", made);
            run(tx, statements.unmake.get(i), "rows", unmade);
        }
    }

    private List<DerivedPair> pairs(TransactionContext tx, int number, Collection<Map<String, Object>> pairs) {
        DerivedStatements statements = cypher.derived.get(number);
        return tx.run(statements.read, statements.parameters(pairs)).list(statements::pair);
    }

    private void lockShared(TransactionContext tx, List<RecordGraph> wanted, Collection<HeldGraph> held) {
        Map<String, Set<Object>> keys = new HashMap<>();
        for (int i = 0; i < mapping.shared().size(); i++) {
            Set<Object> same = keys.computeIfAbsent(mapping.shared().get(i).label(), label -> new TreeSet<>(KEY_ORDER));
            for (RecordGraph record : wanted) same.addAll(record.sharedKeys().get(i));
        }
        for (int i = 0; i < mapping.direct().size(); i++) {
            Set<Object> same = keys.get(mapping.end(i).label());
            for (HeldGraph record : held) same.addAll(record.links().get(i).keySet());
        }
        cypher.lockShared.forEach((label, lock) -> run(tx, lock, "keys", keys.get(label)));
    }

    private static <T> void run(
            TransactionContext tx, List<String> cypher, String name, List<Collection<T>> parameters) {
        for (int i = 0; i < cypher.size(); i++) run(tx, cypher.get(i), name, parameters.get(i));
    }

    private static void run(TransactionContext tx, String cypher, String name, Collection<?> parameter) {
        if (!parameter.isEmpty()) tx.run(cypher, Map.of(name, parameter)).consume();
    }

    private Map<String, HeldGraph> held(TransactionContext tx, List<String> keys) {
        Map<String, HeldGraph> held = new HashMap<>();
        tx.run(cypher.read, Map.of("keys", keys))
                .forEachRemaining(row -> held.put(row.get("key").asString(), HeldGraph.of(row)));
        return held;
    }

    /** The keys of those wanted that the graph does not hold in exactly this form, and of those gone that it still holds. */
    Set<String> differing(TransactionContext tx, List<RecordGraph> wanted, List<String> gone) {
        Map<String, HeldGraph> held = held(tx, keys(wanted, gone));
        Set<String> differing = new HashSet<>(gone);
        differing.retainAll(held.keySet());
        for (RecordGraph record : wanted) {
            HeldGraph there = held.get(record.key());
            if (there == null || !there.equalTo(record, mapping)) differing.add(record.key());
        }
        for (int i = 0; i < mapping.derived().size(); i++) differingPairs(tx, i, wanted, differing);
        return differing;
    }

    private static List<String> keys(List<RecordGraph> wanted, List<String> gone) {
        return Stream.concat(wanted.stream().map(RecordGraph::key), gone.stream())
                .toList();
    }

    /** Adds the records whose derived relationships are not what their supporters in the graph say. */
    private void differingPairs(TransactionContext tx, int number, List<RecordGraph> wanted, Set<String> differing) {
        Derived derived = mapping.derived().get(number);
        Map<Map<String, Object>, List<String>> pairs = new LinkedHashMap<>();
        for (RecordGraph record : wanted) {
            for (Object from : record.ends(mapping.direct().get(derived.from()))) {
                for (Object to : record.ends(mapping.direct().get(derived.to()))) {
                    pairs.computeIfAbsent(Map.of("from", from, "to", to), pair -> new ArrayList<>())
                            .add(record.key());
                }
            }
        }
        Set<Map<String, Object>> right = new HashSet<>();
        for (DerivedPair pair : pairs(tx, number, pairs.keySet())) if (pair.isRight()) right.add(pair.ends());
        pairs.forEach((pair, records) -> {
            if (!right.contains(pair)) differing.addAll(records);
        });
    }
}
