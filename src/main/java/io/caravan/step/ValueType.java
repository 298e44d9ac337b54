package io.caravan.step;

import io.caravan.error.SettingChecks;
import io.caravan.record.JsonTexts;
import io.caravan.record.TextForms;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the text of one field is to become.
 *
 * @param kind the class of the values
 * @param rule what the text must do, as an error says it
 * @param parse the value of a text; throws {@link IllegalArgumentException} or {@link DateTimeException} when it has none
 */
public record ValueType(Class<?> kind, String rule, Function<String, Object> parse) {

    static final String NAMES =
            "be string, integer, decimal, double, boolean, json, date, timestamp; date(pattern) or timestamp(pattern); or"
                    + " integer, decimal or double(sample), as in decimal(1.234,56)";

    private static final Pattern SYNTAX = Pattern.compile("([a-z]+)(?:\\((.+)\\))?");
    private static final ZonedDateTime SAMPLE = ZonedDateTime.of(2001, 2, 3, 14, 5, 6, 123456789, ZoneOffset.UTC);

    /** The type of this name, or a reason of {@code settings} why there is none and null. */
    public static ValueType named(String name, SettingChecks settings, String field, ZoneId zone) {
        return named(name, settings, field, zone, Locale.ROOT);
    }

    /** The same. {@code locale}: the language of the names of months and days. */
    static ValueType named(String name, SettingChecks settings, String field, ZoneId zone, Locale locale) {
        Matcher m = SYNTAX.matcher(name);
        String pattern = m.matches() ? m.group(2) : null;
        try {
            ValueType type = m.matches() ? of(m.group(1), pattern, zone, locale) : null;
            settings.must(type != null, field, NAMES, name);
            if (type != null && pattern != null && !Number.class.isAssignableFrom(type.kind))
                type.tryOut(formatter(pattern, locale).format(SAMPLE));
            return type;
        } catch (IllegalArgumentException | DateTimeException e) {
            String rule = name.matches("(?s)(date|timestamp).*")
                    ? "have a pattern like yyyy-MM-dd HH:mm:ss that says all of it"
                    : "have a sample of its numbers like 1.234,56 or 12.5 %";
            settings.must(false, field, rule, pattern);
            return null;
        }
    }

    /** Whether a value is of the type, or is none that a text says: of json everything but texts. */
    public boolean holds(Object value) {
        return kind == Object.class ? !(value instanceof String) : kind.isInstance(value);
    }

    private void tryOut(String text) {
        if (!kind.isInstance(parse.apply(text))) throw new IllegalArgumentException(text);
    }

    private static ValueType of(String name, String pattern, ZoneId zone, Locale locale) {
        if (pattern != null) {
            return switch (name) {
                case "date" -> date(formatter(pattern, locale), "be a date like " + pattern);
                case "timestamp" -> timestamp(formatter(pattern, locale), "be a time like " + pattern, zone);
                case "integer" ->
                    new ValueType(Long.class, "be a whole number like " + pattern, new NumberForm(pattern)::whole);
                case "decimal" ->
                    new ValueType(BigDecimal.class, "be a number like " + pattern, new NumberForm(pattern)::value);
                case "double" -> {
                    NumberForm form = new NumberForm(pattern);
                    yield new ValueType(
                            Double.class,
                            "be a number like " + pattern,
                            text -> TextForms.real(form.value(text).toPlainString()));
                }
                default -> null;
            };
        }
        return switch (name) {
            case "string" -> new ValueType(String.class, "be a text", text -> text);
            case "integer" -> new ValueType(Long.class, "be a whole number of 64 bits", TextForms::whole);
            case "decimal" ->
                new ValueType(
                        BigDecimal.class,
                        "be a number of at most " + TextForms.MOST_DIGITS + " digits",
                        TextForms::number);
            case "double" -> new ValueType(Double.class, "be a number of 64 bits", TextForms::real);
            case "boolean" -> new ValueType(Boolean.class, "be true or false", TextForms::truth);
            case "json" -> new ValueType(Object.class, "be JSON", JsonTexts::value);
            case "date" -> date(DateTimeFormatter.ISO_LOCAL_DATE, "be a date like yyyy-MM-dd");
            case "timestamp" -> timestamp(DateTimeFormatter.ISO_DATE_TIME, "be an ISO-8601 time", zone);
            default -> null;
        };
    }

    private static ValueType date(DateTimeFormatter form, String rule) {
        return new ValueType(LocalDate.class, rule, text -> form.parse(text, LocalDate::from));
    }

    /** A time that says no offset is one of the zone. */
    private static ValueType timestamp(DateTimeFormatter form, String rule, ZoneId zone) {
        DateTimeFormatter zoned = form.withZone(zone);
        return new ValueType(Instant.class, rule, text -> zoned.parse(text, Instant::from));
    }

    /** Strict: no 30 February. So the year of an era, which is what y means, is read as the year. */
    private static DateTimeFormatter formatter(String pattern, Locale locale) {
        StringBuilder years = new StringBuilder(pattern);
        boolean literal = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\'') literal = !literal;
            else if (c == 'y' && !literal) years.setCharAt(i, 'u');
        }
        DateTimeFormatterBuilder builder = new DateTimeFormatterBuilder();
        if (!locale.equals(Locale.ROOT)) builder.parseCaseInsensitive();
        return builder.appendPattern(years.toString()).toFormatter(locale).withResolverStyle(ResolverStyle.STRICT);
    }
}
