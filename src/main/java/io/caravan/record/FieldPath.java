package io.caravan.record;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where fields are looked up that a setting names. */
@FunctionalInterface
public interface FieldPath {

    /** Between fields of which the first that is there counts. */
    String OR = "\\|\\|";

    /** The field's value; null when there is none. */
    Object get(String field);

    /** A record's fields by their names alone. */
    static FieldPath flat(Record record) {
        return field -> record.get(field).orElse(null);
    }

    /**
     * A record's fields, and by {@code field.part} what is in its maps; of a list of maps the list of their parts. {@code a||b} is
     * the first of them that is there.
     */
    static FieldPath deep(Record record) {
        return field -> {
            for (String one : field.split(OR)) {
                Object value = one(record, one);
                if (value != null) return value;
            }
            return null;
        };
    }

    private static Object one(Record record, String field) {
        Object whole = record.get(field).orElse(null);
        int dot = field.indexOf('.');
        return whole != null || dot < 0
                ? whole
                : part(record.get(field.substring(0, dot)).orElse(null), field.substring(dot + 1));
    }

    /** The parts of an entry of a list. */
    static FieldPath in(Map<?, ?> entry) {
        return field -> part(entry, field);
    }

    private static Object part(Object value, String path) {
        if (value instanceof List<?> list) {
            List<Object> parts = new ArrayList<>();
            for (Object entry : list) {
                Object part = part(entry, path);
                if (part instanceof List<?> several) parts.addAll(several);
                else if (part != null) parts.add(part);
            }
            return parts.isEmpty() ? null : parts;
        }
        if (!(value instanceof Map<?, ?> map)) return null;
        Object whole = map.get(path);
        int dot = path.indexOf('.');
        return whole != null || dot < 0 ? whole : part(map.get(path.substring(0, dot)), path.substring(dot + 1));
    }
}
