package io.caravan.sheets;

import com.google.api.services.sheets.v4.model.CellData;
import com.google.api.services.sheets.v4.model.ErrorValue;
import com.google.api.services.sheets.v4.model.ExtendedValue;
import com.google.api.services.sheets.v4.model.GridData;
import com.google.api.services.sheets.v4.model.RowData;
import com.google.api.services.sheets.v4.model.Sheet;
import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Origin;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The cells of a tab that read like an error or a formula that is still computed, and which of them are texts that somebody typed:
 * the values of an answer do not tell, only {@code effectiveValue} does. Whatever it does not call a text is no data.
 */
final class ErrorTexts {

    /** Of a tab without such cells. */
    static final ErrorTexts NONE = new ErrorTexts(0, 0, List.of());

    /** Also in the words of other languages: {@code #NV}, {@code #BEZUG!}, {@code #¿NOMBRE?}. */
    private static final Pattern LIKE = Pattern.compile(
            "#[¡¿]?[\\p{L}&&[^\\p{Ll}]][^\\p{Ll}]{0,30}[!?]|#\\p{Lu}/\\p{Lu}{1,2}|#NV|Loading\\.\\.\\.");

    private static final String COMPUTED = "Loading...";

    private final int firstRow;
    private final int firstColumn;
    private final List<RowData> rows;

    private ErrorTexts(int firstRow, int firstColumn, List<RowData> rows) {
        this.firstRow = firstRow;
        this.firstColumn = firstColumn;
        this.rows = rows;
    }

    /** Where such cells stand in rows of a tab, of which {@code from} is the first, in so many columns. */
    static Optional<Place> place(List<List<Object>> rows, int from, int columns) {
        Place found = null;
        for (int r = 0; r < rows.size(); r++) {
            List<Object> cells = rows.get(r);
            for (int c = 0; c < Math.min(columns, cells.size()); c++) {
                if (!like(cells.get(c))) continue;
                Place one = new Place(from + r, c + 1, from + r, c + 1);
                found = found == null ? one : found.with(one);
            }
        }
        return Optional.ofNullable(found);
    }

    /** What the answer says of that place of a tab; empty when it does not hold its last row: the tab changed. */
    static Optional<ErrorTexts> told(List<Sheet> answer, String tab, Place place) {
        for (Sheet sheet : answer) {
            if (sheet.getProperties() == null
                    || !tab.equals(sheet.getProperties().getTitle())) continue;
            if (sheet.getData() == null || sheet.getData().isEmpty()) break;
            GridData grid = sheet.getData().get(0);
            int first = Objects.requireNonNullElse(grid.getStartRow(), 0) + 1;
            List<RowData> rows = Objects.requireNonNullElse(grid.getRowData(), List.of());
            if (first + rows.size() <= place.lastRow()) return Optional.empty();
            return Optional.of(new ErrorTexts(first, Objects.requireNonNullElse(grid.getStartColumn(), 0) + 1, rows));
        }
        return Optional.of(NONE);
    }

    /** Throws when the cell is no data; row and column count from 1. */
    void mustBeData(Object cell, int row, int column, Origin origin, String field) {
        if (!like(cell)) return;
        ExtendedValue value = value(row, column);
        ErrorValue error = value.getErrorValue();
        if (error == null && cell.equals(value.getStringValue())) return;
        boolean computed = COMPUTED.equals(cell) || (error != null && "LOADING".equals(error.getType()));
        throw new BadRecordException(SettingChecks.sentence(
                origin.toString(), field, computed ? "have the result of its formula" : "hold no error", cell));
    }

    private ExtendedValue value(int row, int column) {
        List<CellData> cells = row < firstRow || row - firstRow >= rows.size()
                ? List.of()
                : Objects.requireNonNullElse(rows.get(row - firstRow).getValues(), List.of());
        CellData cell =
                column < firstColumn || column - firstColumn >= cells.size() ? null : cells.get(column - firstColumn);
        return cell == null || cell.getEffectiveValue() == null ? new ExtendedValue() : cell.getEffectiveValue();
    }

    private static boolean like(Object cell) {
        return cell instanceof String text
                && !text.isEmpty()
                && (text.charAt(0) == '#' || text.charAt(0) == 'L')
                && LIKE.matcher(text).matches();
    }

    /** Cells from one corner to the other, from 1. */
    record Place(int firstRow, int firstColumn, int lastRow, int lastColumn) {

        private Place with(Place other) {
            return new Place(
                    Math.min(firstRow, other.firstRow),
                    Math.min(firstColumn, other.firstColumn),
                    Math.max(lastRow, other.lastRow),
                    Math.max(lastColumn, other.lastColumn));
        }

        /** As Sheets has it: {@code B2:D7}. */
        String range() {
            return SheetCells.column(firstColumn) + firstRow + ":" + SheetCells.column(lastColumn) + lastRow;
        }
    }
}
