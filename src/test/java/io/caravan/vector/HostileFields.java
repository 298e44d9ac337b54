package io.caravan.vector;

import static io.caravan.vector.VectorRecords.COLLECTION;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.Hostile;
import io.caravan.delivery.Sink;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Names of fields, keys and values that mean to do harm, in any vector store. */
final class HostileFields {

    private HostileFields() {}

    /** Fields that the collection does not name are left out; keys and values are what they were, or refused. */
    static void tryOn(Sink sink) {
        List<String> names = Hostile.names(1_000);
        List<Record> records = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) records.add(record(names.get(i), names.get((i + 1) % names.size()), i));
        Map<Record, String> refused = Hostile.deliver(sink, records);
        assertThat(refused).hasSizeBetween(3, 300);
        List<Record> taken =
                records.stream().filter(r -> !refused.containsKey(r)).toList();
        assertThat(sink.differing(taken)).isEmpty();
        assertThat(VectorSinkContract.keys(sink))
                .containsExactlyInAnyOrderElementsOf(
                        taken.stream().map(Record::key).toList());
    }

    private static Record record(String key, String hostile, int i) {
        return Record.read(
                key,
                Fields.of(COLLECTION.keyField(), "user_id", COLLECTION.vectorField(), hostile, "nested"),
                new Object[] {key, hostile, new float[] {1, i}, hostile, Map.of(hostile, hostile)},
                new Origin("a", i),
                Hash.NONE);
    }
}
