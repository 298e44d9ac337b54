package io.caravan.warehouse;

/** One column: its name, the record field it holds, its type, whether it may be empty, whether it is part of the key. */
record Column(String name, String from, ColumnType type, boolean nullable, boolean key) {

    /** The name as SQL wants it: it matched {@code [A-Za-z_][A-Za-z0-9_]*}, so it cannot end the quotes. */
    String quoted() {
        return '"' + name + '"';
    }
}
