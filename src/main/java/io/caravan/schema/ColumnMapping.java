package io.caravan.schema;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Which column of a schema each field of a file is: by its name, by its name in other letters, by an alias, by the pattern, in this order
 * for the whole file. All checks go by it. Not ambiguous: of two fields that are one column equally well the first is it, the
 * other is told.
 */
public final class ColumnMapping {

    private static final int NONE = -1;
    private static final List<BiPredicate<SchemaColumn, String>> WAYS = List.of(
            (column, field) -> column.name().equals(field),
            (column, field) -> column.name().equalsIgnoreCase(field),
            (column, field) -> column.aliases().stream().anyMatch(field::equalsIgnoreCase),
            (column, field) -> column.namePattern()
                    .filter(p -> p.matcher(field).lookingAt())
                    .isPresent());

    private final List<String> fields;
    private final List<SchemaColumn> columns;
    private final int[] fieldOf;
    private final Set<String> twice = new LinkedHashSet<>();

    private ColumnMapping(DataSchema schema, List<String> fields) {
        this.fields = List.copyOf(fields);
        this.columns = schema.columns();
        this.fieldOf = new int[columns.size()];
        Arrays.fill(fieldOf, NONE);
        boolean[] taken = new boolean[fields.size()];
        for (BiPredicate<SchemaColumn, String> way : WAYS) {
            for (int c = 0; c < fieldOf.length; c++) {
                if (fieldOf[c] != NONE) continue;
                for (int f = 0; f < taken.length; f++) {
                    if (taken[f] || !way.test(columns.get(c), fields.get(f).strip())) continue;
                    if (fieldOf[c] == NONE) {
                        fieldOf[c] = f;
                        taken[f] = true;
                    } else {
                        twice.add(fields.get(f));
                    }
                }
            }
        }
    }

    /** {@code fields}: the names that a file gives its columns. */
    public static ColumnMapping of(DataSchema schema, List<String> fields) {
        return new ColumnMapping(schema, fields);
    }

    /** Where the file has a column of the schema; negative when it has none. */
    public int fieldOf(int column) {
        return fieldOf[column];
    }

    /** What the file calls a column of the schema. */
    public Optional<String> field(String column) {
        for (int c = 0; c < fieldOf.length; c++) {
            if (columns.get(c).name().equals(column) && fieldOf[c] != NONE) return Optional.of(fields.get(fieldOf[c]));
        }
        return Optional.empty();
    }

    /** Columns that must be there and are not. */
    public List<SchemaColumn> missing() {
        List<SchemaColumn> missing = new ArrayList<>();
        for (int c = 0; c < fieldOf.length; c++) {
            if (fieldOf[c] == NONE && columns.get(c).required()) missing.add(columns.get(c));
        }
        return missing;
    }

    /** Fields that are none of the schema's columns, in order. */
    public List<String> unknown() {
        Set<Integer> known = new LinkedHashSet<>();
        for (int field : fieldOf) known.add(field);
        List<String> unknown = new ArrayList<>();
        for (int f = 0; f < fields.size(); f++) if (!known.contains(f)) unknown.add(fields.get(f));
        return unknown;
    }

    /** Fields that are a column of the schema as well as another that stands before them. */
    public Set<String> twice() {
        Set<String> left = new LinkedHashSet<>(twice);
        left.retainAll(unknown());
        return left;
    }
}
