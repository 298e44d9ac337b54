package io.caravan.quality;

import io.caravan.record.Fields;
import io.caravan.record.Record;
import io.caravan.schema.DataSchema;
import io.caravan.schema.SchemaColumn;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/** One check: rows come one by one, the end says how good they were. Not thread-safe. */
public final class QualityRun {

    private static final int MOST_PLANS = 64;
    private static final int MOST_UNKNOWN = 100;

    private final DataSchema schema;
    private final List<ColumnCheck> columns = new ArrayList<>();
    private final List<KeyCheck> keys = new ArrayList<>();
    private final List<int[]> keyParts = new ArrayList<>();
    private final Profile profile;
    private final Map<String, ColumnCheck> byField = new LinkedHashMap<>();
    private final Set<String> unknown = new LinkedHashSet<>();
    private final Map<Fields, RowPlan> plans = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Fields, RowPlan> eldest) {
            return size() > MOST_PLANS;
        }
    };
    private Fields lastFields;
    private RowPlan lastPlan;
    private long badRows;
    private String firstBad = "";

    QualityRun(DataSchema schema) {
        this.schema = schema;
        List<String> names = new ArrayList<>();
        for (SchemaColumn column : schema.columns()) {
            columns.add(new ColumnCheck(schema, column));
            names.add(column.name());
        }
        for (List<String> key : schema.uniqueKeys()) {
            boolean needed = key.stream()
                    .anyMatch(name -> schema.column(name).orElseThrow().required());
            keys.add(new KeyCheck(key, needed));
            keyParts.add(key.stream().mapToInt(names::indexOf).toArray());
        }
        profile = new Profile(keys.size());
    }

    /** A row that is a record. */
    public void add(Record row) {
        RowPlan plan = plan(row.fields());
        Object[] values = new Object[row.fields().size()];
        for (int i = 0; i < values.length; i++) values[i] = row.at(i);
        profile.add(row.fields().names(), values, plan.hidden());
        long number = profile.rows();
        for (int c = 0; c < columns.size(); c++) {
            columns.get(c).exact(plan.exact()[c] >= 0, plan.exact(values, c));
            columns.get(c).add(number, plan.mapped()[c] >= 0, plan.mapped(values, c));
        }
        int most = profile.limits().rows();
        for (int k = 0; k < keys.size(); k++) {
            Long ours = key(keyParts.get(k), c -> value(plan.mapped(values, c)));
            Long theirs = key(keyParts.get(k), c -> {
                Object value = plan.exact(values, c);
                return Values.none(value) ? null : value;
            });
            keys.get(k).add(number, ours, theirs, most);
        }
    }

    private Object value(Object value) {
        return schema.isNull(value) ? null : value;
    }

    private static Long key(int[] parts, IntFunction<Object> value) {
        long hash = 0;
        for (int part : parts) {
            Object found = value.apply(part);
            if (found == null) return null;
            hash = Values.hash(hash, Values.hash(Values.text(found)));
        }
        return hash;
    }

    private RowPlan plan(Fields fields) {
        if (fields == lastFields) return lastPlan;
        lastFields = fields;
        lastPlan = plans.get(fields);
        if (lastPlan == null) {
            lastPlan = RowPlan.of(schema, fields.names());
            plans.put(fields, lastPlan);
            lastPlan.unknown().stream().limit(MOST_UNKNOWN).forEach(name -> {
                if (unknown.size() < MOST_UNKNOWN) unknown.add(name);
            });
            for (int c = 0; c < columns.size(); c++) {
                int at = lastPlan.mapped()[c];
                if (at >= 0) byField.put(fields.names().get(at), columns.get(c));
            }
        }
        return lastPlan;
    }

    /** A row that is none, and why. */
    public void bad(String reason) {
        if (badRows++ == 0) firstBad = reason;
    }

    public long rows() {
        return profile.rows() + badRows;
    }

    public Quality end() {
        return new Verdict(schema, columns, keys, profile, byField, unknown, badRows, firstBad)
                .quality(Optional.empty());
    }

    /** When the object ended before its end, or is none of what it should be. */
    public Quality unreadable(String why) {
        return new Verdict(schema, columns, keys, profile, byField, unknown, badRows, firstBad)
                .quality(Optional.of(why));
    }
}
