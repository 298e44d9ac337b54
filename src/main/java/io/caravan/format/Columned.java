package io.caravan.format;

import io.caravan.source.RecordReader;

/** A reader of an object that says beforehand what its columns are. */
public interface Columned extends RecordReader {

    /** Asked before the first record or after it. */
    Columns columns();
}
