package io.caravan.observation;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.format.SheetRows;
import io.caravan.format.Workbook;
import io.caravan.format.Workbooks;
import io.caravan.record.Origin;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A table in a sheet of a workbook; columns without a name are passed over. */
final class SheetTable implements TableRows {

    private final Path file;
    private final String object;
    private final String sheet;
    private final int headerRow;
    private final List<String> names = new ArrayList<>();
    private String part;
    private Workbook book;
    private SheetRows rows;

    SheetTable(Path file, String object, String sheet, int headerRow) {
        this.file = file;
        this.object = object;
        this.sheet = sheet;
        this.headerRow = headerRow;
    }

    @Override
    public boolean next(Consumer<BadRow> bad) {
        if (rows == null) begin();
        return rows.next();
    }

    private void begin() {
        book = Workbooks.open(file, object, VerticalReader.MAX_EXPANSION);
        int found = book.sheet(sheet);
        if (found < 0) throw book.noSheet(object, sheet);
        part = book.sheets().get(found) + "!";
        rows = book.rows(found, null);
        boolean there = rows.next();
        while (there && rows.row() < headerRow) there = rows.next();
        if (!there || rows.row() > headerRow) {
            throw new IncompleteSourceException(
                    SettingChecks.sentence(object + "!" + sheet, "row " + headerRow, "hold the names", "nothing"));
        }
        for (int i = 0; i < Math.min(rows.width(), ColumnLetters.LAST + 1); i++) names.add(name(i));
    }

    /** What names the column; empty when nothing does. */
    private String name(int column) {
        try {
            Object name = rows.value(column, new Origin(object, part + ColumnLetters.of(column), headerRow), "name");
            return name == null ? "" : name.toString().strip();
        } catch (BadRecordException e) {
            return "";
        }
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public Cell cell(int column, String name) {
        if (column < 0) return new Cell(new Origin(object, part + name + ":", rows.row()), null, null);
        return Cell.of(rows, object, part + ColumnLetters.of(column), column, name);
    }

    @Override
    public boolean fixed() {
        return true;
    }

    @Override
    public SheetRows sheet() {
        return rows;
    }

    @Override
    public void close() {
        if (book != null) book.close();
    }
}
