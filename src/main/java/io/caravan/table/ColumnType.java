package io.caravan.table;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The types that a column may have, each with its words; a description may use any of them, whichever store keeps the table. What a
 * store makes of a type is the store's.
 */
public enum ColumnType {
    TEXT("text", "string"),
    BIGINT("bigint", "integer", "int64"),
    NUMERIC("numeric", "decimal"),
    BIGNUMERIC("bignumeric"),
    DOUBLE("double", "float64"),
    BOOLEAN("boolean", "bool"),
    TIMESTAMP("timestamptz", "timestamp"),
    DATETIME("datetime"),
    DATE("date"),
    JSON("jsonb", "json"),
    BYTES("bytea", "bytes");

    private final List<String> words;

    ColumnType(String... words) {
        this.words = List.of(words);
    }

    /** The type that a word stands for, in any case of letters. */
    static Optional<ColumnType> named(String word) {
        return Arrays.stream(values())
                .filter(type -> type.words.stream().anyMatch(w -> w.equalsIgnoreCase(word)))
                .findFirst();
    }

    /** All types with their words, as an error lists them. */
    static String allWords() {
        return Arrays.stream(values()).map(type -> String.join("|", type.words)).collect(Collectors.joining(", "));
    }

    public List<String> words() {
        return words;
    }

    /** Whether a column of this type may identify a row: its text is the same on both sides. */
    boolean mayBeKey() {
        return this == TEXT || this == BIGINT || this == DATE;
    }
}
