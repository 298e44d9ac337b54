package io.caravan.vector;

import com.google.gson.JsonElement;
import io.caravan.error.BadRecordException;
import io.caravan.record.Record;
import java.util.List;
import java.util.Optional;

/** What {@code milvus-sink} sends for a field of a record with {@code id} and a {@code vector} of two dimensions. */
public final class MilvusForm {

    private MilvusForm() {}

    /** As JSON; empty when the record is refused. */
    public static Optional<String> of(Record record, String field) {
        VectorCollection things = new VectorCollection("things", "id", "vector", 2, List.of(field));
        try {
            VectorRow row = VectorRow.of("milvus-sink", MilvusRows.MAX_BYTES, things, record);
            JsonElement sent = new MilvusRows(things).json(row).get(field);
            return Optional.of(sent.toString());
        } catch (BadRecordException e) {
            return Optional.empty();
        }
    }
}
