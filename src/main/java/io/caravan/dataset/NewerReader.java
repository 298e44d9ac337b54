package io.caravan.dataset;

import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves out what a run does not look at; its position is the greatest time of each series that was there. Observations of times
 * that are still to come are handed on and named, and move the position only of a series that has no others.
 */
final class NewerReader implements RecordReader {

    private static final Logger LOG = LoggerFactory.getLogger(NewerReader.class);

    private final RecordReader reader;
    private final Newer newer;
    private final Map<String, LocalDateTime> greatest;
    private final String dataset;
    /** By series the last observation of a time that is still to come. */
    private final Map<String, OffsetDateTime> ahead = new TreeMap<>();

    NewerReader(String dataset, RecordReader reader, Newer newer) {
        this.dataset = dataset;
        this.reader = reader;
        this.newer = newer;
        this.greatest = new TreeMap<>(newer.last());
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        for (Optional<Record> next = reader.read(bad); next.isPresent(); next = reader.read(bad)) {
            Record record = next.get();
            OffsetDateTime time = Newer.time(record);
            if (newer.isAhead(record)) {
                ahead.merge(Newer.series(record), time, (a, b) -> a.isAfter(b) ? a : b);
            } else {
                greatest.merge(Newer.series(record), time.toLocalDateTime(), (a, b) -> a.isAfter(b) ? a : b);
            }
            if (newer.has(record)) return next;
        }
        settleThoseAhead();
        return Optional.empty();
    }

    private void settleThoseAhead() {
        ahead.forEach((series, time) -> {
            LocalDateTime other = greatest.get(series);
            if (other == null || newer.isAhead(other)) {
                greatest.merge(series, time.toLocalDateTime(), (a, b) -> a.isAfter(b) ? a : b);
                return;
            }
            LOG.warn(
                    "{}: {} has observations of times that are still to come, the last of {}; they are published, and do"
                            + " not move its state",
                    dataset,
                    series,
                    time);
        });
        ahead.clear();
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
