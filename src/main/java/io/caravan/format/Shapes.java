package io.caravan.format;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.FieldNames;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes records of objects whose records name their own fields. Records of one shape share their names; as many shapes
 * are remembered as honest objects have. Not thread-safe: one per reader.
 */
final class Shapes {

    static final int MOST_FIELDS = 10_000;

    private static final int REMEMBERED = 32;

    /** @param raw the names as the object writes them */
    private record Shape(List<String> raw, NestedKeys nested, RecordMaker maker) {}

    private final List<String> keyFields;
    private final Map<List<String>, Shape> shapes = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<List<String>, Shape> eldest) {
            return size() > REMEMBERED;
        }
    };

    private Shape shape;
    private String[] names = new String[16];
    private Object[] values = new Object[16];
    private int size;
    private boolean known; // all names so far are those of the shape, in its order

    Shapes(List<String> keyFields) {
        this.keyFields = keyFields;
    }

    /** Forgets what was put: a record begins. */
    void begin() {
        size = 0;
        known = shape != null;
    }

    /** Throws {@link BadRecordException} when the record has too many fields. */
    void put(String name, Object value, Origin origin) {
        if (size == names.length) grow(origin);
        known = known && size < shape.raw.size() && shape.raw.get(size).equals(name);
        names[size] = name;
        values[size++] = value;
    }

    /** The record of what was put; throws {@link BadRecordException} when it cannot be one. */
    Record record(Origin origin) {
        if (!known || size != shape.raw.size()) shape = shape(origin);
        Object[] own = new Object[size];
        System.arraycopy(values, 0, own, 0, size);
        return shape.maker.make(shape.nested.with(own, origin), origin);
    }

    private Shape shape(Origin origin) {
        known = false;
        List<String> found = Arrays.asList(names).subList(0, size);
        Shape remembered = shapes.get(found);
        if (remembered != null) return remembered;
        for (String name : found) {
            if (FieldNames.of(name).isEmpty() || name.indexOf('\0') >= 0) {
                throw bad(origin, "a field's name", "not be blank nor hold NUL", name);
            }
            Texts.check(origin, "a field's name", name);
        }
        List<String> raw = List.copyOf(found);
        List<String> copy = FieldNames.of(raw);
        NestedKeys nested;
        try {
            nested = NestedKeys.of(copy, keyFields);
        } catch (IllegalArgumentException e) {
            throw new BadRecordException(origin + ": " + e.getMessage(), e);
        }
        for (String key : keyFields) {
            if (nested.fields().indexOf(key) < 0) throw bad(origin, key, "be there", "");
        }
        Shape made = new Shape(raw, nested, new RecordMaker(nested.fields(), keyFields));
        shapes.put(raw, made);
        return made;
    }

    private void grow(Origin origin) {
        if (size >= MOST_FIELDS) throw bad(origin, "fields", "be at most " + MOST_FIELDS, "more");
        names = Arrays.copyOf(names, 2 * size);
        values = Arrays.copyOf(values, 2 * size);
    }

    private static BadRecordException bad(Origin origin, String field, String rule, String value) {
        return new BadRecordException(SettingChecks.sentence(origin.toString(), field, rule, value));
    }
}
