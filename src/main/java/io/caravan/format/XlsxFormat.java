package io.caravan.format;

import io.caravan.error.SettingChecks;
import io.caravan.source.RecordReader;
import java.io.InputStream;
import java.util.List;

/**
 * Reads one sheet of an Excel workbook, of the kind the file is (.xlsx and .xlsm, or .xls of Excel 97 to 2003): a row of names, then rows of typed cells. {@code docs/formats.md} says
 * what becomes of a cell. The object is copied to a temporary file first.
 *
 * <ul>
 *   <li>bad rows: a blank key, an error ({@code #DIV/0!}) or a date that is none in a cell, a value right of the names
 *   <li>errors: {@link io.caravan.source.IncompleteSourceException} when it is no workbook, damaged or cut, has no such
 *       sheet or no such row of names, or names are blank or repeated
 * </ul>
 */
public final class XlsxFormat implements Format {

    private final String sheet;
    private final int headerRow;
    private final int maxExpansion;
    private final SheetRules rules;

    /**
     * @param sheet its name, or its number from 1
     * @param headerRow the number of the row that holds the names, from 1; rows above it are not read
     * @param maxExpansion how many bytes one packed byte may become, beyond the first 64 MiB
     */
    public XlsxFormat(String sheet, int headerRow, int maxExpansion) {
        this(sheet, headerRow, maxExpansion, TextOptions.DEFAULT);
    }

    /**
     * The same.
     *
     * @param text what of cells is shown
     */
    XlsxFormat(String sheet, int headerRow, int maxExpansion, TextOptions text) {
        new SettingChecks("xlsx")
                .notBlank("sheet", sheet)
                .between("headerRow", headerRow, 1, 1_048_576)
                .between("maxExpansion", maxExpansion, 2, 1_000_000)
                .check();
        this.sheet = sheet;
        this.headerRow = headerRow;
        this.maxExpansion = maxExpansion;
        this.rules = text.sheets();
    }

    @Override
    public boolean mayHaveSheets(String object) {
        return true;
    }

    @Override
    public RecordReader open(InputStream bytes, String object, List<String> keyFields) {
        return new SheetReader(bytes, object, sheet, headerRow, maxExpansion, rules, keyFields);
    }
}
