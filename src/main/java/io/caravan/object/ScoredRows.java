package io.caravan.object;

import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The rows of an object that is looked at once before: it is opened again for them only when nothing was thrown. */
final class ScoredRows implements RecordReader {

    private final Runnable look;
    private final Supplier<RecordReader> open;
    private volatile RecordReader rows;

    ScoredRows(Runnable look, Supplier<RecordReader> open) {
        this.look = look;
        this.open = open;
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        if (rows == null) {
            look.run();
            rows = open.get();
        }
        return rows.read(bad);
    }

    @Override
    public Set<String> rowFields() {
        RecordReader begun = rows;
        return begun == null ? Set.of() : begun.rowFields();
    }

    @Override
    public Optional<String> note() {
        return rows.note();
    }

    @Override
    public boolean asStored() {
        return rows.asStored();
    }

    @Override
    public void close() {
        RecordReader begun = rows;
        if (begun != null) begun.close();
    }
}
