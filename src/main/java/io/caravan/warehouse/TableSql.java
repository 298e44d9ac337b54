package io.caravan.warehouse;

import io.caravan.table.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the SQL of all write modes has in common. Rows come through a staging table of the connection with two columns more, or three,
 * whose names no configured column can have: the row's number in its batch, whether it is to be deleted, and since when it is so.
 */
final class TableSql {

    static final String STAGING = "pg_temp.\"caravan staging\"";
    static final String DELETED = "\"caravan deleted\"";
    static final String TIME = "\"caravan time\"";
    /** The least time that passes between two forms of a record. */
    static final String MOMENT = "interval '1 microsecond'";

    private static final String NUMBER = "\"caravan number\"";

    /** Names that no column may have. */
    static final Set<String> OWN = Set.of("caravan number", "caravan deleted", "caravan time");

    private final Table table;

    TableSql(Table table) {
        this.table = table;
    }

    /** {@code more}: constraints. */
    String createTable(String... more) {
        List<String> parts = new ArrayList<>();
        table.columns().forEach(c -> parts.add(defined(c)));
        table.mode().own().forEach(c -> parts.add(c.defined()));
        parts.add("primary key ("
                + table.mode().unique(table).stream().map(Table::quoted).collect(Collectors.joining(", ")) + ")");
        parts.addAll(List.of(more));
        return "create table if not exists %s (%s)".formatted(table.quoted(), String.join(", ", parts));
    }

    String addColumn(Column column) {
        return "alter table %s add column if not exists %s".formatted(table.quoted(), defined(column));
    }

    /** {@code there}: the table that is written, whose types values get at once; it has the described ones where it has no column yet. */
    String createStaging(ExistingTable there) {
        return "drop table if exists %s; create temporary table %s (%s int, %s boolean, %s%s) on commit delete rows"
                .formatted(
                        STAGING,
                        STAGING,
                        NUMBER,
                        DELETED,
                        table.mode().dated() ? TIME + " timestamp with time zone, " : "",
                        each(table.columns(), c -> c.quoted() + " " + there.type(c)));
    }

    String copy() {
        String time = table.mode().dated() ? TIME + ", " : "";
        return "copy %s (%s, %s, %s%s) from stdin"
                .formatted(STAGING, NUMBER, DELETED, time, each(table.columns(), Column::quoted));
    }

    /** So that nobody else writes to the table until this transaction ends. */
    String lock() {
        String name = table.quoted().replace("'", "''");
        return "select pg_advisory_xact_lock(hashtext('caravan warehouse'), hashtext('" + name + "'))";
    }

    /** {@code join}: finds for a staged row {@code s} the row {@code t} that the table has of its record now, if there is one. */
    String differing(String join, boolean allColumnsThere) {
        return "select s.%s from %s s %s where %s".formatted(NUMBER, STAGING, join, differs(allColumnsThere));
    }

    /** Whether the staged row {@code s} is not what the table has of its record, the row {@code t}. */
    String differs(boolean allColumnsThere) {
        String changed = allColumnsThere ? changed() : "true";
        String here = "t." + table.key().get(0).quoted() + " is not null";
        if (table.mode() == WriteMode.APPEND) here = "(" + here + " and not t.is_deleted)";
        return "case when s.%s then %s else not (%s) or %s end".formatted(DELETED, here, here, changed);
    }

    String keyTexts() {
        return each(
                table.key(),
                c -> c.type() == ColumnType.DATE ? "to_char(" + c.quoted() + ", 'YYYY-MM-DD')" : c.quoted() + "::text");
    }

    List<Column> rest() {
        return table.columns().stream().filter(c -> !c.key()).toList();
    }

    String sameKey() {
        return each(table.key(), c -> "t." + c.quoted() + " = s." + c.quoted(), " and ");
    }

    /** Whether a column that is not of the key has another value. */
    String changed() {
        List<Column> columns = rest();
        if (columns.isEmpty()) return "false";
        return "(%s) is distinct from (%s)"
                .formatted(each(columns, c -> comparable("t", c)), each(columns, c -> comparable("s", c)));
    }

    /** In a table of somebody else a json column can be compared as jsonb alone, and a collation may take texts for one another. */
    private static String comparable(String alias, Column column) {
        String value = alias + '.' + column.quoted();
        return switch (column.type()) {
            case JSON -> value + "::jsonb";
            case TEXT -> value + (column.list() ? "::text[]" : "::text") + " collate \"C\"";
            default -> value;
        };
    }

    private static String defined(Column column) {
        return column.quoted() + " " + column.sql() + (column.nullable() ? "" : " not null");
    }

    static String each(List<Column> columns, Function<Column, String> form) {
        return each(columns, form, ", ");
    }

    private static String each(List<Column> columns, Function<Column, String> form, String between) {
        return columns.stream().map(form).collect(Collectors.joining(between));
    }
}
