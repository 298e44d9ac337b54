package io.caravan.object;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

/**
 * Values as texts that sort as the values do: nothing and blanks first, then numbers, also those that are texts, then dates and times
 * (a date is its midnight, one without a zone is UTC), then all other texts.
 */
final class Rank {

    private static final Pattern NUMBER = Pattern.compile("[+-]?(?:[0-9]{1,400}\\.?[0-9]{0,400}|\\.[0-9]{1,400})");
    private static final Pattern TIME = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].{2,40})?");
    /** No whole part of a number that counts has more digits. */
    private static final int DIGITS = 400;

    /** What the rank of a date or time begins with. */
    static final String TIME_RANK = "2";

    private Rank() {}

    static String of(Object value) {
        if (value == null) return "0";
        if (value instanceof Double number && !Double.isFinite(number)) {
            return number.isNaN() ? "0" : number > 0 ? "1:" : "10";
        }
        if (value instanceof Number) return number(new BigDecimal(value.toString()));
        if (value instanceof Instant time) return time(time);
        if (value instanceof LocalDateTime time) return time(time.toInstant(ZoneOffset.UTC));
        if (value instanceof LocalDate date) return time(date.atStartOfDay().toInstant(ZoneOffset.UTC));
        String text = value.toString().strip();
        if (text.isEmpty()) return "0";
        if (NUMBER.matcher(text).matches()) return number(new BigDecimal(text));
        if (TIME.matcher(text).matches()) {
            try {
                return time(parsed(text.replace(' ', 'T')));
            } catch (DateTimeParseException e) {
                // a text like others
            }
        }
        return "3" + text;
    }

    private static Instant parsed(String text) {
        if (text.indexOf('T') < 0) return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
        }
    }

    /** The number of digits before the point, then all digits; of a negative number each digit is what lacks to 9. */
    private static String number(BigDecimal number) {
        BigDecimal shortest = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        if (shortest.signum() == 0) return "15";
        int before =
                shortest.precision() - shortest.scale() + DIGITS * 25; // an exponent of up to 10,000 is one of JSON
        String digits = String.format("%06d", Math.max(before, 0))
                + shortest.unscaledValue().abs();
        if (shortest.signum() > 0) return "16" + digits;
        StringBuilder lacking = new StringBuilder("14");
        digits.chars().forEach(c -> lacking.append((char) ('9' - (c - '0'))));
        return lacking.append(':').toString(); // -1 is more than -1.5
    }

    private static String time(Instant time) {
        return TIME_RANK + String.format("%020d%09d", time.getEpochSecond() + (1L << 40), time.getNano());
    }
}
