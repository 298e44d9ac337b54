package io.caravan.bigquery;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The SQL of one table. Rows come through a staging table with two columns more, whose names no column can have. */
final class BigQuerySql {

    /** The row's place among all of the run: of two rows with one key the later is meant. */
    static final String NUMBER = "_caravan_number";

    static final String DELETED = "_caravan_deleted";
    private static final String NEWEST = "_caravan_newest";

    private final BigQueryTable table;

    BigQuerySql(BigQueryTable table) {
        this.table = table;
    }

    /** The rows of a staging table that was loaded by us, to be merged. */
    String ours(String staging) {
        return "SELECT `%s`, `%s`, %s FROM %s"
                .formatted(NUMBER, DELETED, each(table.columns(), BigQueryColumn::quoted), staging);
    }

    /** The same of one that BigQuery loaded by itself; {@code quoted}: where it has the table's columns. */
    String fromBucket(String staging, List<String> quoted) {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < quoted.size(); i++) {
            columns.add(quoted.get(i) + " AS " + table.columns().get(i).quoted());
        }
        return "SELECT -1 AS `%s`, FALSE AS `%s`, %s FROM %s"
                .formatted(NUMBER, DELETED, String.join(", ", columns), staging);
    }

    /** Makes the target hold what these queries give; names are quoted. */
    String merge(String target, List<String> staged) {
        String key = each(table.key(), BigQueryColumn::quoted);
        List<BigQueryColumn> rest =
                table.columns().stream().filter(c -> !c.key()).toList();
        String update = rest.isEmpty()
                ? ""
                : " WHEN MATCHED THEN UPDATE SET " + each(rest, c -> c.quoted() + " = S." + c.quoted());
        String same = table.key().stream()
                .map(c -> "T." + c.quoted() + " = S." + c.quoted())
                .collect(Collectors.joining(" AND "));
        return ("MERGE INTO %s T USING (SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY %s ORDER BY `%s` DESC)"
                        + " AS `%s` FROM (%s)) WHERE `%s` = 1) S ON %s WHEN MATCHED AND S.`%s` THEN DELETE%s"
                        + " WHEN NOT MATCHED AND NOT S.`%s` THEN INSERT (%s) VALUES (%s)")
                .formatted(
                        target,
                        key,
                        NUMBER,
                        NEWEST,
                        String.join(" UNION ALL ", staged),
                        NEWEST,
                        same,
                        DELETED,
                        update,
                        DELETED,
                        each(table.columns(), BigQueryColumn::quoted),
                        each(table.columns(), c -> "S." + c.quoted()));
    }

    /** The rows whose key columns have values among the parameters {@code key0}, {@code key1}, ... each. */
    String held(String target, List<BigQueryColumn> columns) {
        StringBuilder where = new StringBuilder();
        for (int i = 0; i < table.key().size(); i++) {
            where.append(i == 0 ? "" : " AND ")
                    .append(table.key().get(i).quoted())
                    .append(" IN UNNEST(@key")
                    .append(i)
                    .append(")");
        }
        return "SELECT %s FROM %s WHERE %s".formatted(each(columns, BigQueryColumn::quoted), target, where);
    }

    String keys(String target) {
        return "SELECT %s FROM %s".formatted(each(table.key(), BigQueryColumn::quoted), target);
    }

    private static String each(List<BigQueryColumn> columns, Function<BigQueryColumn, String> form) {
        return columns.stream().map(form).collect(Collectors.joining(", "));
    }
}
