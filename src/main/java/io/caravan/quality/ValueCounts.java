package io.caravan.quality;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How often each value stands in a column of few different ones; forgotten when there are too many. Not thread-safe. */
final class ValueCounts {

    /** With so many different values a column has no such list. */
    static final int TOO_MANY = 100;

    private static final int FEW = 20;
    private static final int MOST_SHOWN = 25;
    private static final int LONGEST = 50;

    private static final class Count {
        private final String value;
        private long times;

        Count(String value) {
            this.value = value;
        }
    }

    private Map<Long, Count> counts = new HashMap<>();

    void add(long hash, String text) {
        if (counts == null) return;
        counts.computeIfAbsent(hash, h -> new Count(Values.cut(text, LONGEST))).times++;
        if (counts.size() >= TOO_MANY) counts = null;
    }

    /** The most frequent values, when there are few of them, or few for so many rows; else none. */
    List<Map<String, Object>> of(long rows) {
        if (counts == null || counts.isEmpty()) return List.of();
        if (counts.size() > FEW && counts.size() * 10L >= rows) return List.of();
        List<Count> sorted = new ArrayList<>(counts.values());
        sorted.sort(Comparator.comparingLong((Count c) -> -c.times).thenComparing(c -> c.value));
        return sorted.stream().limit(MOST_SHOWN).map(ValueCounts::bin).toList();
    }

    private static Map<String, Object> bin(Count count) {
        Map<String, Object> bin = new LinkedHashMap<>();
        bin.put("bin", count.value);
        bin.put("count", count.times);
        return bin;
    }
}
