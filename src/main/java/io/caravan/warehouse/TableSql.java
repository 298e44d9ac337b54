package io.caravan.warehouse;

import io.caravan.table.ColumnType;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The SQL of one table, written once. Rows come through a staging table of the connection with two columns more, whose
 * names no configured column can have: the row's number in its batch and whether it is to be deleted.
 */
final class TableSql {

    private static final String STAGING = "pg_temp.\"caravan staging\"";
    private static final String NUMBER = "\"caravan number\"";
    private static final String DELETED = "\"caravan deleted\"";

    /** Names that no column may have. */
    static final Set<String> OWN = Set.of("caravan number", "caravan deleted");

    private final Table table;

    TableSql(Table table) {
        this.table = table;
    }

    String createTable() {
        return "create table if not exists %s (%s, primary key (%s))"
                .formatted(table.quoted(), each(table.columns(), TableSql::defined), each(table.key(), Column::quoted));
    }

    String addColumn(Column column) {
        return "alter table %s add column if not exists %s".formatted(table.quoted(), defined(column));
    }

    /** {@code there}: the table that is written, whose types values get at once; it has the described ones where it has no column yet. */
    String createStaging(ExistingTable there) {
        return "drop table if exists %s; create temporary table %s (%s int, %s boolean, %s) on commit delete rows"
                .formatted(
                        STAGING,
                        STAGING,
                        NUMBER,
                        DELETED,
                        each(table.columns(), c -> c.quoted() + " " + there.type(c)));
    }

    String copy() {
        return "copy %s (%s, %s, %s) from stdin"
                .formatted(STAGING, NUMBER, DELETED, each(table.columns(), Column::quoted));
    }

    /** Makes the table hold the staged rows; a row that is there already is left as it is. */
    String merge() {
        List<Column> rest = rest();
        String update = rest.isEmpty()
                ? ""
                : "when matched and %s then update set %s "
                        .formatted(distinct(rest), each(rest, c -> c.quoted() + " = s." + c.quoted()));
        return "merge into %s t using %s s on %s when matched and s.%s then delete %swhen not matched and not s.%s then insert (%s) values (%s)"
                .formatted(
                        table.quoted(),
                        STAGING,
                        sameKey(),
                        DELETED,
                        update,
                        DELETED,
                        each(table.columns(), Column::quoted),
                        each(table.columns(), c -> "s." + c.quoted()));
    }

    /** The numbers of the staged rows that {@link #merge} would change something for. */
    String differing(boolean allColumnsThere) {
        List<Column> rest = rest();
        String changed = !allColumnsThere ? "true" : rest.isEmpty() ? "false" : distinct(rest);
        String here = "t." + table.key().get(0).quoted() + " is not null";
        return "select s.%s from %s s left join %s t on %s where case when s.%s then %s else not (%s) or %s end"
                .formatted(NUMBER, STAGING, table.quoted(), sameKey(), DELETED, here, here, changed);
    }

    String keys() {
        return "select %s from %s"
                .formatted(
                        each(
                                table.key(),
                                c -> c.type() == ColumnType.DATE
                                        ? "to_char(" + c.quoted() + ", 'YYYY-MM-DD')"
                                        : c.quoted() + "::text"),
                        table.quoted());
    }

    private List<Column> rest() {
        return table.columns().stream().filter(c -> !c.key()).toList();
    }

    private String sameKey() {
        return table.key().stream()
                .map(c -> "t." + c.quoted() + " = s." + c.quoted())
                .collect(Collectors.joining(" and "));
    }

    private static String distinct(List<Column> columns) {
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

    private static String each(List<Column> columns, Function<Column, String> form) {
        return columns.stream().map(form).collect(Collectors.joining(", "));
    }
}
