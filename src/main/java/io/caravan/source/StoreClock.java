package io.caravan.source;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A store's own time as a reading began, against which its cursors are held: Instant, LocalDateTime, LocalDate, and texts that are
 * such in ISO 8601; numbers where {@link CursorTime} says what they count. Other values are no times, and always reached. A local time of no
 * known zone is of the machine's zone or of UTC: it is reached in both, ahead only in both.
 */
public final class StoreClock {

    private static final Duration OFF = Duration.ofMinutes(1);
    private static final Duration OFF_LOCALLY = Duration.ofDays(1);

    private static final DateTimeFormatter TEXT = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd[['T'][' ']HH:mm[:ss]")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .appendPattern("[XXX][XX][X]]")
            .toFormatter()
            .withResolverStyle(ResolverStyle.STRICT);

    private final Instant began;
    private final CursorTime meaning;
    private final long nanos = System.nanoTime();
    private final List<ZoneId> zones = List.of(ZoneId.systemDefault(), ZoneOffset.UTC);

    /** {@code began}: what the store says, asked before it was read. */
    public StoreClock(Instant began) {
        this(began, CursorTime.UNKNOWN);
    }

    private StoreClock(Instant began, CursorTime meaning) {
        this.began = began;
        this.meaning = meaning;
    }

    /** The same, which knows what the values of a cursor are. */
    public StoreClock of(CursorTime cursor) {
        return new StoreClock(began, cursor);
    }

    /** What the store said. */
    public Instant began() {
        return began;
    }

    /** Whether the store's time had come to the value when the reading began, so that nothing before it can be new later. */
    public boolean reached(Object value) {
        return !after(value, began, true);
    }

    /** Whether the value lies ahead of the store's time now. */
    public boolean ahead(Object value) {
        return after(value, now(), false);
    }

    /** The same, by more than clocks are set forward and back. */
    public boolean farAhead(Object value) {
        boolean local = time(value) instanceof LocalDateTime || time(value) instanceof LocalDate;
        return after(value, now().plus(local ? OFF_LOCALLY : OFF), false);
    }

    private Instant now() {
        return began.plusNanos(System.nanoTime() - nanos);
    }

    private boolean after(Object value, Instant then, boolean inAnyZone) {
        Object time = time(value);
        if (time instanceof Instant instant) return instant.isAfter(then);
        if (time instanceof LocalDateTime local) return zones(inAnyZone, zone -> local.isAfter(at(then, zone)));
        if (time instanceof LocalDate day)
            return zones(inAnyZone, zone -> day.isAfter(at(then, zone).toLocalDate()));
        return false;
    }

    private boolean zones(boolean any, Predicate<ZoneId> after) {
        return any ? zones.stream().anyMatch(after) : zones.stream().allMatch(after);
    }

    private static LocalDateTime at(Instant then, ZoneId zone) {
        return LocalDateTime.ofInstant(then, zone);
    }

    private Object time(Object value) {
        return meaning.of(value instanceof String text ? parsed(text).orElse(text) : value);
    }

    private static Optional<Object> parsed(String text) {
        if (text.length() < 10 || text.charAt(4) != '-') return Optional.empty();
        try {
            TemporalAccessor time = TEXT.parseBest(text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
            return Optional.of(time instanceof OffsetDateTime offset ? offset.toInstant() : time);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
