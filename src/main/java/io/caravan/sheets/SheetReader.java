package io.caravan.sheets;

import io.caravan.error.BadRecordException;
import io.caravan.error.Settings;
import io.caravan.format.RecordMaker;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads one tab, a range of rows at a time. Each range begins with the last row of the one before: when that is another now,
 * rows were moved meanwhile, and the reading fails.
 */
final class SheetReader implements RecordReader {

    private final SheetsApi api;
    private final String tab;
    private final int rowCount;
    private final int headerRow;
    private final int pageRows;
    private final List<String> keyFields;
    private final Set<String> dates;
    private final Set<String> dateTimes;

    private Fields fields;
    private RecordMaker maker;
    private List<Object> lastRow;
    private List<List<Object>> page = List.of();
    private int taken;
    private int row; // the last that was taken, or stands before the page

    SheetReader(
            SheetsApi api,
            String tab,
            int rowCount,
            int headerRow,
            int pageRows,
            List<String> keyFields,
            Set<String> dates,
            Set<String> dateTimes) {
        this.api = api;
        this.tab = tab;
        this.rowCount = rowCount;
        this.headerRow = headerRow;
        this.pageRows = pageRows;
        this.keyFields = keyFields;
        this.dates = dates;
        this.dateTimes = dateTimes;
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        if (fields == null) header();
        while (true) {
            while (taken < page.size()) {
                List<Object> cells = page.get(taken++);
                row++;
                if (cells.isEmpty()) continue;
                Origin origin = new Origin(tab, row);
                try {
                    return Optional.of(maker.make(values(cells, origin), origin));
                } catch (BadRecordException e) {
                    bad.accept(new BadRow(origin, cells.toString(), e.getMessage()));
                }
            }
            if (row >= rowCount) return Optional.empty();
            turn();
        }
    }

    private void header() {
        List<List<Object>> found =
                headerRow > rowCount ? List.of() : api.header(tab, range(headerRow + ":" + headerRow));
        lastRow = found.isEmpty() ? List.of() : trimmed(found.get(0));
        if (lastRow.isEmpty()) {
            throw broken("row " + headerRow, "be a header", "an empty row; choose other tabs, or set headerRow");
        }
        fields = SheetCells.header(lastRow);
        for (String name : keyFields) {
            if (fields.indexOf(name) < 0) throw broken("the header", "have the key " + name, fields);
        }
        for (Set<String> named : List.of(dates, dateTimes)) {
            for (String name : named) {
                if (fields.indexOf(name) < 0) throw broken("the header", "have the column " + name, fields);
            }
        }
        maker = new RecordMaker(fields, keyFields);
        row = headerRow;
    }

    private void turn() {
        int end = Math.min(rowCount, row + pageRows);
        List<List<Object>> found = api.rows(tab, range("A" + row + ":" + SheetCells.column(fields.size()) + end));
        List<Object> again = found.isEmpty() ? List.of() : trimmed(found.get(0));
        if (!again.equals(lastRow)) {
            throw new IncompleteSourceException(
                    tab + ": row " + row + " changed while the tab was read; the next run reads it again");
        }
        page = new ArrayList<>(end - row);
        for (int i = 1; i <= end - row; i++) page.add(i < found.size() ? trimmed(found.get(i)) : List.of());
        lastRow = page.get(page.size() - 1);
        taken = 0;
    }

    private Object[] values(List<Object> cells, Origin origin) {
        Object[] values = new Object[fields.size()];
        for (int i = 0; i < Math.min(cells.size(), values.length); i++) {
            String name = fields.names().get(i);
            Object cell = cells.get(i);
            values[i] = dates.contains(name)
                    ? SheetCells.date(cell, origin, name)
                    : dateTimes.contains(name) ? SheetCells.dateTime(cell, origin, name) : SheetCells.value(cell);
        }
        return values;
    }

    /** Without the empty cells at its end, which the API may leave out or not. */
    private static List<Object> trimmed(List<Object> cells) {
        int size = cells.size();
        while (size > 0 && (cells.get(size - 1) == null || "".equals(cells.get(size - 1)))) size--;
        return cells.subList(0, size);
    }

    /** A range of the tab, whose name is quoted as Sheets has it. */
    private String range(String cells) {
        return "'" + tab.replace("'", "''") + "'!" + cells;
    }

    private IncompleteSourceException broken(String what, String rule, Object got) {
        return new IncompleteSourceException(Settings.sentence(tab, what, rule, got));
    }

    @Override
    public void close() {
        // each range was one answer
    }
}
