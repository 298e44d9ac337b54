package io.caravan.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.observation.Observations;
import io.caravan.record.Record;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which observations a run looks at.
 *
 * @param last by series the greatest time that was published; empty looks at all
 * @param lookbackDays how many days up to that time are looked at again
 * @param oldest before this instant nothing is looked at
 */
record Newer(Map<String, LocalDateTime> last, long lookbackDays, Optional<Instant> oldest) {

    private static final ObjectMapper JSON = new ObjectMapper();

    boolean has(Record record) {
        OffsetDateTime time = time(record);
        if (oldest.filter(o -> time.toInstant().isBefore(o)).isPresent()) return false;
        LocalDateTime published = last.get(series(record));
        return published == null || time.toLocalDateTime().isAfter(published.minusDays(lookbackDays));
    }

    static OffsetDateTime time(Record record) {
        return OffsetDateTime.parse(record.get(Observations.TIME).orElseThrow().toString());
    }

    static String series(Record record) {
        return record.get(Observations.SERIES).orElseThrow().toString();
    }

    /** The times as a ledger keeps them. */
    static String position(Map<String, LocalDateTime> times) {
        Map<String, String> texts = new TreeMap<>();
        times.forEach((series, time) -> texts.put(series, time.toString()));
        try {
            return JSON.writeValueAsString(texts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static Map<String, LocalDateTime> times(String position) {
        try {
            Map<String, LocalDateTime> times = new TreeMap<>();
            JSON.readValue(position, new TypeReference<Map<String, String>>() {})
                    .forEach((series, time) -> times.put(series, LocalDateTime.parse(time)));
            return times;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("dataset: the position must be JSON", e);
        }
    }
}
