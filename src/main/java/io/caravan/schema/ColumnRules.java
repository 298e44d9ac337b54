package io.caravan.schema;

import io.caravan.error.SettingChecks;
import io.caravan.record.TextForms;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Holds values to a column of a schema: a value becomes what its type says, or breaks a rule. Thread-safe.
 *
 * <ul>
 *   <li>in: texts as files have them, blanks around them do not count unless it is a string; values that are typed already
 *   <li>out: String, Long, BigDecimal, Boolean, LocalDate, Instant; of {@code any} what came
 *   <li>null is {@link DataSchema#isNull}'s and never comes here
 * </ul>
 */
public final class ColumnRules {

    /**
     * What became of a value.
     *
     * @param value null when it is broken
     */
    public record Checked(Object value, Optional<Broken> broken) {}

    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(.*?[0-9.])\\s*(\\p{L}[\\p{L}0-9/²³]*|%|°C|°F)");
    private static final Pattern UNIT = Pattern.compile("\\p{L}[\\p{L}0-9/²³]{0,19}|%|°C|°F");

    private final SchemaColumn column;
    private final ZoneId zone;
    private final Optional<TimeForm> form;
    private final List<Object> allowed;
    private final Optional<Object> minimum;
    private final Optional<Object> maximum;

    /** Errors: {@link io.caravan.error.ConfigurationException} when a bound, an allowed value or the format is none of the type. */
    public ColumnRules(SchemaColumn column, ZoneId zone) {
        SettingChecks settings = new SettingChecks(SchemaFile.UNIT);
        this.column = column;
        this.zone = zone;
        this.form = TimeForm.of(column, zone, settings);
        this.minimum = column.minimum().flatMap(text -> own(settings, "minimum", text));
        this.maximum = column.maximum().flatMap(text -> own(settings, "maximum", text));
        this.allowed = column.allowed().stream()
                .flatMap(text -> own(settings, "allowed", text).stream())
                .toList();
        if (minimum.isPresent() && maximum.isPresent()) {
            settings.must(
                    compare(minimum.get(), maximum.get()) <= 0,
                    "columns." + column.name() + ".maximum",
                    "be minimum or more",
                    column.maximum().get());
        }
        settings.check();
    }

    static boolean isUnit(String text) {
        return UNIT.matcher(text).matches();
    }

    public SchemaColumn column() {
        return column;
    }

    /** The value as its type has it, unless it breaks a rule. */
    public Checked check(Object value) {
        Object typed;
        try {
            typed = typed(value);
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            return broken("type", "be " + rule(), value);
        }
        if (!allowed.isEmpty() && allowed.stream().noneMatch(one -> same(one, typed)))
            return broken("allowed", "be one of " + String.join(", ", column.allowed()), value);
        if (minimum.filter(low -> compare(typed, low) < 0).isPresent())
            return broken("minimum", "be " + column.minimum().get() + " or more", value);
        if (maximum.filter(high -> compare(typed, high) > 0).isPresent())
            return broken("maximum", "be " + column.maximum().get() + " or less", value);
        if (column.pattern().isPresent()
                && !column.pattern().get().matcher(typed.toString()).matches())
            return broken("pattern", "match " + column.pattern().get().pattern(), value);
        return new Checked(typed, Optional.empty());
    }

    private Checked broken(String rule, String must, Object value) {
        return new Checked(null, Optional.of(Broken.of(column, rule, must, value)));
    }

    /** A value that the schema itself says. */
    private Optional<Object> own(SettingChecks settings, String key, String text) {
        try {
            return Optional.of(form.map(f -> f.said(text)).orElseGet(() -> typed(text)));
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            settings.must(false, "columns." + column.name() + "." + key, "be " + rule(), text);
            return Optional.empty();
        }
    }

    private String rule() {
        return switch (column.type()) {
            case ANY -> "anything";
            case STRING -> "a text, number, truth or time";
            case INTEGER -> "a whole number of 64 bits" + inUnits();
            case DECIMAL -> "a number of at most " + TextForms.MOST_DIGITS + " digits" + inUnits();
            case BOOLEAN -> "true, false, yes, no, 1 or 0";
            case DATE -> form.map(TimeForm::rule).orElse("a date like yyyy-MM-dd");
            case TIMESTAMP -> form.map(TimeForm::rule).orElse("an ISO-8601 time");
        };
    }

    private String inUnits() {
        if (column.unit().isEmpty()) return "";
        String others = String.join(
                "", column.units().keySet().stream().map(u -> " or " + u).toList());
        return " in " + column.unit().get() + others;
    }

    private Object typed(Object value) {
        return switch (column.type()) {
            case ANY -> value;
            case STRING -> string(value);
            case INTEGER -> number(value).longValueExact();
            case DECIMAL -> number(value);
            case BOOLEAN -> truth(value);
            case DATE, TIMESTAMP ->
                form.orElseThrow(IllegalArgumentException::new).value(value);
        };
    }

    private static String string(Object value) {
        if (value instanceof String text) return text;
        if (value instanceof BigDecimal number) return number.toPlainString();
        boolean scalar = value instanceof Number
                || value instanceof Boolean
                || value instanceof LocalDate
                || value instanceof LocalDateTime
                || value instanceof Instant;
        if (!scalar) throw new IllegalArgumentException();
        return value.toString();
    }

    private BigDecimal number(Object value) {
        if (value instanceof BigDecimal number) return number;
        if (value instanceof BigInteger number) return new BigDecimal(number);
        if (value instanceof Double || value instanceof Float) return new BigDecimal(value.toString()); // not of NaN
        if (value instanceof Number number) return BigDecimal.valueOf(number.longValue());
        if (!(value instanceof String)) throw new IllegalArgumentException();
        String text = ((String) value).strip();
        if (column.unit().isEmpty()) return TextForms.number(text);
        Matcher measured = NUMBER_AND_UNIT.matcher(text);
        if (!measured.matches()) return TextForms.number(text);
        BigDecimal number = TextForms.number(measured.group(1));
        if (measured.group(2).equals(column.unit().get())) return number;
        BigDecimal factor = column.units().get(measured.group(2));
        if (factor == null) throw new IllegalArgumentException();
        return number.multiply(factor);
    }

    private static boolean truth(Object value) {
        return switch (value.toString().strip().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "1" -> true;
            case "false", "no", "0" -> false;
            default -> throw new IllegalArgumentException();
        };
    }

    private static boolean same(Object one, Object other) {
        return one instanceof BigDecimal a && other instanceof BigDecimal b ? a.compareTo(b) == 0 : one.equals(other);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // both are of the column's type
    private static int compare(Object one, Object other) {
        return ((Comparable) one).compareTo(other);
    }
}
