package io.caravan.quality;

import org.apache.datasketches.hll.HllSketch;
import org.apache.datasketches.hll.TgtHllType;

/**
 * How many different values there were, known by hashes of 64 bits: exactly up to a limit, estimated with 0.8 % of error beyond it. An estimate never tells of
 * repeated values where there may be none. Not thread-safe.
 */
final class Distinct {

    private static final int LOG_BUCKETS = 14;
    /** So many standard deviations around an estimate count as perhaps the truth. */
    private static final int DEVIATIONS = 3;

    private static final int FIRST_SIZE = 16;

    private long[] table = new long[FIRST_SIZE];
    private int size;
    private boolean zero;
    private HllSketch sketch;

    /** Whether it was not there before; of an estimate always true. */
    boolean add(long hash, int limit) {
        if (sketch != null) {
            sketch.update(hash);
            return true;
        }
        if (hash == 0) {
            boolean news = !zero;
            zero = true;
            return news;
        }
        if (!put(table, hash)) return false;
        if (++size > limit) estimate();
        else if (size * 2 > table.length) grow();
        return true;
    }

    private static boolean put(long[] into, long hash) {
        int at = (int) (hash & (into.length - 1));
        while (into[at] != 0) {
            if (into[at] == hash) return false;
            at = (at + 1) & (into.length - 1);
        }
        into[at] = hash;
        return true;
    }

    private void grow() {
        long[] larger = new long[table.length * 2];
        for (long hash : table) if (hash != 0) put(larger, hash);
        table = larger;
    }

    private void estimate() {
        sketch = new HllSketch(LOG_BUCKETS, TgtHllType.HLL_8);
        for (long hash : table) if (hash != 0) sketch.update(hash);
        if (zero) sketch.update(0L);
        table = null;
    }

    /** Another that knows the same values. */
    Distinct copy() {
        Distinct copy = new Distinct();
        copy.table = table == null ? null : table.clone();
        copy.size = size;
        copy.zero = zero;
        copy.sketch = sketch == null ? null : sketch.copy();
        return copy;
    }

    boolean exact() {
        return sketch == null;
    }

    /** How many of so many values differ. */
    long of(long values) {
        if (exact()) return size + (zero ? 1 : 0);
        if (sketch.getUpperBound(DEVIATIONS) >= values) return values;
        return Math.min(values, Math.round(sketch.getEstimate()));
    }
}
