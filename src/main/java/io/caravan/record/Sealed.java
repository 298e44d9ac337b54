package io.caravan.record;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value that nobody may see: plain text inside, and its ciphertext or a hash of it everywhere else. A store, a dead letter and a file get
 * {@link #text}; what is news is decided by {@link #hash}, as the same plain text gives another ciphertext each time. Once it was
 * stored or written down it is a text like any other. Its {@link Object#toString} is {@link #text}.
 */
public interface Sealed {

    /** What the texts of sealed values begin with: ours, and Fernet's. */
    List<String> BEGINNINGS = List.of("sealed:", "gAAAA");

    /** What is stored. Made when it is first asked for, as it may be slow, and the same ever after. */
    String text();

    /** Of the plain text and the key, by a secret: equal for two exactly when nothing needs to be stored again. */
    Hash hash();

    /** Whether this stored text is one that {@link #text} could have been: of the same plain text by the same key. */
    boolean sameAs(String stored);

    /** The records with texts in place of sealed values, in order; the same list where there is none. */
    static List<Record> texts(List<Record> batch) {
        List<Record> texts = null;
        for (int i = 0; i < batch.size(); i++) {
            Record record = batch.get(i);
            Record open = texts(record);
            if (open != record && texts == null) texts = new ArrayList<>(batch);
            if (open != record) texts.set(i, open);
        }
        return texts == null ? batch : texts;
    }

    private static Record texts(Record record) {
        Object[] values = null;
        for (int i = 0; i < record.fields().size(); i++) {
            Object value = record.at(i);
            if (!in(value)) continue;
            if (values == null) values = record.values();
            values[i] = text(value);
        }
        return values == null ? record : record.with(record.fields(), values);
    }

    /** What is said of a record, without the plain values of what was sealed when it was read and that a step has opened since. */
    static String hidden(Record record, String said) {
        return said == null || record.deleted() ? said : OpenedValues.hidden(record, said);
    }

    /** Whether the value is sealed or holds one that is. */
    static boolean in(Object value) {
        // asked for each value of each batch: what an interface is costs more to ask than what a class is
        if (value instanceof String || value instanceof Number || value instanceof Boolean) return false;
        if (value instanceof Sealed) return true;
        if (value instanceof List<?> list) return list.stream().anyMatch(Sealed::in);
        return value instanceof Map<?, ?> map && map.values().stream().anyMatch(Sealed::in);
    }

    /** The value with texts in place of sealed ones, how deep they may be. */
    static Object text(Object value) {
        if (value instanceof Sealed secret) return secret.text();
        if (value instanceof List<?> list) {
            List<Object> texts = new ArrayList<>(list.size());
            list.forEach(element -> texts.add(text(element)));
            return texts;
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> texts = new LinkedHashMap<>();
            map.forEach((name, element) -> texts.put(name, text(element)));
            return texts;
        }
        return value;
    }
}
