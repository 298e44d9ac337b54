package io.caravan.table;

import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table with a column for each word of each type and for a list of it, named as the word is, and a record that fills it. */
public final class EveryWord {

    /** What the words of one type have in common. */
    public record Words(ColumnType type, List<String> columns, List<String> lists) {}

    private EveryWord() {}

    public static List<Words> all() {
        return Arrays.stream(ColumnType.values())
                .map(type -> new Words(
                        type,
                        type.words().stream().map(word -> "a_" + word).toList(),
                        type == ColumnType.JSON
                                ? List.of()
                                : type.words().stream()
                                        .map(word -> "list_" + word)
                                        .toList()))
                .toList();
    }

    public static String yaml(String table) {
        StringBuilder yaml =
                new StringBuilder("table: " + table + "\ncolumns:\n  - {name: id, type: string, key: true}\n");
        for (Words words : all()) {
            words.columns().forEach(c -> yaml.append("  - {name: %s, type: %s}\n".formatted(c, c.substring(2))));
            words.lists().forEach(c -> yaml.append("  - {name: %s, type: array<%s>}\n".formatted(c, c.substring(5))));
        }
        return yaml.toString();
    }

    public static Record record() {
        List<String> names = new ArrayList<>(List.of("id"));
        List<Object> values = new ArrayList<>(List.of("r1"));
        for (Words words : all()) {
            Object value = value(words.type());
            names.addAll(words.columns());
            words.columns().forEach(c -> values.add(value));
            names.addAll(words.lists());
            words.lists().forEach(c -> values.add(List.of(value, value)));
        }
        return Record.read("r1", Fields.of(names.toArray(String[]::new)), values.toArray(), new Origin("o", 1));
    }

    private static Object value(ColumnType type) {
        return switch (type) {
            case TEXT -> "a \"b\" \\ {,} é";
            case BIGINT -> 7L;
            case NUMERIC, BIGNUMERIC -> new BigDecimal("12.5");
            case DOUBLE -> 0.1;
            case BOOLEAN -> true;
            case TIMESTAMP -> Instant.parse("2024-05-06T07:08:09.123456Z");
            case DATETIME -> LocalDateTime.parse("2024-05-06T07:08:09.123456");
            case DATE -> LocalDate.parse("2024-05-06");
            case JSON -> List.of(1L, "x");
            case BYTES -> new byte[] {0, 1, (byte) 0xff};
        };
    }
}
