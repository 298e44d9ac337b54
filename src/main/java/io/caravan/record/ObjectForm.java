package io.caravan.record;

/**
 * How the rows of an object stand in its bytes, for a store that reads it by itself.
 *
 * @param delimiter of CSV, what stands between two values
 */
public record ObjectForm(Kind kind, char delimiter) {

    /** CSV has a header row; of each the plain form or, but for Parquet, packed by gzip as its name ends. */
    public enum Kind {
        CSV,
        JSONL,
        PARQUET
    }

    public static ObjectForm csv(char delimiter) {
        return new ObjectForm(Kind.CSV, delimiter);
    }

    public static ObjectForm of(Kind kind) {
        return new ObjectForm(kind, ',');
    }
}
