package io.caravan.format;

import io.caravan.record.Record;
import java.io.Closeable;
import java.io.IOException;

/** Writes the records of one object, each as it comes. Not thread-safe. */
public interface RecordWriter extends Closeable {

    /** The record must have passed {@link WritableFormat#check}, its columns must be among those that were announced. */
    void write(Record record) throws IOException;
}
