package io.caravan.format;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cells that are shown as one, of which the first holds the value.
 *
 * @param firstRow from 1
 * @param firstColumn from 0
 */
record MergedCells(int firstRow, int lastRow, int firstColumn, int lastColumn) {

    private static final Pattern REFERENCE = Pattern.compile("([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})");

    /** Of {@code A2:C3}; throws {@link IllegalArgumentException} for what is none. */
    static MergedCells of(String reference) {
        Matcher cells = REFERENCE.matcher(reference.replace("$", ""));
        if (!cells.matches()) throw new IllegalArgumentException("no merged cells: " + Texts.cut(reference));
        return new MergedCells(
                Integer.parseInt(cells.group(2)),
                Integer.parseInt(cells.group(4)),
                XlsxRows.column(cells.group(1), -1),
                XlsxRows.column(cells.group(3), -1));
    }

    boolean has(int row, int column) {
        return row >= firstRow && row <= lastRow && column >= firstColumn && column <= lastColumn;
    }
}
