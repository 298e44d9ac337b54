package io.caravan.http;

import io.caravan.error.SettingChecks;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * How an API is asked for what changed between two days of UTC: the query parameter that says until when, beside that of {@link Since}, and
 * how both write the first moment of a day.
 */
record Windows(String untilParameter, String format) {

    static final Windows NONE = new Windows("", "time");

    private static final List<String> FORMATS = List.of("time", "date", "seconds", "millis");
    private static final int MILLIS = 3;

    /** {@code untilParameter}: blank where the API has none. */
    static Windows of(SettingChecks settings, String untilParameter, String sinceParameter, String format) {
        String until = untilParameter.strip();
        settings.must(
                        until.isEmpty() || !sinceParameter.isBlank(),
                        "sinceParameter",
                        "be set when untilParameter is",
                        sinceParameter)
                .must(
                        until.isEmpty() || !until.equals(sinceParameter.strip()),
                        "untilParameter",
                        "be another than sinceParameter",
                        until)
                .must(FORMATS.contains(format), "windowFormat", "be one of " + String.join(", ", FORMATS), format);
        return new Windows(until, format);
    }

    /** Whether the API can be asked for what lies before a day. */
    boolean asked() {
        return !untilParameter.isEmpty();
    }

    /** The first moment of a day, as the parameters say it. */
    String text(LocalDate day) {
        Instant first = day.atStartOfDay(ZoneOffset.UTC).toInstant();
        return switch (format) {
            case "date" -> day.toString();
            case "seconds" -> Long.toString(first.getEpochSecond());
            case "millis" -> Long.toString(first.toEpochMilli());
            default -> first.toString();
        };
    }

    /** The day of a value of the cursor, a number or a moment; empty where it says none. */
    Optional<LocalDate> day(Object value) {
        if (value instanceof Instant moment)
            return Optional.of(moment.atOffset(ZoneOffset.UTC).toLocalDate());
        boolean counts = format.equals("seconds") || format.equals("millis");
        if (!counts || !(value instanceof BigDecimal number)) return Optional.empty();
        BigDecimal seconds =
                (format.equals("millis") ? number.movePointLeft(MILLIS) : number).setScale(0, RoundingMode.FLOOR);
        boolean known = seconds.abs().compareTo(BigDecimal.valueOf(Instant.MAX.getEpochSecond())) < 0;
        return known
                ? Optional.of(Instant.ofEpochSecond(seconds.longValueExact())
                        .atOffset(ZoneOffset.UTC)
                        .toLocalDate())
                : Optional.empty();
    }
}
