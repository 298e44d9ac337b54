package io.caravan.warehouse;

import io.caravan.error.SettingChecks;
import io.caravan.table.TableDescription;
import java.util.List;
import java.util.function.UnaryOperator;

/** A table of the warehouse, made of a {@link TableDescription}. */
record Table(String schema, String name, List<Column> columns) {

    private static final int LONGEST_NAME = 63;

    /** Reads {@code classpath:<resource>} or a file; all problems of the description are reported together. */
    static Table load(String unit, String schema, String location) {
        return of(unit, schema, TableDescription.load(unit, location));
    }

    static Table parse(String unit, String schema, String yaml) {
        return of(unit, schema, TableDescription.parse(unit, yaml));
    }

    private static Table of(String unit, String schema, TableDescription described) {
        SettingChecks settings = new SettingChecks(unit).name("schema", schema);
        described.check(settings, LONGEST_NAME, UnaryOperator.identity());
        settings.check();
        return new Table(
                schema,
                described.table(),
                described.columns().stream()
                        .map(c -> new Column(
                                c.name(), c.from(), c.columnType().orElseThrow(), c.list(), c.nullable(), c.key()))
                        .toList());
    }

    List<Column> key() {
        return columns.stream().filter(Column::key).toList();
    }

    String quoted() {
        return '"' + schema + "\".\"" + name + '"';
    }
}
