package io.caravan.object;

import io.caravan.error.SettingChecks;
import io.caravan.format.Columned;
import io.caravan.format.Columns;
import io.caravan.record.Record;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/** The rows of an object that a sink wrote, which it wrote sorted by key. */
final class StoredRows implements Iterator<Record>, AutoCloseable {

    private final String object;
    private final RecordReader reader;
    private Optional<Record> next;

    StoredRows(String object, RecordReader reader) {
        this.object = object;
        this.reader = reader;
    }

    /** Of formats that have columns; none of others. */
    Columns columns() {
        return reader instanceof Columned columned ? columned.columns() : new Columns();
    }

    @Override
    public boolean hasNext() {
        if (next == null) next = read();
        return next.isPresent();
    }

    @Override
    public Record next() {
        if (!hasNext()) throw new NoSuchElementException(object + ": no more rows");
        Record row = next.get();
        next = read();
        if (next.isPresent() && next.get().key().compareTo(row.key()) <= 0) {
            throw notOurs("be sorted by key", next.get().origin().toString());
        }
        return row;
    }

    private Optional<Record> read() {
        return reader.read(bad -> {
            throw notOurs("be as this sink wrote it", bad.reason());
        });
    }

    private IncompleteSourceException notOurs(String rule, String value) {
        return new IncompleteSourceException(
                SettingChecks.sentence("objects-sink", "the object " + object, rule, value));
    }

    @Override
    public void close() {
        reader.close();
    }
}
