package io.caravan.warehouse;

import io.caravan.delivery.Refusal;
import io.caravan.error.SettingChecks;
import io.caravan.record.Record;
import java.util.List;
import java.util.Map;

/** Turns a batch into the rows of the staging table, and refuses the records that the table cannot hold. */
final class StagedRows {

    private static final int SHOWN = 60;
    /** Why a key that no column of the table can hold needs no delete. */
    private static final String NOT_THERE = "not there";

    private final String unit;
    private final Table table;

    StagedRows(String unit, Table table) {
        this.unit = unit;
        this.table = table;
    }

    /** {@code fits}: what columns take that hold less than is described. One row for each record of the batch that fits, numbered from 0 by its place in the batch. */
    CopyText rows(List<Record> batch, Map<Column, ColumnFit> fits, List<Refusal> refusals) {
        CopyText rows = new CopyText();
        for (int i = 0; i < batch.size(); i++) {
            Record record = batch.get(i);
            rows.plain(Integer.toString(i)).plain(record.deleted() ? "t" : "f");
            String problem = add(record, fits, rows);
            if (problem == null) {
                rows.endRow();
            } else {
                rows.dropRow();
                if (!problem.equals(NOT_THERE)) refusals.add(new Refusal(record, problem));
            }
        }
        return rows;
    }

    private String add(Record record, Map<Column, ColumnFit> fits, CopyText rows) {
        for (Column column : table.columns()) {
            int at = record.fields().indexOf(column.from());
            Object value = at < 0 || (record.deleted() && !column.key()) ? null : record.at(at);
            if (value == null) {
                if (!column.nullable() && (column.key() || !record.deleted())) {
                    return sentence(column, "not be null", at < 0 ? "no field '" + column.from() + "'" : "null");
                }
                rows.nothing();
                continue;
            }
            String text;
            try {
                text = column.text(value);
            } catch (RuntimeException e) {
                return sentence(column, "hold " + column.rule(), shown(value));
            }
            ColumnFit fit = fits.get(column);
            if (fit != null && !fit.holds(value)) {
                if (record.deleted()) return NOT_THERE;
                String name = "column '" + column.name() + "' of type " + fit.type();
                return SettingChecks.sentence(unit, name, "hold " + fit.rule(), shown(value));
            }
            if (fit != null) text = fit.written(text);
            try {
                rows.value(text);
            } catch (IllegalArgumentException e) {
                return sentence(column, "hold no U+0000 and no half surrogate pair", shown(value));
            }
        }
        return null;
    }

    private String sentence(Column column, String rule, String value) {
        return SettingChecks.sentence(unit, "column '" + column.name() + "'", rule, value);
    }

    private static String shown(Object value) {
        if (value instanceof byte[] bytes) return bytes.length + " bytes";
        String text = value.toString();
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }
}
