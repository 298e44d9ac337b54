package io.caravan.shape;

import io.caravan.error.BadRecordException;
import io.caravan.record.Fields;
import io.caravan.record.Keys;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.step.Step;
import io.caravan.step.StoredDocuments;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Collections in memory, and what becomes of their rows. */
final class Rows implements StoredDocuments {

    private final Map<String, Map<String, Map<String, Object>>> collections = new TreeMap<>();
    final List<String> asked = new ArrayList<>();
    final List<String> refused = new ArrayList<>();

    /** {@code pairs}: column, value, ... */
    Rows put(String collection, String id, Object... pairs) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("_id", id);
        for (int i = 0; i < pairs.length; i += 2) row.put((String) pairs[i], pairs[i + 1]);
        return put(collection, row);
    }

    Rows put(String collection, Map<String, Object> row) {
        collections.computeIfAbsent(collection, any -> new LinkedHashMap<>()).put((String) row.get("_id"), row);
        return this;
    }

    @Override
    public List<Map<String, Object>> find(
            String collection, String field, Collection<String> values, Set<String> projection) {
        asked.add(collection + " by " + field + ": " + values.size());
        return collections.getOrDefault(collection, Map.of()).values().stream()
                .filter(row ->
                        Keys.text(row.get(field)).filter(values::contains).isPresent())
                .map(row -> {
                    Map<String, Object> shown = new LinkedHashMap<>(row);
                    shown.keySet().retainAll(projection);
                    return shown;
                })
                .toList();
    }

    Record record(String collection, String id) {
        Map<String, Object> row = collections.get(collection).get(id);
        List<String> names = new ArrayList<>(List.of("_kind"));
        names.addAll(row.keySet());
        List<Object> values = new ArrayList<>(List.of(collection));
        values.addAll(row.values());
        return Record.read(
                Keys.join(List.of(collection, id)), new Fields(names), values.toArray(), new Origin(collection, 1));
    }

    List<Record> all(String collection) {
        return collections.get(collection).keySet().stream()
                .map(id -> record(collection, id))
                .toList();
    }

    /** What becomes of all rows of a collection, by their ids; what is refused is noted. */
    Map<String, Map<String, Object>> shaped(Step step, String collection) {
        Map<String, Map<String, Object>> documents = new LinkedHashMap<>();
        for (Record record : step.apply(all(collection), this::refuse)) {
            Map<String, Object> document = new LinkedHashMap<>();
            for (int i = 0; i < record.fields().size(); i++)
                document.put(record.fields().names().get(i), record.at(i));
            documents.put((String) document.get("_id"), document);
        }
        return documents;
    }

    /** A sub-document. */
    @SuppressWarnings("unchecked") // the values of records
    static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    private void refuse(Record record, BadRecordException why) {
        refused.add(why.getMessage());
    }
}
