package io.caravan.run;

import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The first rows of a source, whichever objects they are in; those that are no records count too. Without a limit they are all
 * rows.
 */
final class FirstRows {

    private final boolean limited;
    private final AtomicLong left;

    FirstRows(Optional<Long> limit) {
        this.limited = limit.isPresent();
        this.left = new AtomicLong(limit.orElse(0L));
    }

    /** Whether there is a limit: what was read by it is never the whole source. */
    boolean limited() {
        return limited;
    }

    /** Whether the limit is reached. */
    boolean all() {
        return limited && left.get() <= 0;
    }

    /** The rows of an object up to the limit; the reader stays the caller's. */
    RecordReader of(RecordReader reader) {
        return limited ? new Limited(reader) : reader;
    }

    private final class Limited implements RecordReader {

        private final RecordReader reader;

        Limited(RecordReader reader) {
            this.reader = reader;
        }

        @Override
        public Optional<Record> read(Consumer<BadRow> bad) {
            if (all()) return Optional.empty();
            try {
                Optional<Record> record = reader.read(row -> {
                    bad.accept(row);
                    if (left.decrementAndGet() <= 0) throw new LastRow();
                });
                if (record.isPresent()) left.decrementAndGet();
                return record;
            } catch (LastRow e) {
                return Optional.empty();
            }
        }

        @Override
        public void close() {
            reader.close();
        }
    }

    /** A row that is no record was the last one: its reader would go on to the next that is. */
    private static final class LastRow extends RuntimeException {

        private static final long serialVersionUID = 1L;

        LastRow() {
            super("the last row", null, false, false);
        }
    }
}
