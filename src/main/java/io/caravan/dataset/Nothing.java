package io.caravan.dataset;

import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import java.util.Optional;
import java.util.function.Consumer;

/** A file in which nobody looks for observations. */
final class Nothing implements RecordReader {

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
