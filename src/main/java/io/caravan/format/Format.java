package io.caravan.format;

import io.caravan.record.ObjectForm;
import io.caravan.source.RecordReader;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Turns the bytes of one object into records. Thread-safe; settings are checked in the constructor. */
public interface Format {

    /**
     * Begins to read an object from its first byte; closing the reader closes the stream.
     *
     * <ul>
     *   <li>in: the bytes of the object, which need no buffering; its name, for origins and messages; the fields that
     *       make a record's key
     *   <li>errors: {@link io.caravan.source.IncompleteSourceException} when the object is not of this format, does not
     *       have the fields it should have, or ends early
     * </ul>
     */
    RecordReader open(InputStream bytes, String object, List<String> keyFields);

    /** Whether an object of this name may be a workbook as it is, unpacked by nobody. */
    default boolean mayHaveSheets(String object) {
        return false;
    }

    /** What a store must know that reads an object of this name by itself; empty when it is for us alone. */
    default Optional<ObjectForm> form(String object) {
        return Optional.empty();
    }
}
