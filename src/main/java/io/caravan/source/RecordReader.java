package io.caravan.source;

import io.caravan.record.Record;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Reads one object, record by record, to its true end. Not thread-safe; holds no more than it must of the object. */
public interface RecordReader extends AutoCloseable {

    /**
     * The next record; empty only at the true end of the object. Rows before it that are no records go to {@code bad}.
     *
     * <ul>
     *   <li>errors: {@link IncompleteSourceException} when the object ended early, changed while it was read, or cannot
     *       be parsed; {@link io.caravan.error.UnavailableException} when the store failed meanwhile
     * </ul>
     */
    Optional<Record> read(Consumer<BadRow> bad);

    /** Asked at the true end, of an incremental source: where its next reading begins; empty leaves it where it is. */
    default Optional<String> position() {
        return Optional.empty();
    }

    /** Asked at the true end, of an incremental source: the keys of rows that each reading shows, wherever it begins, see {@link Unplaced}. */
    default Set<String> owed() {
        return Set.of();
    }

    /** Of records that steps have made of rows: the fields that the rows had which were read so far. Asked by other threads too. */
    default Set<String> rowFields() {
        return Set.of();
    }

    /** Asked at the true end: what else is worth knowing of what was read, in a sentence. */
    default Optional<String> note() {
        return Optional.empty();
    }

    /**
     * Whether another store that reads the object by itself, as {@link Source#stored} says, finds the same in it; asked at the true
     * end.
     */
    default boolean asStored() {
        return true;
    }

    @Override
    void close();
}
