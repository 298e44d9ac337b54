package io.caravan.quality;

import java.util.List;

/** How often the same key stands in several rows, or lacks a part that it must have. Not thread-safe. */
final class KeyCheck {

    private static final int SAMPLES = 10;

    private final List<String> columns;
    private final boolean needed;
    private final Counted here = new Counted();
    private final Samples repeated = new Samples(SAMPLES);
    private Counted reference; // another than ours since some row

    /** Rows with all parts, how many of them differ, rows without. */
    private static final class Counted {
        private long whole;
        private long without;
        private Distinct distinct = new Distinct();

        boolean add(Long key, int limit) {
            if (key == null) {
                without++;
                return true;
            }
            whole++;
            return distinct.add(key, limit);
        }

        long repeated() {
            return whole - distinct.of(whole);
        }
    }

    /** {@code needed}: whether a part of it is required. */
    KeyCheck(List<String> columns, boolean needed) {
        this.columns = columns;
        this.needed = needed;
    }

    List<String> columns() {
        return columns;
    }

    /** {@code key}: a hash of all parts, null when one is missing; {@code referenceKey}: as the reference sees the row. */
    void add(long row, Long key, Long referenceKey, int limit) {
        boolean same = key == null ? referenceKey == null : key.equals(referenceKey);
        if (!same && reference == null) {
            reference = new Counted();
            reference.whole = here.whole;
            reference.without = here.without;
            reference.distinct = here.distinct.copy();
        }
        if (reference != null) reference.add(referenceKey, limit);
        if (!here.add(key, limit)) repeated.add(row);
    }

    private long failed(Counted counted) {
        return counted.repeated() + (needed ? counted.without : 0);
    }

    long failed() {
        return failed(here);
    }

    long referenceFailed() {
        return failed(reference == null ? here : reference);
    }

    long repeated() {
        return here.repeated();
    }

    long without() {
        return needed ? here.without : 0;
    }

    List<Object> repeatedRows() {
        return repeated.first();
    }
}
