package io.caravan.warehouse;

import io.caravan.delivery.Refusal;
import io.caravan.error.SettingChecks;
import io.caravan.record.Keys;
import io.caravan.record.Record;
import io.caravan.table.ColumnType;
import io.caravan.table.ColumnValues;
import io.caravan.table.KeyColumns;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/** Turns a batch into the rows of the staging table, and refuses the records that the table cannot hold. */
final class StagedRows {

    private final String unit;
    private final Table table;
    private final KeyColumns keyColumns;

    /** What keeps a record out of the table; {@code nowhere}: no row can have its key, so there is none to delete. */
    private record Problem(String sentence, boolean nowhere) {}

    StagedRows(String unit, Table table) {
        this.unit = unit;
        this.table = table;
        this.keyColumns = new KeyColumns(
                unit,
                table.key().stream()
                        .map(c -> new KeyColumns.Column(c.name(), c.type()))
                        .toList());
    }

    /**
     * One row for each record of the batch that fits, numbered from 0 by its place in the batch. A record that is gone and whose key no
     * row can have needs none.
     *
     * @param fits what columns take that hold less than is described
     * @param since when the run began that brought a form; asked only where rows have times
     */
    CopyText rows(
            List<Record> batch, Map<Column, ColumnFit> fits, List<Refusal> refusals, LongFunction<Instant> since) {
        CopyText rows = new CopyText();
        for (int i = 0; i < batch.size(); i++) {
            Record record = batch.get(i);
            rows.plain(Integer.toString(i)).plain(record.deleted() ? "t" : "f");
            if (table.mode().dated())
                rows.plain(since.apply(record.changedRun()).toString());
            Optional<Problem> problem = add(record, fits, rows);
            if (problem.isEmpty()) {
                rows.endRow();
                continue;
            }
            rows.dropRow();
            if (!record.deleted() || !problem.get().nowhere()) {
                refusals.add(new Refusal(record, problem.get().sentence()));
            }
        }
        return rows;
    }

    private Optional<Problem> add(Record record, Map<Column, ColumnFit> fits, CopyText rows) {
        List<String> key = new ArrayList<>(1);
        for (Column column : table.columns()) {
            int at = record.fields().indexOf(column.from());
            Object value = at < 0 || (record.deleted() && !column.key()) ? null : record.at(at);
            if (value == null) {
                if (!column.nullable() && (column.key() || !record.deleted())) {
                    return problem(column, "not be null", at < 0 ? "no field '" + column.from() + "'" : "null", false);
                }
                rows.nothing();
                continue;
            }
            String text;
            try {
                text = column.key() ? keyText(column, value) : column.text(value);
            } catch (RuntimeException e) {
                String said = sentence(column, "hold " + column.rule(), ColumnValues.shown(value))
                        + ColumnValues.remedy(column.type(), value, column.from());
                return Optional.of(new Problem(said, column.key()));
            }
            ColumnFit fit = fits.get(column);
            if (fit != null && !fit.holds(value)) {
                String name = "column '" + column.name() + "' of type " + fit.type();
                String said = SettingChecks.sentence(unit, name, "hold " + fit.rule(), ColumnValues.shown(value));
                return Optional.of(new Problem(said, column.key()));
            }
            if (column.key()) key.add(text);
            if (fit != null) text = fit.written(text);
            try {
                rows.value(text);
            } catch (IllegalArgumentException e) {
                return problem(
                        column, "hold no U+0000 and no half surrogate pair", ColumnValues.shown(value), column.key());
            }
        }
        return keyColumns.problem(record, key).map(sentence -> new Problem(sentence, true));
    }

    /** As the record's key has it. */
    private static String keyText(Column column, Object value) {
        return column.type() == ColumnType.TEXT ? Keys.text(value).orElseThrow() : column.text(value);
    }

    private Optional<Problem> problem(Column column, String rule, String value, boolean nowhere) {
        return Optional.of(new Problem(sentence(column, rule, value), nowhere));
    }

    private String sentence(Column column, String rule, String value) {
        return SettingChecks.sentence(unit, "column '" + column.name() + "'", rule, value);
    }
}
