package io.caravan.shape;

import io.caravan.error.BadRecordException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A row on its way to a document: its columns, what was made of them so far, and what other documents say. */
final class Row {

    private final Function<String, Object> cells;
    private final Found found;
    private final Row whole; // null: this is no part of another row
    private final Map<String, Object> made = new HashMap<>();

    private Row(Function<String, Object> cells, Found found, Row whole) {
        this.cells = cells;
        this.found = found;
        this.whole = whole;
    }

    /** {@code cells}: the value of a column, null when there is none. */
    static Row of(Function<String, Object> cells, Found found) {
        return new Row(cells, found, null);
    }

    /** A sub-document that one of its columns holds. */
    Row entry(Map<String, Object> parts) {
        return new Row(parts::get, found, whole == null ? this : whole);
    }

    /** The value of a column; null when there is none. */
    Object cell(String column) {
        return cells.apply(column);
    }

    /** The value of a column of the row that this is a part of. */
    Object outer(String column) {
        return whole == null ? cell(column) : whole.cell(column);
    }

    /** What a field was given, also one that is not kept, or a part of it: {@code length.pages}; null when it has nothing. */
    Object made(String field) {
        int dot = field.indexOf('.');
        if (dot < 0) return made.get(field);
        return made.get(field.substring(0, dot)) instanceof Map<?, ?> parts
                ? parts.get(field.substring(dot + 1))
                : null;
    }

    Found found() {
        return found;
    }

    /** Asks for all that these fields look up. */
    void want(List<ShapedField> fields) {
        for (ShapedField field : fields) {
            if (field.rule().looksUp()) value(field, new ArrayList<>());
        }
    }

    /** These fields, in their order, as far as there is something to keep; {@link BadRecordException} with all that is wrong. */
    Map<String, Object> shaped(List<ShapedField> fields) {
        Map<String, Object> document = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        made.clear();
        for (ShapedField field : fields) {
            Optional<Object> value = value(field, problems);
            if (value.isEmpty()) continue;
            made.put(field.name(), value.get());
            if (!field.kept()) continue;
            if (field.flat() && value.get() instanceof Map<?, ?> parts)
                parts.forEach((name, part) -> document.put((String) name, part));
            else document.put(field.name(), value.get());
        }
        // of what is only asked for nothing is known yet
        if (!problems.isEmpty() && !found.collects()) throw new BadRecordException(String.join("; also ", problems));
        return document;
    }

    private Optional<Object> value(ShapedField field, List<String> problems) {
        try {
            Optional<Object> value = field.rule().of(this);
            if (value.isPresent() || !field.required()) return value;
            throw Refusal.of(field.place(), "have a value", "", "fill the cell, or make the field optional");
        } catch (BadRecordException e) {
            problems.add(e.getMessage());
            return Optional.empty();
        }
    }
}
