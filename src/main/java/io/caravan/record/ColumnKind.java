package io.caravan.record;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** What the values of a column are, as far as they show it: a text that says a number, date or time counts as that. */
public enum ColumnKind {
    /** No value was seen. */
    NOTHING,
    INTEGER,
    DECIMAL,
    BOOLEAN,
    DATE,
    TIMESTAMP,
    BYTES,
    LIST,
    MAP,
    TEXT,
    /** Some are lists or maps, others are not. */
    ANY;

    private static final int MOST_DIGITS = 19;
    private static final Pattern DAY = Pattern.compile("\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])");
    private static final Pattern TIME = Pattern.compile(
            DAY.pattern() + "[T ]([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d([.,]\\d+)?)?( ?(Z|[+-]\\d\\d:?(\\d\\d)?))?");

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static ColumnKind named(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** Of null and blank texts nothing. */
    public static ColumnKind of(Object value) {
        if (value == null) return NOTHING;
        if (value instanceof String text) return ofText(text);
        if (value instanceof Long || value instanceof Integer) return INTEGER;
        if (value instanceof BigDecimal || value instanceof Double) return DECIMAL;
        if (value instanceof Boolean) return BOOLEAN;
        if (value instanceof LocalDate) return DATE;
        if (value instanceof Instant || value instanceof LocalDateTime) return TIMESTAMP;
        if (value instanceof byte[]) return BYTES;
        if (value instanceof Map) return MAP;
        if (value instanceof Sealed) return TEXT;
        return value instanceof List || value.getClass().isArray() ? LIST : TEXT;
    }

    private static ColumnKind ofText(String said) {
        String text = said.strip();
        if (text.isEmpty()) return NOTHING;
        char first = text.charAt(0);
        if (first == '-' || first >= '0' && first <= '9') {
            ColumnKind number = number(text);
            if (number != TEXT || first == '-') return number;
            if (text.length() < 10 || text.charAt(4) != '-') return TEXT;
            if (DAY.matcher(text).matches()) return DATE;
            return TIME.matcher(text).matches() ? TIMESTAMP : TEXT;
        }
        return text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false") ? BOOLEAN : TEXT;
    }

    /** Digits with a nought before them name something, and count nothing. */
    private static ColumnKind number(String text) {
        int at = text.charAt(0) == '-' ? 1 : 0;
        int begin = at;
        while (at < text.length() && isDigit(text.charAt(at))) at++;
        int digits = at - begin;
        if (digits == 0 || digits > 1 && text.charAt(begin) == '0') return TEXT;
        if (at == text.length()) return digits < MOST_DIGITS ? INTEGER : DECIMAL;
        if (text.charAt(at) != '.' || at + 1 == text.length()) return TEXT;
        for (at++; at < text.length(); at++) if (!isDigit(text.charAt(at))) return TEXT;
        return DECIMAL;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Whether a column of this kind stays it with such a value. */
    public boolean holds(Object value) {
        if (value == null || this == ANY) return true;
        if (this == TEXT) return value instanceof String || !of(value).isNested();
        return with(of(value)) == this;
    }

    /** The narrowest kind that holds what both hold. */
    public ColumnKind with(ColumnKind other) {
        if (this == other || other == NOTHING) return this;
        if (this == NOTHING) return other;
        if (isNumber() && other.isNumber()) return DECIMAL;
        return isNested() || other.isNested() ? ANY : TEXT;
    }

    private boolean isNumber() {
        return this == INTEGER || this == DECIMAL;
    }

    private boolean isNested() {
        return this == LIST || this == MAP || this == ANY;
    }
}
