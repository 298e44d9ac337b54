package io.caravan.warehouse;

import io.caravan.error.Settings;
import io.caravan.table.TableDescription;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** A table of the warehouse, made of a {@link TableDescription}. */
record Table(String schema, String name, List<Column> columns) {

    private static final int LONGEST_NAME = 63;
    private static final String TYPES =
            Arrays.stream(ColumnType.values()).map(Table::nameOf).collect(Collectors.joining(", "));

    /** Reads {@code classpath:<resource>} or a file; all problems of the description are reported together. */
    static Table load(String unit, String schema, String location) {
        return of(unit, schema, TableDescription.load(unit, location));
    }

    static Table parse(String unit, String schema, String yaml) {
        return of(unit, schema, TableDescription.parse(unit, yaml));
    }

    private static Table of(String unit, String schema, TableDescription described) {
        Settings settings = new Settings(unit).name("schema", schema);
        described.check(settings, LONGEST_NAME, UnaryOperator.identity());
        for (TableDescription.Column c : described.columns()) {
            ColumnType type = typeOf(c.type());
            settings.must(type != null, c.typeField(), "be one of " + TYPES, c.type());
            settings.must(
                    !c.key() || type == null || type.mayBeKey(),
                    c.typeField(),
                    "be text, bigint or date because it is a key",
                    c.type());
        }
        settings.check();
        return new Table(
                schema,
                described.table(),
                described.columns().stream()
                        .map(c -> new Column(c.name(), c.from(), typeOf(c.type()), c.nullable(), c.key()))
                        .toList());
    }

    List<Column> key() {
        return columns.stream().filter(Column::key).toList();
    }

    String quoted() {
        return '"' + schema + "\".\"" + name + '"';
    }

    private static String nameOf(ColumnType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    private static ColumnType typeOf(String name) {
        return Arrays.stream(ColumnType.values())
                .filter(t -> nameOf(t).equals(name))
                .findFirst()
                .orElse(null);
    }
}
