package io.caravan.format;

import io.caravan.record.Record;
import java.io.IOException;

/**
 * Rows as bytes that can be kept anywhere until they are written to an object: in the format's own form where a row of it
 * stands alone, so that the work is done once. It knows the names of the rows' fields, so what it made only it can write.
 * Not thread-safe.
 */
public interface RowForm {

    /** The record must have passed {@link WritableFormat#check}. */
    byte[] of(Record row);

    /** Writes what {@link #of} made of the row with this key; {@code writer} is one of the same format. */
    void write(RecordWriter writer, String key, byte[] row) throws IOException;
}
