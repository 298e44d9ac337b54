package io.caravan.project;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares what came out with what was expected, record by record of one key. */
final class Comparison {

    private Comparison() {}

    /** {@code ordered}: whether the order counts too. */
    static List<Difference> of(
            String where, List<Row> expected, List<Row> actual, List<String> keyFields, boolean ordered) {
        Map<String, Deque<Row>> came = new LinkedHashMap<>();
        for (Row row : actual)
            came.computeIfAbsent(row.key(keyFields), key -> new ArrayDeque<>()).add(row);
        List<Difference> differences = new ArrayList<>();
        for (Row row : expected) {
            String key = row.key(keyFields);
            Deque<Row> candidates = came.get(key);
            if (candidates == null || candidates.isEmpty()) {
                differences.add(Difference.missing(where, key, row.fields().toString()));
                continue;
            }
            Row other = candidates.remove();
            for (String field : row.differing(other)) {
                differences.add(new Difference(
                        where,
                        key,
                        Optional.of(field),
                        Optional.of(row.shown(field)),
                        Optional.of(other.shown(field))));
            }
        }
        came.forEach((key, rows) -> rows.forEach(row ->
                differences.add(Difference.unexpected(where, key, row.fields().toString()))));
        if (ordered && differences.isEmpty()) differences.addAll(order(where, expected, actual, keyFields));
        return differences;
    }

    private static List<Difference> order(String where, List<Row> expected, List<Row> actual, List<String> keyFields) {
        for (int i = 0; i < expected.size(); i++) {
            String wanted = expected.get(i).key(keyFields);
            String got = actual.get(i).key(keyFields);
            if (!wanted.equals(got)) {
                return List.of(new Difference(
                        where, "record " + (i + 1), Optional.of("key"), Optional.of(wanted), Optional.of(got)));
            }
        }
        return List.of();
    }
}
