package io.caravan.version;

import io.caravan.format.JsonText;
import io.caravan.record.Fields;
import io.caravan.record.Keys;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Rows as JSON text while they wait, and back. Not thread-safe: remembers the last shape. */
final class Rows {

    private static final Origin NOWHERE = new Origin("", 0);

    private final List<String> keyFields;
    private Fields last = Fields.of();

    Rows(List<String> keyFields) {
        this.keyFields = keyFields;
    }

    Record of(byte[] json) {
        Map<?, ?> map = (Map<?, ?>) JsonText.value(new String(json, StandardCharsets.UTF_8));
        List<String> names = new ArrayList<>(map.size());
        map.keySet().forEach(name -> names.add((String) name));
        if (!names.equals(last.names())) last = new Fields(names);
        List<String> key = new ArrayList<>(keyFields.size());
        for (String field : keyFields) {
            Object value = map.get(field);
            key.add(Keys.text(value).orElseGet(() -> String.valueOf(value)));
        }
        return Record.read(Keys.join(key), last, map.values().toArray(), NOWHERE);
    }
}
