package io.caravan.http;

import io.caravan.error.SettingChecks;
import io.caravan.record.Record;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * How an API is asked only for what changed: the query parameter that says since when, and the field of its records that says when
 * each did. Values are whole numbers, decimals, ISO-8601 times and dates, or texts in their order.
 */
final class Since {

    /** Clocks differ: a time that lies further ahead of ours is none of a change that was. */
    private static final Duration AHEAD = Duration.ofMinutes(1);

    /** The whole list, always. */
    static final Since EVER = new Since(new SettingChecks(""), "", "", 0, Clock.systemUTC());

    private final String parameter;
    private final String field;
    private final long lookbackSeconds;
    private final Clock clock;

    /** Both blank: the whole list is asked for in every run. */
    Since(SettingChecks settings, String parameter, String field, long lookbackSeconds, Clock clock) {
        this.parameter = parameter.strip();
        this.field = field.strip();
        settings.must(
                        this.parameter.isEmpty() == this.field.isEmpty(),
                        this.parameter.isEmpty() ? "sinceParameter" : "cursorField",
                        "be set when " + (this.parameter.isEmpty() ? "cursorField" : "sinceParameter") + " is",
                        "")
                .must(
                        lookbackSeconds == 0 || !this.field.isEmpty(),
                        "cursorField",
                        "be set when there is a lookback",
                        "")
                .between("lookbackSeconds", lookbackSeconds, 0, 315_360_000);
        this.lookbackSeconds = lookbackSeconds;
        this.clock = clock;
    }

    /** Whether it is asked by what changed. */
    boolean asked() {
        return !parameter.isEmpty();
    }

    String parameter() {
        return parameter;
    }

    String field() {
        return field;
    }

    /** What the parameter says to go on from a position. */
    String value(String position) {
        At at = at(position);
        if (lookbackSeconds == 0) return position;
        if (at.value() instanceof Instant time && position.length() > "yyyy-MM-dd".length()) {
            String text = time.minusSeconds(lookbackSeconds).toString();
            return position.matches(".*(?:Z|[+-]\\d\\d:?\\d\\d)$") ? text : text.replace("Z", "");
        }
        if (at.value() instanceof Instant time) {
            return time.minusSeconds(lookbackSeconds)
                    .atOffset(ZoneOffset.UTC)
                    .toLocalDate()
                    .toString();
        }
        return position;
    }

    /** The day of a record in UTC, where its field says a moment as the windows do; a time without an offset is one of UTC. */
    Optional<LocalDate> day(Record record, Windows windows) {
        return record.get(field)
                .filter(value -> value instanceof Number || value instanceof String)
                .map(value -> value instanceof BigDecimal number ? number.toPlainString() : value.toString())
                .flatMap(text -> windows.day(at(text).value()));
    }

    /** Looks at records that are read from a position on. */
    Seen seen(Optional<String> position) {
        return new Seen(position);
    }

    /** The greatest value that was seen. Used by one thread at a time. */
    final class Seen {

        private String greatest;
        private At at;
        private long without;
        private long ahead;

        private Seen(Optional<String> position) {
            this.greatest = position.orElse(null);
            this.at = position.map(Since::at).orElse(null);
        }

        /** Whether it looks at records at all. */
        boolean wanted() {
            return asked();
        }

        void saw(Record record) {
            if (!asked()) return;
            Optional<Object> value = record.get(field).filter(v -> v instanceof Number || v instanceof String);
            if (value.isEmpty() || value.get().toString().isBlank()) {
                without++;
                return;
            }
            String text = value.get() instanceof BigDecimal n
                    ? n.toPlainString()
                    : value.get().toString();
            At next = at(text);
            if (at != null && at.value().getClass() != next.value().getClass()) without++;
            else if (next.value() instanceof Instant time
                    && time.isAfter(clock.instant().plus(AHEAD))) ahead++;
            else if (at == null || compare(next.value(), at.value()) > 0) {
                at = next;
                greatest = text;
            }
        }

        /** Where the next reading begins. */
        Optional<String> position() {
            return Optional.ofNullable(greatest);
        }

        /** What is to be said of records that only a whole reading shows again. */
        Optional<String> note(String unit) {
            if (without == 0 && ahead == 0) return Optional.empty();
            return Optional.of(
                    unit + ": " + field + " must be a number, time or text that others can be compared with and"
                            + " not lie ahead, got '" + (without + ahead)
                            + " records without'; a change of these is read with --full");
        }
    }

    private record At(Comparable<?> value) {}

    private static At at(String text) {
        if (text.matches("[+-]?[0-9]{1,30}(?:\\.[0-9]{1,30})?")) return new At(new BigDecimal(text));
        try {
            if (text.matches("\\d{4}-\\d\\d-\\d\\d")) {
                return new At(LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC));
            }
            if (text.matches("\\d{4}-\\d\\d-\\d\\dT.*")) return new At(time(text));
        } catch (DateTimeException e) {
            // a text like others
        }
        return new At(text);
    }

    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        }
    }

    @SuppressWarnings("unchecked") // both are of one class
    private static int compare(Comparable<?> one, Comparable<?> other) {
        return ((Comparable<Object>) one).compareTo(other);
    }
}
