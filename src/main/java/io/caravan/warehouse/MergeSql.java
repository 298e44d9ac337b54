package io.caravan.warehouse;

import static io.caravan.warehouse.TableSql.DELETED;
import static io.caravan.warehouse.TableSql.STAGING;
import static io.caravan.warehouse.TableSql.each;

import java.util.List;

/** One row a record: inserted, updated and deleted by one statement. */
record MergeSql(Table table, TableSql sql) implements ModeSql {

    @Override
    public List<String> create() {
        return List.of(sql.createTable());
    }

    @Override
    public List<String> write() {
        List<Column> rest = sql.rest();
        String update = rest.isEmpty()
                ? ""
                : "when matched and %s then update set %s "
                        .formatted(sql.changed(), each(rest, c -> c.quoted() + " = s." + c.quoted()));
        return List.of(
                "merge into %s t using %s s on %s when matched and s.%s then delete %swhen not matched and not s.%s then insert (%s) values (%s)"
                        .formatted(
                                table.quoted(),
                                STAGING,
                                sql.sameKey(),
                                DELETED,
                                update,
                                DELETED,
                                each(table.columns(), Column::quoted),
                                each(table.columns(), c -> "s." + c.quoted())));
    }

    @Override
    public String differing(boolean allColumnsThere) {
        return sql.differing("left join %s t on %s".formatted(table.quoted(), sql.sameKey()), allColumnsThere);
    }

    @Override
    public String keys() {
        return "select %s from %s".formatted(sql.keyTexts(), table.quoted());
    }
}
