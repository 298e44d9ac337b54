package io.caravan.cli;

import io.caravan.format.ValueText;
import io.caravan.record.Record;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Records as a table: a column a field, headed by its name and what type its values have; long values are cut. */
final class RecordTable {

    private static final int LONGEST = 40;

    private RecordTable() {}

    static Table of(List<Record> records) {
        Map<String, String> types = new LinkedHashMap<>();
        for (Record record : records) {
            for (int i = 0; i < record.fields().size(); i++) {
                types.merge(record.fields().names().get(i), type(record.at(i)), RecordTable::both);
            }
        }
        List<String> headings = new ArrayList<>();
        types.forEach((name, type) -> headings.add(cut(Terminal.harmless(name)) + (type.isEmpty() ? "" : ":" + type)));
        Table table = new Table(headings.toArray(String[]::new));
        for (Record record : records) {
            table.row(types.keySet().stream().map(name -> cell(record, name)).toArray());
        }
        return table;
    }

    private static Object cell(Record record, String name) {
        if (record.fields().indexOf(name) < 0) return "";
        Object value = record.at(record.fields().indexOf(name));
        if (value == null) return "null";
        boolean texts = value instanceof String || value instanceof Temporal;
        return cut(texts ? value.toString() : ValueText.json(value));
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 3) + "...";
    }

    private static String both(String one, String other) {
        if (one.isEmpty() || one.equals(other)) return other;
        return other.isEmpty() ? one : "mixed";
    }

    private static String type(Object value) {
        if (value == null) return "";
        if (value instanceof String) return "text";
        if (value instanceof Long) return "integer";
        if (value instanceof BigDecimal) return "decimal";
        if (value instanceof Double) return "double";
        if (value instanceof Boolean) return "boolean";
        if (value instanceof Instant) return "timestamp";
        if (value instanceof LocalDateTime) return "local time";
        if (value instanceof LocalDate) return "date";
        if (value instanceof byte[]) return "bytes";
        if (value instanceof float[]) return "vector";
        return value instanceof List ? "list" : "map";
    }
}
