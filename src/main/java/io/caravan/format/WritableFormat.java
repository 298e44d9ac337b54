package io.caravan.format;

import io.caravan.error.BadRecordException;
import io.caravan.record.Hash;
import io.caravan.record.Record;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * A format that can be written as well as read: what it holds of a record is what reading it gives, and writing that
 * once more gives the same. {@code docs/formats.md} has the rules. Thread-safe.
 */
public interface WritableFormat extends Format {

    /** What the names of its objects end with: {@code .jsonl.gz}. */
    String suffix();

    /** Throws {@link BadRecordException} that names the field which the format cannot hold without loss. */
    void check(Record record);

    /** How many columns an object can have to be read again. */
    default int mostColumns() {
        return Integer.MAX_VALUE;
    }

    /** What of these columns an object says; empty for a format whose rows name their own fields. */
    default Optional<Columns> said(Columns columns) {
        return Optional.empty();
    }

    /**
     * A hash of what it holds of a record: the same for the record and for what was read of it, whatever else the object
     * holds.
     */
    Hash hash(Record record);

    /**
     * Begins an object; closing the writer ends it and leaves {@code out} open.
     *
     * @param columns those of all records that will be written
     */
    RecordWriter write(OutputStream out, Columns columns) throws IOException;

    /** How rows wait for being written. */
    RowForm rows();
}
