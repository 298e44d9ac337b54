package io.caravan.http;

import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.Days;
import io.caravan.source.RecordReader;
import java.time.LocalDate;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The records of some days, whatever else an API answers with: one that takes no notice of the days that it was asked for, or counts the
 * last moment in, brings no record of another slice into this one. No position is told, as this is no reading up to now.
 */
final class RecordsOfDays implements RecordReader {

    private final RecordReader all;
    private final String name;
    private final String field;
    private final Days days;
    private final Function<Record, Optional<LocalDate>> day;
    private long others;
    private long without;

    /** {@code day}: that of a record by its {@code field}. */
    RecordsOfDays(RecordReader all, String name, String field, Days days, Function<Record, Optional<LocalDate>> day) {
        this.all = all;
        this.name = name;
        this.field = field;
        this.days = days;
        this.day = day;
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        for (Optional<Record> record = all.read(bad); record.isPresent(); record = all.read(bad)) {
            Optional<LocalDate> lies = day.apply(record.get());
            if (days.have(lies)) return record;
            if (lies.isPresent()) others++;
            else without++;
        }
        return Optional.empty();
    }

    @Override
    public Optional<String> note() {
        if (!days.within() || others + without == 0) return Optional.empty();
        return Optional.of(name + ": records of other days were passed over: " + others
                + (without == 0
                        ? ""
                        : ", and such whose " + field + " says no day: " + without
                                + "; windowFormat says what its numbers count"));
    }

    @Override
    public void close() {
        all.close();
    }
}
