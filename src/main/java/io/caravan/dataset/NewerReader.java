package io.caravan.dataset;

import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Leaves out what a run does not look at; its position is the greatest time of each series that was there. */
final class NewerReader implements RecordReader {

    private final RecordReader reader;
    private final Newer newer;
    private final Map<String, LocalDateTime> greatest;

    NewerReader(RecordReader reader, Newer newer) {
        this.reader = reader;
        this.newer = newer;
        this.greatest = new TreeMap<>(newer.last());
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        for (Optional<Record> next = reader.read(bad); next.isPresent(); next = reader.read(bad)) {
            Record record = next.get();
            LocalDateTime time = Newer.time(record).toLocalDateTime();
            greatest.merge(Newer.series(record), time, (a, b) -> a.isAfter(b) ? a : b);
            if (newer.has(record)) return next;
        }
        return Optional.empty();
    }

    @Override
    public Optional<String> position() {
        return Optional.of(Newer.position(greatest));
    }

    @Override
    public void close() {
        reader.close();
    }
}
