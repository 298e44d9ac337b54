package io.caravan.warehouse;

import static io.caravan.warehouse.TableSql.DELETED;
import static io.caravan.warehouse.TableSql.MOMENT;
import static io.caravan.warehouse.TableSql.STAGING;
import static io.caravan.warehouse.TableSql.TIME;
import static io.caravan.warehouse.TableSql.each;

import java.util.List;

/** A row each form of a record, and one that repeats the last when the record is gone; no row is ever changed. */
record AppendSql(Table table, TableSql sql) implements ModeSql {

    @Override
    public List<String> create() {
        return List.of(sql.createTable());
    }

    @Override
    public List<String> write() {
        return List.of(
                "insert into %s (%s, loaded_at, is_deleted) select %s, greatest(s.%s, t.loaded_at + %s), s.%s from %s s %s where %s"
                        .formatted(
                                table.quoted(),
                                each(table.columns(), Column::quoted),
                                each(table.columns(), c -> "case when s.%s then t.%s else s.%s end"
                                        .formatted(DELETED, c.quoted(), c.quoted())),
                                TIME,
                                MOMENT,
                                DELETED,
                                STAGING,
                                last(),
                                sql.differs(true)));
    }

    /** The last row of the staged record, where that does not say that it is gone. */
    private String last() {
        return "left join lateral (select * from %s t where %s order by loaded_at desc limit 1) t on true"
                .formatted(table.quoted(), sql.sameKey());
    }

    @Override
    public String differing(boolean allColumnsThere) {
        return sql.differing(last(), allColumnsThere);
    }

    @Override
    public String keys() {
        String key = each(table.key(), Column::quoted);
        return "select %s from (select distinct on (%s) %s, is_deleted from %s order by %s, loaded_at desc) t where not is_deleted"
                .formatted(sql.keyTexts(), key, key, table.quoted(), key);
    }
}
