package io.caravan.format;

import io.caravan.record.Fields;
import io.caravan.record.Record;
import java.io.Closeable;
import java.io.IOException;

/** Writes the records of one object, each as it comes. Not thread-safe. */
public interface RecordWriter extends Closeable {

    /** The record must have passed {@link WritableFormat#check}, its columns must be among those that were announced. */
    void write(Record record) throws IOException;

    /** The same with a row that is in the format's own bytes already, from {@code begin} on, without its end. */
    default void write(Fields fields, byte[] row, int begin) throws IOException {
        throw new UnsupportedOperationException("rows of this format do not stand alone");
    }
}
