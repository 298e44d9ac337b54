package io.caravan.quality;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What rows hold, column by column, as they come. Not thread-safe. {@link ProfileSections} says it in the words of the reference. */
final class Profile {

    private static final int SAMPLE_ROWS = 20;
    private static final int LONGEST_SAMPLE = 200;

    private final int keys;
    private final Map<String, ColumnProfile> columns = new LinkedHashMap<>();
    private final Set<String> left = new LinkedHashSet<>();
    private final Distinct distinct = new Distinct();
    private final List<Map<String, Object>> samples = new ArrayList<>();
    private long rows;
    private long full; // rows by how many values they have: only those that may have all
    private int widest;

    Profile(int keys) {
        this.keys = keys;
    }

    /** The column of that name; null when there are too many. */
    private ColumnProfile column(String name) {
        ColumnProfile column = columns.get(name);
        if (column != null) return column;
        if (columns.size() >= Limits.MOST_COLUMNS) {
            if (left.size() < Limits.MOST_COLUMNS) left.add(name);
            return null;
        }
        column = new ColumnProfile(name);
        columns.put(name, column);
        return column;
    }

    /** {@code hidden}: names of columns whose values nobody is shown. */
    void add(List<String> names, Object[] values, Set<String> hidden) {
        rows++;
        long hash = 0;
        int there = 0;
        for (int i = 0; i < values.length; i++) {
            ColumnProfile column = column(names.get(i));
            if (column == null) continue;
            if (hidden.contains(names.get(i))) column.hide();
            if (Values.none(values[i])) continue;
            there++;
            long of = column.add(rows, values[i], limits().values());
            hash += Values.hash(Values.hash(names.get(i)), of); // the order of the columns does not count
        }
        distinct.add(hash, limits().rows());
        if (there > widest) {
            widest = there;
            full = 0;
        }
        if (there == widest) full++;
        if (samples.size() < SAMPLE_ROWS) samples.add(sample(names, values, hidden));
    }

    private static Map<String, Object> sample(List<String> names, Object[] values, Set<String> hidden) {
        Map<String, Object> sample = new LinkedHashMap<>();
        for (int i = 0; i < values.length && i < Limits.MOST_COLUMNS; i++) {
            Object value = values[i];
            boolean plain = value == null || value instanceof Boolean || value instanceof Long;
            Object shown = plain ? value : Values.cut(value, LONGEST_SAMPLE);
            sample.put(names.get(i), value != null && hidden.contains(names.get(i)) ? Quality.MASKED : shown);
        }
        return sample;
    }

    Limits limits() {
        return new Limits(columns.size(), keys);
    }

    long rows() {
        return rows;
    }

    /** Rows that have a value in every column. */
    long completeRows() {
        return widest == columns.size() ? full : 0;
    }

    long differingRows() {
        return distinct.of(rows);
    }

    List<Map<String, Object>> samples() {
        return samples;
    }

    Map<String, ColumnProfile> columns() {
        return columns;
    }

    /** What is estimated or left out, a sentence each; empty when every figure is exact. */
    List<String> estimates() {
        List<String> estimates = new ArrayList<>();
        if (!distinct.exact())
            estimates.add("how many rows differ is estimated, as more than " + limits().rows() + " do");
        List<String> estimated = columns.values().stream()
                .filter(c -> !c.exact())
                .map(ColumnProfile::name)
                .toList();
        if (!estimated.isEmpty())
            estimates.add("estimated, as they have more than " + limits().values()
                    + " different values or numbers: how many differ, quartiles, median and outliers of "
                    + String.join(", ", estimated));
        if (!left.isEmpty())
            estimates.add("left out, as there are more than " + Limits.MOST_COLUMNS + " columns: " + left.size()
                    + (left.size() < Limits.MOST_COLUMNS ? "" : " or more"));
        return estimates;
    }
}
