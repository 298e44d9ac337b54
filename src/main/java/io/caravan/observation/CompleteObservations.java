package io.caravan.observation;

import io.caravan.delivery.RunContext;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.observation.ObservationStep.Listed;
import io.caravan.step.ApplyStep;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Completes the observations of the batch in the body; see {@link ObservationStep}. */
public final class CompleteObservations implements Processor {

    private static final String UNIT = "observations-action";

    private final Map<String, Listed> series;

    /** @param series {@code code=unit;frequency}, comma separated, either of which may be blank; blank leaves all as they are */
    public CompleteObservations(String series) {
        this(listed(series));
    }

    private CompleteObservations(Map<String, Listed> series) {
        this.series = series;
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
        return new CompleteObservations(series);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        new ApplyStep(new ObservationStep(RunContext.of(exchange).started(), series)).process(exchange);
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
