package io.caravan.book;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How the values of several sources become one. */
enum MergeStrategy {
    /** The first source in the rule's order that says something. */
    FIRST,
    /** The longest text. */
    LONGEST,
    /** The date of which most is known. */
    MOST_PRECISE,
    /** All entries of all lists, each once. */
    UNION,
    /** The greatest number. */
    GREATEST,
    /** The value of the source that another field's value came from. */
    AS;

    static Optional<MergeStrategy> of(String text) {
        return Arrays.stream(values()).filter(s -> s.toString().equals(text)).findFirst();
    }

    boolean suits(Field field) {
        Class<?> type = field.type();
        return switch (this) {
            case FIRST, AS -> true;
            case LONGEST -> type == String.class;
            case MOST_PRECISE -> type == PartialDate.class;
            case UNION -> type == List.class;
            case GREATEST -> Number.class.isAssignableFrom(type);
        };
    }

    /** How much there is of what the strategy looks for; of equals the first source in the rule's order wins. */
    BigDecimal weight(Object value) {
        return switch (this) {
            case LONGEST -> BigDecimal.valueOf(((String) value).length());
            case MOST_PRECISE ->
                BigDecimal.valueOf(((PartialDate) value).precision().ordinal());
            case GREATEST -> new BigDecimal(value.toString());
            case FIRST, UNION, AS -> BigDecimal.ZERO;
        };
    }

    /** As rules write it: {@code most-precise}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
