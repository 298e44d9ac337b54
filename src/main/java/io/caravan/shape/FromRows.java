package io.caravan.shape;

import io.caravan.error.BadRecordException;
import io.caravan.record.Keys;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What all rows of a collection that belong to this one say: a sorted list of them, or figures. A row of those that is itself refused is
 * left out; its own letter says so.
 *
 * @param where the columns there, each with the column here that it equals
 * @param fields what each of those rows becomes
 * @param sort the fields in whose order they stand; those without one come last, and equal ones in the order of their ids
 * @param figures what is made of all of them; none: the list itself
 */
record FromRows(
        String collection, Map<String, String> where, List<ShapedField> fields, List<String> sort, List<Figure> figures)
        implements Rule {

    private static final String ID = "_id";

    @Override
    public Optional<Object> of(Row row) {
        return key(row).flatMap(key -> row.found().result(this, key));
    }

    @Override
    public Set<String> columns() {
        return new LinkedHashSet<>(where.values());
    }

    /** The columns of those rows that are needed. */
    Set<String> needed() {
        Set<String> needed = new LinkedHashSet<>(where.keySet());
        needed.add(ID);
        fields.forEach(field -> needed.addAll(field.rule().columns()));
        return needed;
    }

    /** By which those rows are found; empty when this one has nothing there. */
    Optional<String> key(Row row) {
        List<String> texts = new ArrayList<>();
        for (String column : where.values()) {
            Optional<String> text = Texts.of(row.cell(column)).map(String::strip);
            if (text.isEmpty() || text.get().isEmpty()) return Optional.empty();
            texts.add(text.get());
        }
        return Optional.of(Keys.join(texts));
    }

    /** Of the rows with one key. */
    Optional<Object> of(List<Row> rows) {
        List<Sorted> documents = new ArrayList<>();
        for (Row row : rows) {
            try {
                Map<String, Object> document = row.shaped(fields);
                documents.add(new Sorted(Texts.of(row.cell(ID)).orElse(""), document));
            } catch (BadRecordException e) {
                // said by its own letter
            }
        }
        documents.sort(order());
        List<Map<String, Object>> all = documents.stream().map(Sorted::document).toList();
        if (figures.isEmpty()) return all.isEmpty() ? Optional.empty() : Optional.of(all);
        Map<String, Object> made = new LinkedHashMap<>();
        figures.forEach(figure -> figure.of(all).ifPresent(value -> made.put(figure.name(), value)));
        return made.isEmpty() ? Optional.empty() : Optional.of(made);
    }

    private record Sorted(String id, Map<String, Object> document) {}

    private Comparator<Sorted> order() {
        Comparator<Sorted> order = (a, b) -> 0;
        for (String field : sort) {
            order = order.thenComparing(sorted -> sorted.document().get(field), Values::compare);
        }
        return order.thenComparing(Sorted::id);
    }
}
