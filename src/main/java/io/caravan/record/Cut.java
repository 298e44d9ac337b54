package io.caravan.record;

import io.caravan.error.SettingChecks;

/**
 * Where a batch ends: at a record whose hash ends in so many zero bits, with at least {@code least} and at most {@code
 * most} records; earlier when its records weigh {@code heaviest} bytes, so that large ones do not fill the memory.
 */
public record Cut(int least, int most, int bits, long heaviest) {

    /** Batches of about 600 records. Another cut makes every fingerprint in the ledger another one. */
    public static final Cut DEFAULT = new Cut(100, 2000, 9, 4 << 20);

    public Cut {
        new SettingChecks("cut")
                .between("least", least, 1, most)
                .between("bits", bits, 0, 30)
                .must(heaviest > 0, "heaviest", "be more than 0", heaviest)
                .check();
    }

    /** Whether a batch of this size and weight is whole with this record as its last. */
    boolean endsWith(int size, long weight, Record last) {
        return size >= most
                || weight >= heaviest
                || (size >= least && (last.hash().low() & ((1L << bits) - 1)) == 0);
    }
}
