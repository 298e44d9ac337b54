package io.caravan.quality;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How many rows failed, and the first of them. Not thread-safe. */
final class Samples {

    private final int most;
    private final List<Object> first = new ArrayList<>();
    private long count;

    Samples(int most) {
        this.most = most;
    }

    void add(long row) {
        if (count++ < most) first.add(row);
    }

    void add(long row, String value) {
        if (count++ >= most) return;
        Map<String, Object> sample = new LinkedHashMap<>();
        sample.put("row", row);
        sample.put("value", value);
        first.add(sample);
    }

    long count() {
        return count;
    }

    List<Object> first() {
        return first;
    }
}
