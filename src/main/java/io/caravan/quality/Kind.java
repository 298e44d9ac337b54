package io.caravan.quality;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.Set;

/** What a value looks like, whatever a schema says. */
enum Kind {
    INTEGER,
    FLOAT,
    BOOLEAN,
    DATE,
    DATETIME,
    STRING;

    static final Set<String> TRUTHS = Set.of("true", "false", "yes", "no");
    private static final int DATE_LENGTH = 10;

    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendLiteral('T')
            .optionalEnd()
            .optionalStart()
            .appendLiteral(' ')
            .optionalEnd()
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendOffsetId()
            .toFormatter(Locale.ROOT);

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Kind of(Object value) {
        if (value instanceof Boolean) return BOOLEAN;
        if (value instanceof LocalDate) return DATE;
        if (value instanceof LocalDateTime || value instanceof Instant) return DATETIME;
        if (value instanceof Number number) return whole(number) ? INTEGER : FLOAT;
        if (!(value instanceof String)) return STRING;
        String text = ((String) value).strip();
        if (isWhole(text)) return INTEGER;
        if (!Double.isNaN(Values.number(text))) return FLOAT;
        if (TRUTHS.contains(Values.lower(text))) return BOOLEAN;
        if (isTime(text)) return text.length() == DATE_LENGTH ? DATE : DATETIME;
        return STRING;
    }

    /** Whether values of this kind are all right in a column whose values are mostly of another. */
    boolean fits(Kind expected) {
        return this == expected
                || expected == STRING
                || this == INTEGER && expected == FLOAT
                || this == DATE && expected == DATETIME;
    }

    static boolean whole(Number number) {
        if (number instanceof Double d) return d == Math.rint(d) && !Double.isInfinite(d);
        return !(number instanceof BigDecimal d)
                || d.signum() == 0
                || d.stripTrailingZeros().scale() <= 0;
    }

    static boolean isWhole(String text) {
        int from = !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+') ? 1 : 0;
        if (from == text.length()) return false;
        for (int i = from; i < text.length(); i++) if (text.charAt(i) < '0' || text.charAt(i) > '9') return false;
        return true;
    }

    /** An ISO date, or one with a time, perhaps with an offset. */
    static boolean isTime(String text) {
        if (text.length() < DATE_LENGTH || text.length() > 40 || text.charAt(4) != '-') return false;
        try {
            if (text.length() == DATE_LENGTH) LocalDate.parse(text);
            else TIME.parse(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }
}
