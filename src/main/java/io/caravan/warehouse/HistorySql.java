package io.caravan.warehouse;

import static io.caravan.warehouse.TableSql.DELETED;
import static io.caravan.warehouse.TableSql.MOMENT;
import static io.caravan.warehouse.TableSql.STAGING;
import static io.caravan.warehouse.TableSql.TIME;
import static io.caravan.warehouse.TableSql.each;

import java.util.List;

/**
 * A row each form of a record, with the time that it was the record's (a slowly changing dimension of type 2). The times of one record
 * follow each other without a gap but where it was gone, and none is empty, whatever clocks say.
 */
record HistorySql(Table table, TableSql sql) implements ModeSql {

    @Override
    public List<String> create() {
        return List.of(
                sql.createTable(
                        "check (valid_to > valid_from)",
                        "check (is_current = (valid_to is null))"), // what queries rely on
                currentIndex(table));
    }

    /** By which the current row of a record is found, and is one. */
    static String currentIndex(Table table) {
        return "create unique index on %s (%s) where is_current"
                .formatted(table.quoted(), each(table.key(), Column::quoted));
    }

    @Override
    public List<String> write() {
        String close =
                "update %s t set valid_to = greatest(s.%s, t.valid_from + %s), is_current = false from %s s where %s and t.is_current and (s.%s or %s)"
                        .formatted(table.quoted(), TIME, MOMENT, STAGING, sql.sameKey(), DELETED, sql.changed());
        String open =
                "insert into %s (%s, valid_from, valid_to, is_current) select %s, greatest(s.%s, (select max(t.valid_to) from %s t where %s)), null, true from %s s where not s.%s and not exists (select from %s t where %s and t.is_current)"
                        .formatted(
                                table.quoted(),
                                each(table.columns(), Column::quoted),
                                each(table.columns(), c -> "s." + c.quoted()),
                                TIME,
                                table.quoted(),
                                sql.sameKey(),
                                STAGING,
                                DELETED,
                                table.quoted(),
                                sql.sameKey());
        return List.of(close, open);
    }

    @Override
    public String differing(boolean allColumnsThere) {
        String current = "left join %s t on %s and t.is_current".formatted(table.quoted(), sql.sameKey());
        return sql.differing(current, allColumnsThere);
    }

    @Override
    public String keys() {
        return "select %s from %s where is_current".formatted(sql.keyTexts(), table.quoted());
    }
}
