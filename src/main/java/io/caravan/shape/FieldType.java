package io.caravan.shape;

import io.caravan.record.TextForms;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The type of a field, which its mapping says; what a value looks like never does.
 *
 * @param rule what a value must do, as an error says it
 * @param convert the value as one of this type; throws IllegalArgumentException, ArithmeticException or DateTimeException when it is none
 */
record FieldType(String rule, String remedy, Function<Object, Object> convert) {

    static final List<String> NAMES = List.of("text", "integer", "decimal", "double", "boolean", "date", "timestamp");

    private static final String NUMBER = "write it in digits, with a dot before a fraction";

    /** A type without formats. */
    static FieldType named(String name) {
        return switch (name) {
            case "text" -> new FieldType("be a text", "write one value", FieldType::text);
            case "integer" -> new FieldType("be a whole number of 64 bits", "write it in digits", FieldType::whole);
            case "decimal" ->
                new FieldType("be a number of at most " + TextForms.MOST_DIGITS + " digits", NUMBER, FieldType::number);
            case "double" -> new FieldType("be a number of 64 bits", NUMBER, FieldType::real);
            case "boolean" -> new FieldType("be TRUE or FALSE", "write TRUE or FALSE", FieldType::truth);
            default -> throw new IllegalArgumentException(name);
        };
    }

    /**
     * A day, as LocalDate, or a time, as Instant; a text in any of these formats. Where none says a time of the day it is 00:00, where none
     * says an offset the zone's; of a local time that the zone has twice or not, the offset before the change counts.
     */
    static FieldType dated(boolean withTime, List<String> patterns, ZoneId zone) {
        List<DateTimeFormatter> formats =
                patterns.stream().map(FieldType::formatter).toList();
        String forms = String.join(" or ", patterns);
        return new FieldType(
                "be a " + (withTime ? "time" : "date") + " like " + forms,
                "write it like " + patterns.get(0),
                value -> withTime ? time(value, formats, zone) : date(value, formats));
    }

    /** Strict: no 30 February. So the year of an era, which is what y means, is read as the year. */
    static DateTimeFormatter formatter(String pattern) {
        StringBuilder years = new StringBuilder(pattern);
        boolean literal = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\'') literal = !literal;
            else if (c == 'y' && !literal) years.setCharAt(i, 'u');
        }
        return new DateTimeFormatterBuilder()
                .appendPattern(years.toString())
                .toFormatter(Locale.ROOT)
                .withResolverStyle(ResolverStyle.STRICT);
    }

    private static Object text(Object value) {
        return Texts.of(value).orElseThrow(IllegalArgumentException::new);
    }

    private static String digits(Object value) {
        return Texts.of(value).orElseThrow(IllegalArgumentException::new).strip();
    }

    private static Object whole(Object value) {
        return value instanceof Long ? value : TextForms.whole(digits(value));
    }

    private static Object number(Object value) {
        return value instanceof BigDecimal ? value : TextForms.number(digits(value));
    }

    private static Object real(Object value) {
        return value instanceof Double ? value : TextForms.real(digits(value));
    }

    private static Object truth(Object value) {
        if (value instanceof Boolean) return value;
        return switch (digits(value)) {
            case "TRUE" -> true;
            case "FALSE" -> false;
            default -> throw new IllegalArgumentException();
        };
    }

    private static Object date(Object value, List<DateTimeFormatter> formats) {
        if (value instanceof LocalDate) return value;
        return parsed(value, formats).query(LocalDate::from);
    }

    private static Object time(Object value, List<DateTimeFormatter> formats, ZoneId zone) {
        if (value instanceof Instant) return value;
        if (value instanceof LocalDateTime local) return local.atZone(zone).toInstant();
        if (value instanceof LocalDate day) return day.atStartOfDay(zone).toInstant();
        TemporalAccessor said = parsed(value, formats);
        LocalDate day = said.query(LocalDate::from);
        if (said.query(TemporalQueries.localTime()) == null)
            return day.atStartOfDay(zone).toInstant();
        ZoneId its = said.query(TemporalQueries.zone());
        return LocalDateTime.from(said).atZone(its == null ? zone : its).toInstant();
    }

    private static TemporalAccessor parsed(Object value, List<DateTimeFormatter> formats) {
        String text = digits(value);
        for (DateTimeFormatter format : formats) {
            try {
                return format.parse(text);
            } catch (DateTimeException e) {
                // perhaps another one
            }
        }
        throw new DateTimeException(text);
    }
}
