package io.caravan.schema;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the values of a column are. */
public enum ColumnType {
    /** Whatever the source says. */
    ANY,
    STRING,
    /** A whole number of 64 bits. */
    INTEGER,
    /** An exact number. */
    DECIMAL,
    BOOLEAN,
    DATE,
    /** An instant. */
    TIMESTAMP;

    /** As files and people write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static List<String> words() {
        return Arrays.stream(values()).map(ColumnType::word).toList();
    }

    static Optional<ColumnType> of(String word) {
        return Arrays.stream(values()).filter(t -> t.word().equals(word)).findFirst();
    }

    boolean isNumber() {
        return this == INTEGER || this == DECIMAL;
    }

    /** Whether one of two values is the lower. */
    boolean isOrdered() {
        return isNumber() || this == DATE || this == TIMESTAMP;
    }
}
