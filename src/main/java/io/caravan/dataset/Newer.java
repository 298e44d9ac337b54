package io.caravan.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.observation.Observations;
import io.caravan.record.Record;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which observations a run looks at.
 *
 * <ul>
 *   <li>where the clocks of the zone show a time twice, what follows its first time is newer: what was seen already is no news
 *   <li>a last time that is still to come hides nothing that is not
 * </ul>
 *
 * @param last by series the greatest time that was published; empty looks at all
 * @param lookbackDays how many days up to that time are looked at again
 * @param oldest before this instant nothing is looked at
 * @param zone whose clocks showed the last times
 * @param now what is later is still to come
 */
record Newer(Map<String, LocalDateTime> last, long lookbackDays, Optional<Instant> oldest, ZoneId zone, Instant now) {

    private static final ObjectMapper JSON = new ObjectMapper();

    boolean has(Record record) {
        OffsetDateTime time = time(record);
        if (oldest.filter(o -> time.toInstant().isBefore(o)).isPresent()) return false;
        LocalDateTime published = last.get(series(record));
        if (published == null || (isAhead(published) && !isAhead(record))) return true;
        LocalDateTime from = published.minusDays(lookbackDays);
        return time.toLocalDateTime().isAfter(from) || time.toInstant().isAfter(first(from));
    }

    /** Whether it is of a time that is still to come, as forecasts and slips of the pen are. */
    boolean isAhead(Record record) {
        return time(record).toInstant().isAfter(now);
    }

    boolean isAhead(LocalDateTime time) {
        return first(time).isAfter(now);
    }

    /** When the clocks showed it; the first time, where they did twice. */
    private Instant first(LocalDateTime time) {
        return time.atZone(zone).withEarlierOffsetAtOverlap().toInstant();
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
