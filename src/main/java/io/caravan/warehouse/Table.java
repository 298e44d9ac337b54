package io.caravan.warehouse;

import io.caravan.error.SettingChecks;
import io.caravan.table.TableDescription;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;

/** A table of the warehouse, made of a {@link TableDescription}. */
record Table(String schema, String name, List<Column> columns, WriteMode mode) {

    private static final int LONGEST_NAME = 63;

    /** Reads {@code classpath:<resource>} or a file; all problems of the description are reported together. */
    static Table load(String unit, String schema, String location) {
        return of(unit, schema, TableDescription.load(unit, location));
    }

    static Table parse(String unit, String schema, String yaml) {
        return of(unit, schema, TableDescription.parse(unit, yaml));
    }

    private static Table of(String unit, String schema, TableDescription described) {
        SettingChecks settings = new SettingChecks(unit);
        checkName(settings, "schema", schema);
        described.check(
                settings, LONGEST_NAME, UnaryOperator.identity(), (field, name) -> checkName(settings, field, name));
        settings.check();
        return new Table(
                schema,
                described.table(),
                described.columns().stream()
                        .map(c -> new Column(
                                c.name(), c.from(), c.columnType().orElseThrow(), c.list(), c.nullable(), c.key()))
                        .toList(),
                WriteMode.MERGE);
    }

    /** The same table, written so; ConfigurationException when a column has a name that the mode needs. */
    Table written(String unit, WriteMode by) {
        List<String> own = by.own().stream().map(WriteMode.Own::name).toList();
        SettingChecks settings = new SettingChecks(unit);
        for (Column column : columns) {
            settings.must(
                    !own.contains(column.name()),
                    "column",
                    "have another name than " + by.names() + ", which writeMode: " + by.word()
                            + " fills itself, as in {name: their_" + column.name() + ", from: " + column.from() + "}",
                    column.name());
        }
        settings.check();
        return new Table(schema, name, columns, by);
    }

    /** PostgreSQL cuts a longer name, and no name holds U+0000; everything else is one between quotes. */
    private static void checkName(SettingChecks settings, String field, String name) {
        settings.must(
                name != null
                        && !name.isBlank()
                        && name.indexOf(0) < 0
                        && !TableSql.OWN.contains(name)
                        && name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME,
                field,
                "have 1 to " + LONGEST_NAME + " bytes, not all of them blanks, without U+0000",
                name);
    }

    /** Any name as SQL wants it: what stands in it cannot end the quotes. */
    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    List<Column> key() {
        return columns.stream().filter(Column::key).toList();
    }

    String quoted() {
        return quoted(schema) + '.' + quoted(name);
    }
}
