package io.caravan.quality;

import io.caravan.schema.ColumnType;
import io.caravan.schema.SchemaColumn;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Optional;
import java.util.Set;

/** How the reference judges a value of a column: what is its type, what is beyond its bounds. Its quirks are kept. */
final class ReferenceRules {

    private static final int DATE_LENGTH = 10;
    /** What Python takes for a number too. */
    private static final Set<String> NO_NUMBERS = Set.of("nan", "inf", "infinity");

    private final ColumnType type;
    private final boolean dated;
    private final Optional<Comparable<?>> least;
    private final Optional<Comparable<?>> greatest;

    ReferenceRules(SchemaColumn column) {
        type = column.type();
        dated = type == ColumnType.DATE || type == ColumnType.TIMESTAMP;
        least = column.minimum().flatMap(this::place);
        greatest = column.maximum().flatMap(this::place);
    }

    /** Whether it counts as the column's type; text that says a number does. */
    boolean isOfType(Object value) {
        String text = Values.text(value).strip();
        return switch (type) {
            case ANY, STRING -> true;
            case INTEGER -> value instanceof Number number ? Kind.whole(number) : Kind.isWhole(text);
            case DECIMAL -> !Double.isNaN(Values.number(value)) || isNoNumber(text);
            case BOOLEAN -> {
                String lower = Values.lower(text);
                yield Kind.TRUTHS.contains(lower) || lower.equals("1") || lower.equals("0");
            }
            case DATE, TIMESTAMP -> isTime(value) || Kind.isTime(text);
        };
    }

    private static boolean isTime(Object value) {
        return value instanceof LocalDate || value instanceof LocalDateTime || value instanceof Instant;
    }

    private static boolean isNoNumber(String text) {
        String lower = Values.lower(text);
        return NO_NUMBERS.contains(lower.startsWith("-") || lower.startsWith("+") ? lower.substring(1) : lower);
    }

    boolean hasBounds() {
        return least.isPresent() || greatest.isPresent();
    }

    /** Whether it is below the minimum or above the maximum; what cannot be compared is not. */
    boolean isBeyond(Object value) {
        Optional<Comparable<?>> place = place(value);
        return place.isPresent()
                && (least.filter(low -> compare(place.get(), low) < 0).isPresent()
                        || greatest.filter(high -> compare(place.get(), high) > 0)
                                .isPresent());
    }

    private Optional<Comparable<?>> place(Object value) {
        if (!dated) {
            double number = Values.number(value);
            return Double.isNaN(number) ? Optional.empty() : Optional.of(number);
        }
        String text = Values.text(value).strip();
        try {
            return Optional.of(LocalDate.parse(text.substring(0, Math.min(DATE_LENGTH, text.length()))));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // all places of a column are of one type
    private static int compare(Comparable one, Comparable other) {
        return one.compareTo(other);
    }
}
