package io.caravan.vector;

import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.util.List;

/** Records of a small collection: key, user, vector of two dimensions. */
final class VectorRecords {

    static final VectorCollection COLLECTION =
            new VectorCollection("user_data", "record_id", "embedding", 2, List.of("user_id"));
    private static final Fields FIELDS = Fields.of("record_id", "user_id", "embedding");
    private static final Fields KEY = Fields.of("record_id");

    private VectorRecords() {}

    static Record record(String key, Object user, Object vector) {
        return Record.read(key, FIELDS, new Object[] {key, user, vector}, new Origin("o", 1), Hash.NONE);
    }

    static Record record(String key, String user, float x, float y) {
        return record(key, user, new float[] {x, y});
    }

    static Record gone(String key) {
        return Record.tombstone(key, KEY, new Object[] {key}, 2);
    }
}
