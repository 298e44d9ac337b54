package io.caravan.sheets;

import com.google.api.services.sheets.v4.model.SheetProperties;
import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Fields;
import io.caravan.record.Kinds;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads one tab, a range of rows at a time, or one that an answer held whole. Each range begins with the last row before it that has cells: when that is another
 * now, rows were moved meanwhile, and the reading fails. At its end the tab is listed again: rows that a grid got meanwhile are
 * read too, as what was inserted may have pushed the last ones there.
 */
final class SheetReader implements RecordReader {

    /** How often a tab may have become longer until it is left to the next run. */
    private static final int MOST_GROWTHS = 10;

    private final SheetsApi api;
    private final SheetProperties listed;
    private final Optional<WholeTab> whole;
    private final String tab;
    private final int headerRow;
    private final int pageRows;
    private final TabForm form;

    private Optional<SheetProperties> after; // the first listing at the end, if there was one already
    private Fields fields;
    private TabForm.Maker maker;
    private List<Object> mark; // the last row that has cells, of those above the page
    private int markRow;
    private List<List<Object>> page = List.of();
    private ErrorTexts errors; // of the page
    private int rowCount;
    private int growths;
    private int taken;
    private int row; // the last that was taken, or stands before the page

    SheetReader(
            SheetsApi api,
            SheetProperties listed,
            Optional<WholeTab> whole,
            int headerRow,
            int pageRows,
            TabForm form) {
        this.api = api;
        this.listed = listed;
        this.whole = whole;
        this.after = whole.map(WholeTab::after);
        this.tab = listed.getTitle();
        this.rowCount = TabsAhead.rows(listed);
        this.headerRow = headerRow;
        this.pageRows = pageRows;
        this.form = form;
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
            if (row >= rowCount && !grown()) return Optional.empty();
            turn();
        }
    }

    private void header() {
        List<List<Object>> found = whole.map(WholeTab::rows)
                .orElseGet(
                        () -> headerRow > rowCount ? List.of() : api.header(tab, range(headerRow + ":" + headerRow)));
        mark = found.isEmpty() ? List.of() : trimmed(found.get(0));
        if (mark.isEmpty()) {
            throw broken("row " + headerRow, "be a header", "an empty row; choose other tabs, or set headerRow");
        }
        errors = whole.map(WholeTab::errors).orElseGet(() -> errors(List.of(mark), headerRow, mark.size()));
        fields = SheetCells.header(mark);
        mustBeNames();
        for (String name : form.keyColumns()) {
            if (fields.indexOf(name) < 0) throw broken("the header", "have the key " + name, fields);
        }
        for (String name : form.types().keySet()) {
            if (fields.indexOf(name) < 0) throw broken("the header", "have the column " + name, fields);
        }
        for (String name : form.kind().isPresent() ? Kinds.KEY : List.<String>of()) {
            if (fields.indexOf(name) >= 0) throw broken("the header", "have no column " + name, fields);
        }
        maker = form.maker(fields);
        row = headerRow;
        markRow = headerRow;
        if (whole.isPresent()) fill(found, 0, rowCount);
    }

    /** Whether the grid has rows below those that were read; throws when there can be rows that were not read elsewhere. */
    private boolean grown() {
        SheetProperties now = after.or(() -> api.tab(tab))
                .filter(found -> TabsAhead.same(found, listed))
                .orElseThrow(() -> new IncompleteSourceException(
                        tab + ": the tab is gone or another since it was listed; the next run reads it again"));
        after = Optional.empty();
        int rows = TabsAhead.rows(now);
        if (rows == rowCount) return false;
        if (rows < rowCount || ++growths > MOST_GROWTHS) {
            throw new IncompleteSourceException(tab + ": the tab had " + rowCount + " rows and has " + rows
                    + " at its end, it changed while it was read;" + " the next run reads it again");
        }
        rowCount = rows;
        return true;
    }

    private void turn() {
        int end = Math.min(rowCount, row + pageRows);
        List<List<Object>> found = api.rows(tab, range("A" + markRow + ":" + SheetCells.column(fields.size()) + end));
        if (!at(found, 0).equals(mark)) throw changed(markRow);
        int before = row - markRow;
        for (int i = 1; i <= before; i++) if (!at(found, i).isEmpty()) throw changed(markRow + i);
        errors = errors(found.subList(Math.min(before + 1, found.size()), found.size()), row + 1, fields.size());
        fill(found, before, end);
    }

    private void mustBeNames() {
        Origin origin = new Origin(tab, headerRow);
        try {
            for (int i = 0; i < mark.size(); i++) {
                errors.mustBeData(mark.get(i), headerRow, i + 1, origin, "column " + SheetCells.column(i + 1));
            }
        } catch (BadRecordException e) {
            throw new IncompleteSourceException(e.getMessage() + "; correct the header, or set headerRow", e);
        }
    }

    /** Asks for nothing where no cell reads like an error. */
    private ErrorTexts errors(List<List<Object>> cells, int from, int columns) {
        Optional<ErrorTexts.Place> place = ErrorTexts.place(cells, from, columns);
        if (place.isEmpty()) return ErrorTexts.NONE;
        return api.errors(List.of(range(place.get().range())))
                .flatMap(answer -> ErrorTexts.told(answer, tab, place.get()))
                .orElseThrow(() -> changed(place.get().lastRow()));
    }

    /** The page are the rows up to that one; in what was found, so many stand between its first and them. */
    private void fill(List<List<Object>> found, int before, int end) {
        page = new ArrayList<>(end - row);
        for (int i = 1; i <= end - row; i++) {
            List<Object> cells = below(at(found, before + i));
            page.add(cells);
            if (cells.isEmpty()) continue;
            mark = cells;
            markRow = row + i;
        }
        taken = 0;
    }

    /** A row of an answer, which ends with the last that has cells. */
    private static List<Object> at(List<List<Object>> found, int i) {
        return i < found.size() ? trimmed(found.get(i)) : List.of();
    }

    /** The cells below a name. */
    private List<Object> below(List<Object> cells) {
        return cells.size() <= fields.size() ? cells : trimmed(cells.subList(0, fields.size()));
    }

    private IncompleteSourceException changed(int changed) {
        return new IncompleteSourceException(
                tab + ": row " + changed + " changed while the tab was read; the next run reads it again");
    }

    private Object[] values(List<Object> cells, Origin origin) {
        Object[] values = new Object[fields.size()];
        for (int i = 0; i < Math.min(cells.size(), values.length); i++) {
            String name = fields.names().get(i);
            Object cell = cells.get(i);
            errors.mustBeData(cell, row, i + 1, origin, name);
            values[i] = form.value(cell, origin, name);
        }
        return values;
    }

    /** Without the empty cells at its end, which the API may leave out or not. */
    private static List<Object> trimmed(List<Object> cells) {
        int size = cells.size();
        while (size > 0 && (cells.get(size - 1) == null || "".equals(cells.get(size - 1)))) size--;
        return cells.subList(0, size);
    }

    private String range(String cells) {
        return TabsAhead.range(tab, cells);
    }

    private IncompleteSourceException broken(String what, String rule, Object got) {
        return new IncompleteSourceException(SettingChecks.sentence(tab, what, rule, got));
    }

    @Override
    public Optional<String> note() {
        return api.pauses().map(pauses -> tab + ": " + pauses);
    }

    @Override
    public void close() {
        // each range was one answer
    }
}
