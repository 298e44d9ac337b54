package io.caravan.graph;

import io.caravan.delivery.Refusal;
import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.neo4j.driver.Session;
import org.neo4j.driver.TransactionConfig;
import org.neo4j.driver.TransactionContext;

/** What records of one kind have of a graph. */
final class GraphPart {

    private final String unit;
    private final String kind;
    private final GraphMappings mappings;
    private final GraphMapping mapping;
    private final GraphStatements cypher;
    private final GraphStore store;
    private GraphNumbers numbers;

    /** Of a batch: what its records of this kind are to look like, and the keys of own nodes that are to go. */
    record Batch(Map<Record, RecordGraph> wanted, List<String> gone) {

        Batch() {
            this(new LinkedHashMap<>(), new ArrayList<>());
        }
    }

    GraphPart(String unit, String kind, GraphMappings mappings) {
        this.unit = unit;
        this.kind = kind;
        this.mappings = mappings;
        this.mapping = mappings.kinds().get(kind);
        this.cypher = new GraphStatements(mapping);
        this.store = new GraphStore(mapping, cypher);
        this.numbers = new GraphNumbers(unit, mapping);
    }

    String ownLabel() {
        return mapping.own().label();
    }

    /** Rows of {@code kind} and {@code key}. */
    String keys() {
        // kinds are names, which need no quotes of their own
        return cypher.keys + ", '" + kind + "' AS kind";
    }

    void forget() {
        numbers = new GraphNumbers(unit, mapping);
    }

    /** Throws {@link BadRecordException} when the record cannot be in the graph. */
    void add(Record record, Batch batch) {
        String key = mappings.nodeKey(record);
        if (mappings.ofKinds() && key.isBlank()) {
            throw new BadRecordException(
                    SettingChecks.sentence(unit, "_id", "not be blank: it is the key of node " + ownLabel(), key));
        }
        if (record.deleted()) batch.gone().add(key);
        else if (mappings.ofKinds()) batch.wanted().put(record, RecordGraph.ofKind(unit, mapping, key, record));
        else batch.wanted().put(record, RecordGraph.of(unit, mapping, record));
    }

    void prepare(Session session, Batch batch, TransactionConfig limits) {
        numbers.prepare(session, batch.wanted().values(), limits);
    }

    /** Without those whose numbers do not fit, which are refused. */
    Batch fitting(Batch batch, List<Refusal> refusals) {
        Batch fitting = new Batch(new LinkedHashMap<>(), batch.gone());
        batch.wanted().forEach((record, graph) -> {
            try {
                numbers.fit(graph);
                fitting.wanted().put(record, graph);
            } catch (BadRecordException e) {
                refusals.add(new Refusal(record, e.getMessage()));
            }
        });
        return fitting;
    }

    void write(TransactionContext tx, Batch batch, OtherKeys others) {
        for (int i = 0; i < mapping.shared().size(); i++) {
            Set<Object> keys = new LinkedHashSet<>();
            for (RecordGraph record : batch.wanted().values())
                keys.addAll(record.sharedKeys().get(i));
            others.mustNotMeet(tx, unit, mapping.shared().get(i), keys);
        }
        store.write(tx, List.copyOf(batch.wanted().values()), batch.gone());
    }

    /** Adds the keys of records that the graph does not hold so. */
    void differing(TransactionContext tx, Batch batch, Set<String> keys) {
        store.differing(tx, List.copyOf(batch.wanted().values()), batch.gone())
                .forEach(key -> keys.add(mappings.recordKey(kind, key)));
    }
}
