package io.caravan.warehouse;

import io.caravan.table.ColumnType;

/** One column: its name, the record field it holds, its type, whether it is a list, may be empty, is part of the key. */
record Column(String name, String from, ColumnType type, boolean list, boolean nullable, boolean key) {

    /** The name as SQL wants it. */
    String quoted() {
        return Table.quoted(name);
    }

    /** The type's name as PostgreSQL prints it. */
    String sql() {
        return ColumnText.sql(type) + (list ? "[]" : "");
    }

    /** What a value must be to fit, as the end of "must hold ...". */
    String rule() {
        return (list ? "a list without null, each " : "") + ColumnText.rule(type);
    }

    /** As {@link ColumnText#of}. */
    String text(Object value) {
        return list ? ColumnText.ofList(type, value) : ColumnText.of(type, value);
    }
}
