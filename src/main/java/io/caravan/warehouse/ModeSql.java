package io.caravan.warehouse;

import java.util.List;

/** The SQL by which one write mode keeps records in a table. Rows come through the staging table of {@link TableSql}. */
interface ModeSql {

    static ModeSql of(Table table, TableSql sql) {
        return switch (table.mode()) {
            case MERGE -> new MergeSql(table, sql);
            case APPEND -> new AppendSql(table, sql);
            case HISTORY -> new HistorySql(table, sql);
        };
    }

    /** Makes the table, and what it needs besides. */
    List<String> create();

    /** Makes the table hold the staged rows, one statement after the other; what it holds already is left as it is. */
    List<String> write();

    /** The numbers of the staged rows that {@link #write} would change something for. */
    String differing(boolean allColumnsThere);

    /** The key columns, as texts, of the records that the table holds. */
    String keys();
}
