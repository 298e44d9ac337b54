package io.caravan.shape;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Fields;
import io.caravan.record.Overlay;
import io.caravan.record.Record;
import io.caravan.step.Step;
import io.caravan.step.StoredDocuments;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * Makes of each record the document that the mapping says of its kind, see {@link ShapeMappingReader}.
 *
 * <ul>
 *   <li>in: records with their kind in {@code _kind}, or all of the one kind that is set
 *   <li>out: {@code _kind} and {@code _id} as they were, then the fields of the mapping that have something to keep: no null, no blank text,
 *       no empty list. Values depend on rows alone, never on the time of the run
 *   <li>rejects: a value that is not of its type, a look-up that finds nothing or several, a kind without a mapping unless it may pass
 *   <li>asks the store once a batch and look-up; what a run has asked once it knows
 *   <li>errors: {@link io.caravan.error.UnavailableException} when the store is away
 * </ul>
 */
public final class ShapeDocuments implements Step, CamelContextAware {

    static final String KIND = "_kind";
    static final String ID = "_id";

    private static final int SHAPES = 2_000;
    private static final int RUNS = 4;

    private final Map<String, KindShape> kinds;
    private final String onlyKind;
    private final boolean othersPass;
    private final StoredDocuments store;
    private final RunCache cache;
    /** Of a run that is a plan: the same with what the plan lays over the store. */
    private ShapeDocuments overlaid;

    private Overlay laid;

    private final Map<Instant, ShapeDocuments> runs = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Instant, ShapeDocuments> eldest) {
            return size() > RUNS;
        }
    };
    private final Map<List<String>, Fields> shapes = new ConcurrentHashMap<>();

    /**
     * @param mapping a file or {@code classpath:<resource>}
     * @param kind the kind of all records; blank: that in their field {@code _kind}
     * @param otherKinds {@code refuse} or {@code pass}: what becomes of records of a kind that the mapping does not have
     */
    public ShapeDocuments(String mapping, String kind, String otherKinds, StoredDocuments store) {
        this.kinds = ShapeMappingReader.read(mapping);
        this.onlyKind = kind;
        this.othersPass = otherKinds.equals("pass");
        this.store = store;
        this.cache = new RunCache();
        new SettingChecks(Refusal.UNIT)
                .must(othersPass || otherKinds.equals("refuse"), "otherKinds", "be refuse or pass", otherKinds)
                .must(
                        kind.isEmpty() || kinds.containsKey(kind),
                        "kind",
                        "be one of the mapping's " + kinds.keySet(),
                        kind)
                .check();
    }

    private ShapeDocuments(ShapeDocuments other, StoredDocuments store) {
        this.kinds = other.kinds;
        this.onlyKind = other.onlyKind;
        this.othersPass = other.othersPass;
        this.store = store;
        this.cache = new RunCache();
    }

    @Override
    public void setCamelContext(CamelContext context) {
        CamelContextAware.trySetCamelContext(store, context);
    }

    @Override
    public CamelContext getCamelContext() {
        return store instanceof CamelContextAware aware ? aware.getCamelContext() : null;
    }

    /** One that knows what the run has looked up already. */
    @Override
    public Step at(Instant began) {
        synchronized (runs) {
            return runs.computeIfAbsent(began, any -> new ShapeDocuments(this, store));
        }
    }

    @Override
    public synchronized Step over(Overlay overlay) {
        if (laid != overlay) overlaid = new ShapeDocuments(this, store.over(overlay));
        laid = overlay;
        return overlaid;
    }

    @Override
    public List<Record> apply(List<Record> batch, BiConsumer<Record, BadRecordException> reject) {
        Found found = new Found(store, cache);
        Row[] rows = new Row[batch.size()];
        Map<KindShape, List<Row>> byKind = new LinkedHashMap<>();
        for (int i = 0; i < rows.length; i++) {
            Record record = batch.get(i);
            KindShape shape = record.deleted() ? null : kinds.get(kind(record));
            if (shape == null) continue;
            rows[i] = Row.of(column -> record.get(column).orElse(null), found);
            byKind.computeIfAbsent(shape, any -> new ArrayList<>()).add(rows[i]);
        }
        byKind.forEach((shape, its) -> {
            shape.rows().forEach(rule -> found.want(rule, its));
            its.forEach(row -> row.want(shape.fields()));
        });
        found.fetch();
        List<Record> shaped = new ArrayList<>(batch.size());
        for (int i = 0; i < rows.length; i++) {
            Record record = batch.get(i);
            try {
                if (rows[i] != null) shaped.add(shaped(record, rows[i]));
                else if (record.deleted() || othersPass) shaped.add(record);
                else throw unknown(record);
            } catch (BadRecordException e) {
                reject.accept(record, e);
            }
        }
        return shaped;
    }

    private String kind(Record record) {
        return onlyKind.isEmpty() ? record.get(KIND).map(Object::toString).orElse("") : onlyKind;
    }

    private BadRecordException unknown(Record record) {
        return Refusal.of(
                KIND,
                "be a kind that the mapping has",
                kind(record),
                "add it to 'kinds' of the mapping, or set otherKinds: pass");
    }

    private Record shaped(Record record, Row row) {
        Map<String, Object> document = row.shaped(kinds.get(kind(record)).fields());
        List<String> names = new ArrayList<>(document.size() + 2);
        List<Object> values = new ArrayList<>(document.size() + 2);
        for (String name : List.of(KIND, ID)) {
            Optional<Object> value = record.get(name);
            if (value.isEmpty()) continue;
            names.add(name);
            values.add(value.get());
        }
        document.forEach((name, value) -> {
            names.add(name);
            values.add(value);
        });
        return record.with(fields(names), values.toArray());
    }

    /** Few shapes are many records'. */
    private Fields fields(List<String> names) {
        if (shapes.size() > SHAPES) shapes.clear();
        return shapes.computeIfAbsent(List.copyOf(names), Fields::new);
    }
}
