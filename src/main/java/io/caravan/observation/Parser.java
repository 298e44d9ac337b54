package io.caravan.observation;

import io.caravan.source.RecordReader;
import java.nio.file.Path;

/** Finds the observations in a file. Thread-safe; settings are checked in the constructor. */
public interface Parser {

    /**
     * Begins to read; each record has the fields {@link Observations#FIELDS} and the key {@link Observations#KEY_FIELDS}.
     * Observations that were read before in the same words are left out.
     *
     * <ul>
     *   <li>in: the file; the name of the object it is a copy of, for origins and messages. A suffix that says how it is
     *       packed counts for tables
     *   <li>bad rows: a cell that must hold a date or a number and does not, named by sheet and cell
     *   <li>errors: {@link io.caravan.source.IncompleteSourceException} when the file cannot be read, ends early or lacks a
     *       sheet or column that is not optional
     * </ul>
     */
    RecordReader open(Path file, String object);
}
