package io.caravan.observation;

import io.caravan.error.BadRecordException;
import io.caravan.record.Fields;
import io.caravan.record.Record;
import io.caravan.step.Step;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Says of each observation when the run began that found it ({@code collection_date}, UTC, to the microsecond), and the unit and frequency that
 * are listed of its series; one of a series that is not listed keeps what it has. Tombstones pass unchanged.
 */
final class ObservationStep implements Step {

    /** What is listed of a series; null where nothing is. */
    record Listed(String unit, String frequency) {}

    private static final TimeRule UTC = new TimeRule("", Locale.ROOT, ZoneOffset.UTC);

    private final String collected;
    private final Map<String, Listed> series;

    ObservationStep(Instant started, Map<String, Listed> series) {
        this.collected = UTC.text(started.truncatedTo(ChronoUnit.MICROS), null);
        this.series = Map.copyOf(series);
    }

    @Override
    public List<Record> apply(List<Record> batch, BiConsumer<Record, BadRecordException> reject) {
        List<Record> changed = new ArrayList<>(batch.size());
        Fields fields = null;
        Fields extended = null;
        for (Record record : batch) {
            if (record.deleted()) {
                changed.add(record);
                continue;
            }
            Record listed = listed(record);
            if (listed.fields().indexOf(Observations.COLLECTED) >= 0) {
                changed.add(listed.with(Observations.COLLECTED, collected));
                continue;
            }
            if (listed.fields() != fields) {
                fields = listed.fields();
                List<String> names = new ArrayList<>(fields.names());
                names.add(Observations.COLLECTED);
                extended = new Fields(names);
            }
            changed.add(listed.with(extended, collected));
        }
        return changed;
    }

    private Record listed(Record record) {
        Listed its = record.get(Observations.SERIES).map(series::get).orElse(null);
        if (its == null) return record;
        Record changed = its.unit() == null ? record : record.with(Observations.UNIT, its.unit());
        return its.frequency() == null ? changed : changed.with(Observations.FREQUENCY, its.frequency());
    }
}
