package io.caravan.quality;

/**
 * Up to where figures are exact, so that a heap of 96 MB is enough, whatever it reads.
 *
 * @param columns how many columns the file has so far
 * @param keys how many keys are looked at
 */
record Limits(int columns, int keys) {

    /** More columns are counted, not profiled. */
    static final int MOST_COLUMNS = 2_000;

    private static final int VALUES = 400_000;
    private static final int LEAST = 1_000;
    private static final int MOST = 20_000;
    private static final int ROWS = 1_000_000;

    /** Different values and numbers of a column. */
    int values() {
        return Math.max(LEAST, Math.min(MOST, VALUES / Math.max(1, columns)));
    }

    /** Different rows, and keys. */
    int rows() {
        return ROWS / (1 + keys);
    }
}
