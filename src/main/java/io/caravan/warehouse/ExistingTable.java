package io.caravan.warehouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the database holds under a table's name; no columns when there is no such table.
 *
 * @param currentIsOne whether a unique index lets a key have one current row only
 */
record ExistingTable(Map<String, ExistingColumn> columns, boolean keyIsUnique, boolean currentIsOne) {

    /**
     * @param labels of an enum
     * @param made whether the database alone gives it its values
     * @param alike whether its collation takes different texts for one
     */
    record ExistingColumn(String type, List<String> labels, boolean mustBeGiven, boolean made, boolean alike) {}

    static ExistingTable read(Connection connection, Table table) throws SQLException {
        Map<String, ExistingColumn> columns = new LinkedHashMap<>();
        String sql = """
                select attname,
                       case when typtype = 'd' then format_type(typbasetype, typtypmod) else format_type(atttypid, atttypmod) end,
                       array(select enumlabel::text from pg_catalog.pg_enum where enumtypid = atttypid order by enumsortorder),
                       attnotnull and not atthasdef and attidentity = '',
                       attidentity = 'a' or attgenerated <> '',
                       exists (select from pg_catalog.pg_collation c
                               where c.oid = attcollation and to_jsonb(c) ->> 'collisdeterministic' = 'false')
                from pg_catalog.pg_attribute join pg_catalog.pg_type t on t.oid = atttypid
                where attrelid = to_regclass(?) and attnum > 0 and not attisdropped
                order by attnum""";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, table.quoted());
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    List<String> labels = List.of((String[]) row.getArray(3).getArray());
                    columns.put(
                            row.getString(1),
                            new ExistingColumn(
                                    row.getString(2), labels, row.getBoolean(4), row.getBoolean(5), row.getBoolean(6)));
                }
            }
        }
        boolean there = !columns.isEmpty();
        return new ExistingTable(
                columns,
                there && isUnique(connection, table, table.mode().unique(table), ""),
                there && isUnique(connection, table, keyNames(table), "is_current"));
    }

    static boolean schemaExists(Connection connection, Table table) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select 1 from pg_catalog.pg_namespace where nspname = ?")) {
            select.setString(1, table.schema());
            try (ResultSet row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    /** The type that the column has, or will have. */
    String type(Column column) {
        ExistingColumn there = columns.get(column.name());
        return there == null ? column.sql() : there.type();
    }

    /** By column: which values fit, where that is less than the described type holds. */
    Map<Column, ColumnFit> fits(Table table) {
        Map<Column, ColumnFit> fits = new HashMap<>();
        for (Column c : table.columns()) {
            ExistingColumn there = columns.get(c.name());
            if (there == null || there.type().equals(c.sql())) continue;
            ColumnFit.of(c, there.type(), there.labels()).ifPresent(fit -> fits.put(c, fit));
        }
        return fits;
    }

    boolean missing() {
        return columns.isEmpty();
    }

    /** The described columns that the table does not have yet. */
    List<Column> missing(Table table) {
        return table.columns().stream()
                .filter(c -> !columns.containsKey(c.name()))
                .toList();
    }

    /** Why rows of the described table cannot be kept in this one, each with its remedy. */
    List<String> problems(String unit, Table table) {
        List<String> problems = new ArrayList<>();
        if (missing()) return problems;
        String where = unit + ": table " + table.quoted();
        Map<String, Column> described = table.columns().stream().collect(Collectors.toMap(Column::name, c -> c));
        Optional<String> other = otherMode(where, table, described.keySet());
        if (other.isPresent()) return List.of(other.get());
        for (Column c : table.columns()) {
            ExistingColumn there = columns.get(c.name());
            if (there != null && there.made()) {
                problems.add(where + " column '" + c.name()
                        + "' must not be generated, got 'always': leave it out of the description");
            }
            if (there != null && c.key() && there.alike()) {
                problems.add(where + " key column '" + c.name() + "' must have a collation that keeps different texts"
                        + " apart, got one that takes some for one: alter table " + table.quoted() + " alter column "
                        + c.quoted() + " type " + there.type() + " collate \"C\"");
            }
            if (there != null && ColumnFit.of(c, there.type(), there.labels()).isEmpty()) {
                problems.add(where + " column '" + c.name() + "' must be of type "
                        + c.sql() + ", got '"
                        + there.type() + "': change the description, or convert the column with alter table");
            }
        }
        columns.forEach((name, column) -> {
            if (column.mustBeGiven() && !described.containsKey(name) && !fills(table.mode(), name)) {
                problems.add(where + " column '" + name
                        + "' must be described, allow null or have a default, got 'not null': nothing would fill it");
            }
        });
        if (table.mode() == WriteMode.HISTORY && !currentIsOne) {
            problems.add(where + " must have a unique index on the key of current rows, got 'none': "
                    + HistorySql.currentIndex(table));
        }
        if (!keyIsUnique) {
            String key = table.mode().unique(table).stream().map(Table::quoted).collect(Collectors.joining(", "));
            problems.add(where + " must have a primary key or unique index on exactly (" + key
                    + "), got 'none': alter table " + table.quoted() + " add primary key (" + key + ")");
        }
        return problems;
    }

    /** That the rows are those of another write mode. */
    private Optional<String> otherMode(String where, Table table, Set<String> described) {
        WriteMode mode = table.mode();
        if (!has(mode)) {
            return Optional.of(where + " must have the columns " + mode.names() + " of writeMode: " + mode.word()
                    + ", got '" + String.join(", ", columns.keySet())
                    + "': name a table that is not there yet, and it is filled from the source");
        }
        if (mode.dated()) return Optional.empty();
        return Arrays.stream(WriteMode.values())
                .filter(other -> other.dated() && has(other))
                .filter(other -> other.own().stream().noneMatch(own -> described.contains(own.name())))
                .filter(other -> other.own().stream()
                        .anyMatch(own -> columns.get(own.name()).mustBeGiven()))
                .findFirst()
                .map(other -> where + " must have one row a record for writeMode: merge, got '" + other.names()
                        + "', the columns of writeMode: " + other.word() + ": say that mode, or name another table");
    }

    private boolean has(WriteMode mode) {
        return mode.own().stream()
                .allMatch(own -> columns.containsKey(own.name())
                        && columns.get(own.name()).type().equals(own.sql()));
    }

    private static boolean fills(WriteMode mode, String column) {
        return mode.own().stream().anyMatch(own -> own.name().equals(column));
    }

    private static List<String> keyNames(Table table) {
        return table.key().stream().map(Column::name).toList();
    }

    /** {@code where}: the predicate of the index. */
    private static boolean isUnique(Connection connection, Table table, List<String> columns, String where)
            throws SQLException {
        String sql = """
                select exists (
                    select 1 from pg_catalog.pg_index i
                    where i.indrelid = to_regclass(?) and i.indisunique and i.indisvalid
                      and coalesce(pg_get_expr(i.indpred, i.indrelid), '') = ? and i.indexprs is null
                      and array(select a.attname::text from pg_catalog.pg_attribute a
                                where a.attrelid = i.indrelid and a.attnum = any(i.indkey) order by 1)
                          = array(select name from unnest(?::text[]) as key (name) order by 1))""";
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, table.quoted());
            select.setString(2, where);
            select.setArray(3, connection.createArrayOf("text", columns.toArray(String[]::new)));
            try (ResultSet row = select.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
