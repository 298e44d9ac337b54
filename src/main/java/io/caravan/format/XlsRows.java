package io.caravan.format;

import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Doubles;
import io.caravan.record.Origin;
import io.caravan.source.IncompleteSourceException;
import java.io.EOFException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.BitSet;
import org.apache.poi.hssf.util.RKUtil;
import org.apache.poi.ss.usermodel.FormulaError;

/** The rows of a sheet of a .xls workbook. */
final class XlsRows implements SheetRows {

    private static final int COLUMNS = 256;

    /** An error in a cell, by its code. */
    private record Fault(int code) {}

    private record SharedText(int number) {}

    private final XlsBook book;
    private final XlsRecords records;
    private final SharedTexts shared;
    private final String object;
    private final BitSet wanted;

    private final Object[] cells = new Object[COLUMNS]; // of the row: a text, number, truth, fault or shared text
    private final int[] styles = new int[COLUMNS];
    private int row = -1; // from 0
    private int width;
    private int begunRow = -1; // of the cell that the record we stand in holds
    private int formula = -1; // the column whose text comes
    private boolean ended;

    /** Begins after the record that begins the sheet. */
    XlsRows(XlsBook book, XlsRecords records, SharedTexts shared, String object, BitSet wanted) {
        this.book = book;
        this.records = records;
        this.shared = shared;
        this.object = object;
        this.wanted = wanted;
    }

    @Override
    public boolean next() {
        try {
            return !ended && readRow();
        } catch (CaravanException e) {
            throw e;
        } catch (EOFException | RuntimeException e) {
            throw Workbooks.broken(object, e);
        }
    }

    @Override
    public int row() {
        return row + 1;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public Object value(int column, Origin origin, String field) {
        Object cell = column < COLUMNS ? cells[column] : null;
        if (cell instanceof SharedText text) return Texts.check(origin, field, shared.get(text.number(), origin));
        if (cell instanceof String text) return Texts.check(origin, field, text);
        if (cell instanceof Double number) return number(number, book.form(styles[column]), origin, field);
        if (cell instanceof Fault fault) {
            String name = FormulaError.isValidCode(fault.code())
                    ? FormulaError.forInt(fault.code()).getString()
                    : "error " + fault.code();
            throw XlsxCells.bad(origin, field, "hold no error", name);
        }
        return cell;
    }

    @Override
    public LocalDateTime time(double number) {
        return ExcelDays.time(number, book.since1904());
    }

    private Object number(double number, CellForm form, Origin origin, String field) {
        if (!Double.isFinite(number)) throw XlsxCells.bad(origin, field, "be a number", number);
        Object exact = XlsxCells.whole(Doubles.shortest(number));
        try {
            return switch (form.shown()) {
                case NUMBER -> exact;
                case ZERO_FILLED -> ShownCells.zeroFilled(exact, form);
                case ELAPSED -> ShownCells.elapsed(number, form, origin, field);
                case DATE, DATE_TIME -> ExcelDays.shown(time(number), form);
            };
        } catch (DateTimeException e) {
            throw XlsxCells.bad(origin, field, "be a date that there is", number);
        }
    }

    /** Takes the cells of the next row; the first cell of the one after it is begun only. */
    private boolean readRow() throws EOFException {
        Arrays.fill(cells, null);
        width = 0;
        if (begunRow < 0 && !toCell()) return false;
        row = begunRow;
        do {
            cell();
            begunRow = -1;
        } while (toCell() && begunRow == row);
        if (begunRow >= 0 && begunRow < row) {
            throw new IncompleteSourceException(
                    SettingChecks.sentence(object, "the rows of a sheet", "be in order", begunRow + 1));
        }
        return true;
    }

    /** To the next record that holds cells, of which the row is read; false at the end of the sheet. */
    private boolean toCell() throws EOFException {
        for (int inside = 0; ; ) {
            if (!records.next()) throw new EOFException("the sheet has no end");
            switch (records.id()) {
                case XlsRecords.BEGIN -> inside++; // a chart in the sheet
                case XlsRecords.END -> {
                    if (inside-- > 0) continue;
                    ended = true;
                    return false;
                }
                case XlsRecords.FORMULA_TEXT -> {
                    if (inside == 0 && formula >= 0) cells[formula] = records.text(records.number());
                    formula = -1;
                }
                case XlsRecords.NUMBER,
                        XlsRecords.SHORT_NUMBER,
                        XlsRecords.SHORT_NUMBERS,
                        XlsRecords.SHARED_TEXT,
                        XlsRecords.TEXT,
                        XlsRecords.RICH_TEXT,
                        XlsRecords.TRUTH_OR_ERROR,
                        XlsRecords.FORMULA -> {
                    if (inside > 0) continue;
                    formula = -1;
                    begunRow = records.number();
                    return true;
                }
                default -> {} // what we do not need
            }
        }
    }

    /** Takes the cells of the record, of which the row is read. */
    private void cell() {
        int column = records.number();
        if (records.id() == XlsRecords.SHORT_NUMBERS) {
            while (records.remaining() >= 6) {
                int style = records.number();
                put(column++, style, RKUtil.decodeNumber(records.signed()));
            }
            return;
        }
        int style = records.number();
        switch (records.id()) {
            case XlsRecords.NUMBER -> put(column, style, Double.longBitsToDouble(records.eightBytes()));
            case XlsRecords.SHORT_NUMBER -> put(column, style, RKUtil.decodeNumber(records.signed()));
            case XlsRecords.SHARED_TEXT -> put(column, style, new SharedText(records.signed()));
            case XlsRecords.TEXT, XlsRecords.RICH_TEXT -> put(column, style, records.text(records.number()));
            case XlsRecords.TRUTH_OR_ERROR -> {
                int value = records.octet();
                put(column, style, truthOrError(value, records.octet() == 1));
            }
            default -> formula(column, style, records.eightBytes());
        }
    }

    /** What a formula gave: a number, or a mark for something else. */
    private void formula(int column, int style, long result) {
        if (result >>> 48 != 0xFFFF) {
            put(column, style, Double.longBitsToDouble(result));
            return;
        }
        int value = (int) (result >>> 16) & 0xFF;
        switch ((int) result & 0xFF) {
            case 0 -> {
                put(column, style, ""); // until its text comes
                if (wanted(column)) formula = column;
            }
            case 1 -> put(column, style, truthOrError(value, false));
            case 2 -> put(column, style, truthOrError(value, true));
            default -> put(column, style, "");
        }
    }

    private static Object truthOrError(int value, boolean error) {
        return error ? new Fault(value) : (Object) (value != 0);
    }

    private void put(int column, int style, Object value) {
        if (!wanted(column)) return;
        cells[column] = value;
        styles[column] = style;
        width = Math.max(width, column + 1);
    }

    private boolean wanted(int column) {
        return column < COLUMNS && (wanted == null || wanted.get(column));
    }
}
