package io.caravan.record;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A record as a map of its fields, in their order; a sealed value is its text. */
public final class RecordFields {

    private RecordFields() {}

    public static Map<String, Object> of(Record record) {
        Map<String, Object> fields = new LinkedHashMap<>();
        List<String> names = record.fields().names();
        for (int i = 0; i < names.size(); i++) {
            Object value = record.at(i);
            fields.put(names.get(i), value instanceof Sealed sealed ? sealed.text() : value);
        }
        return Collections.unmodifiableMap(fields);
    }
}
