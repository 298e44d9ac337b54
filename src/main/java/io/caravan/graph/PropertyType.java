package io.caravan.graph;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the values of a property are in the graph: as they come, or of the one type that the mapping declares. Numbers that
 * {@link io.caravan.record.Hash} takes for one, as 5, 5.0 and 5.00, are one value in each of them.
 */
enum PropertyType {
    /** As it comes; of numbers {@link GraphNumbers} makes one type a property. */
    ANY("be of any type"),
    TEXT("be a text, number, boolean, date or time to be a text"),
    LONG("be a whole number of 64 bits"),
    DOUBLE("be a number within the range of a double"),
    DECIMAL("be a number that a double keeps digit by digit");

    private static final int LONGEST_SCALE = 10_000; // beyond it a text with an exponent is the shorter one
    private static final int ALWAYS_KEPT = 15; // significant digits, by a double that is not near the ends of its range
    private static final double NEAR_ZERO = 1e-290;

    private final String rule;

    PropertyType(String rule) {
        this.rule = rule;
    }

    /** As a mapping names it; empty for a name that it does not know. */
    static Optional<PropertyType> of(String name) {
        return Arrays.stream(values())
                .filter(type -> type != ANY && type.word().equals(name))
                .findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values())
                .filter(type -> type != ANY)
                .map(PropertyType::word)
                .toList();
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value as one of this type; throws {@link BadRecordException} when it is none. */
    Object of(String unit, String field, Object value) {
        Object made =
                switch (this) {
                    case ANY -> value;
                    case TEXT -> text(value);
                    case LONG -> number(value).flatMap(PropertyType::whole).orElse(null);
                    case DOUBLE ->
                        value instanceof Double d
                                ? d
                                : number(value)
                                        .map(BigDecimal::doubleValue)
                                        .filter(Double::isFinite)
                                        .orElse(null);
                    case DECIMAL ->
                        value instanceof Double d
                                ? d
                                : number(value).flatMap(PropertyType::exact).orElse(null);
                };
        if (made != null) return made;
        String remedy = this == DECIMAL && number(value).isPresent()
                ? "; give it type double in the mapping, which rounds, or text, which keeps every digit"
                : "; change it before the sink, as by convert-types-action, or give it another type in the mapping";
        throw new BadRecordException(SettingChecks.sentence(unit, field, rule, shown(value)) + remedy);
    }

    /** The double that prints this decimal; empty when none does. */
    static Optional<Double> exact(BigDecimal number) {
        double near = number.doubleValue();
        if (!Double.isFinite(near)) return Optional.empty();
        boolean few = Math.abs(near) > NEAR_ZERO && number.stripTrailingZeros().precision() <= ALWAYS_KEPT;
        return few || new BigDecimal(Double.toString(near)).compareTo(number) == 0
                ? Optional.of(near)
                : Optional.empty();
    }

    /** The number when it is whole and has 64 bits. */
    static Optional<Object> whole(BigDecimal number) {
        if (number.signum() == 0) return Optional.of(0L);
        boolean may = (long) number.precision() - number.scale() <= 19
                && number.stripTrailingZeros().scale() <= 0;
        if (!may) return Optional.empty();
        try {
            return Optional.of(number.longValueExact());
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }

    /** One text for one number, however many zeros its source wrote. */
    static String text(BigDecimal number) {
        BigDecimal one = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        return Math.abs((long) one.scale()) > LONGEST_SCALE ? one.toString() : one.toPlainString();
    }

    private static Object text(Object value) {
        if (value instanceof LocalDateTime time) return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time);
        if (value instanceof Double d && !Double.isFinite(d)) return d.toString();
        return number(value).map(PropertyType::text).orElseGet(() -> isScalar(value) ? value.toString() : null);
    }

    private static boolean isScalar(Object value) {
        return value instanceof String || value instanceof Boolean || value instanceof java.time.temporal.Temporal;
    }

    private static Optional<BigDecimal> number(Object value) {
        if (value instanceof Long whole) return Optional.of(BigDecimal.valueOf(whole));
        if (value instanceof BigDecimal decimal) return Optional.of(decimal);
        return value instanceof Double d && Double.isFinite(d)
                ? Optional.of(new BigDecimal(Double.toString(d)))
                : Optional.empty();
    }

    private static String shown(Object value) {
        String text = value instanceof BigDecimal number ? number.toString() : String.valueOf(value);
        return text.length() > 60 ? text.substring(0, 60) + "…" : text;
    }
}
