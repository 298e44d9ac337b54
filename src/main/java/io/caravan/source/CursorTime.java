package io.caravan.source;

import io.caravan.error.SettingChecks;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;

/**
 * Which moment the values of a cursor are where they do not say it themselves: numbers that count seconds, milliseconds or microseconds
 * since 1970, or local times and dates of one zone. Without a setting numbers are no times.
 */
public final class CursorTime {

    /** Nobody said. */
    public static final CursorTime UNKNOWN = new CursorTime(Optional.empty(), Optional.empty());

    /** By word, as what power of ten a second has so many. */
    private static final Map<String, Integer> UNITS = Map.of("seconds", 0, "millis", 3, "micros", 6);

    private final Optional<Integer> digits;
    private final Optional<ZoneId> zone;

    private CursorTime(Optional<Integer> digits, Optional<ZoneId> zone) {
        this.digits = digits;
        this.zone = zone;
    }

    /** What the setting {@code cursorTime} says; blank for {@link #UNKNOWN}. */
    public static CursorTime of(SettingChecks settings, String text) {
        String word = text.strip();
        if (word.isEmpty()) return UNKNOWN;
        if (UNITS.containsKey(word)) return new CursorTime(Optional.of(UNITS.get(word)), Optional.empty());
        try {
            return new CursorTime(Optional.empty(), Optional.of(ZoneId.of(word)));
        } catch (DateTimeException e) {
            settings.must(false, "cursorTime", "be seconds, millis, micros, or a zone such as Europe/Berlin", text);
            return UNKNOWN;
        }
    }

    /** Whether numbers are times. */
    public boolean counts() {
        return digits.isPresent();
    }

    /** Whether local times and dates are of a zone. */
    public boolean zoned() {
        return zone.isPresent();
    }

    /** The number that stands for the first moment of a day in UTC; asked where numbers are times. */
    public BigDecimal number(LocalDate day) {
        long seconds = day.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
        return BigDecimal.valueOf(seconds).movePointRight(digits.orElseThrow());
    }

    /** The moment of the value, a date's that of its midnight; the value itself where nobody knows. */
    Object of(Object value) {
        if (digits.isPresent() && value instanceof Number number) return counted(number, value);
        if (zone.isPresent() && value instanceof LocalDateTime time)
            return time.atZone(zone.get()).toInstant();
        if (zone.isPresent() && value instanceof LocalDate day)
            return day.atStartOfDay(zone.get()).toInstant();
        return value;
    }

    private Object counted(Number number, Object value) {
        BigDecimal seconds = (number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString()))
                .movePointLeft(digits.get());
        BigDecimal last = BigDecimal.valueOf(Instant.MAX.getEpochSecond());
        if (seconds.compareTo(last) > 0) return Instant.MAX;
        if (seconds.compareTo(last.negate()) < 0) return Instant.EPOCH;
        long whole = seconds.setScale(0, RoundingMode.FLOOR).longValueExact();
        return Instant.ofEpochSecond(
                whole,
                seconds.subtract(BigDecimal.valueOf(whole)).movePointRight(9).longValue());
    }
}
