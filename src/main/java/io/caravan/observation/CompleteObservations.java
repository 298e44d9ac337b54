package io.caravan.observation;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.record.Fields;
import io.caravan.record.Record;
import io.caravan.step.Step;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Says of each observation when the run began that found it ({@code collection_date}, UTC, to the microsecond), and the unit and frequency that
 * are listed of its series; one of a series that is not listed keeps what it has. Tombstones pass unchanged.
 */
public final class CompleteObservations implements Step {

    private static final String UNIT = "observations-action";
    private static final TimeRule UTC = new TimeRule("", Locale.ROOT, ZoneOffset.UTC);

    /** What is listed of a series; null where nothing is. */
    private record Listed(String unit, String frequency) {}

    private final Map<String, Listed> series;
    private final Instant began;

    /** @param series {@code code=unit;frequency}, comma separated, either of which may be blank; blank leaves all as they are */
    public CompleteObservations(String series) {
        this(listed(series), Instant.now());
    }

    private CompleteObservations(Map<String, Listed> series, Instant began) {
        this.series = series;
        this.began = began;
    }

    /** With what {@code series_map} lists; what else there is of settings, and whether they are right, is the parser's. */
    public static CompleteObservations of(Map<String, Object> parseConfig) {
        SettingChecks checks = new SettingChecks(SeriesMap.UNIT);
        SeriesMap map = new SeriesMap(parseConfig, checks);
        Map<String, Listed> series = new LinkedHashMap<>();
        for (SettingMap entry : map.entries()) {
            String unit = entry.text("unit", map.defaults().text("unit", null));
            String frequency = entry.text("frequency", map.defaults().text("frequency", null));
            series.put(entry.required("internal_series_code"), new Listed(unit, frequency));
        }
        checks.check();
        return new CompleteObservations(series, Instant.now());
    }

    @Override
    public Step at(Instant runBegan) {
        return new CompleteObservations(series, runBegan);
    }

    @Override
    public List<Record> apply(List<Record> batch, BiConsumer<Record, BadRecordException> reject) {
        String collected = UTC.text(began.truncatedTo(ChronoUnit.MICROS), null);
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

    private static Map<String, Listed> listed(String series) {
        SettingChecks checks = new SettingChecks(UNIT);
        Map<String, Listed> listed = new LinkedHashMap<>();
        for (String entry : SettingList.of(series)) {
            int equals = entry.indexOf('=');
            int between = entry.indexOf(';', equals);
            checks.must(equals > 0 && between > 0, "series", "be code=unit;frequency, ...", entry);
            if (equals <= 0 || between <= 0) continue;
            Listed its = new Listed(some(entry.substring(equals + 1, between)), some(entry.substring(between + 1)));
            boolean first = listed.put(entry.substring(0, equals).strip(), its) == null;
            checks.must(first, "series", "list a series once", entry);
        }
        checks.check();
        return listed;
    }

    private static String some(String text) {
        return text.isBlank() ? null : text.strip();
    }
}
