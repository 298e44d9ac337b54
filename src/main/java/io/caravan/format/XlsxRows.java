package io.caravan.format;

import io.caravan.error.CaravanException;
import io.caravan.record.Origin;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.BitSet;
import javax.xml.stream.XMLStreamException;

/** The rows of a sheet of a .xlsx workbook. What a cell says is made of it only when it is asked for. */
final class XlsxRows implements SheetRows {

    private static final int MOST_COLUMNS = 16_384;

    private final XlsxBook book;
    private final SharedTexts shared;
    private final XlsxXml xml;
    private final XlsxCells cells;
    private final String object;
    private final BitSet wanted;

    private String[] types = new String[64]; // of the cells of the row; null where there is none
    private String[] styles = new String[64];
    private String[] values = new String[64];
    private int row;
    private int width;
    private int held; // one more than the last column that is kept
    private boolean ended;

    /** @param wanted the columns to keep, null for all */
    XlsxRows(XlsxBook book, SharedTexts shared, XlsxXml xml, String object, BitSet wanted) throws XMLStreamException {
        this.book = book;
        this.shared = shared;
        this.xml = xml;
        this.cells = new XlsxCells(book.since1904());
        this.object = object;
        this.wanted = wanted;
        this.ended = !xml.child("sheetData");
    }

    @Override
    public boolean next() {
        if (ended) return false;
        try {
            Arrays.fill(types, 0, held, null);
            width = 0;
            held = 0;
            xml.rowBegins();
            if (!xml.child("row")) {
                xml.toEnd();
                ended = true;
                return false;
            }
            row = XlsxCells.index(xml.attribute("r"), row + 1);
            int column = 0;
            while (xml.child("c")) column = cell(column) + 1;
            return true;
        } catch (CaravanException e) {
            throw e;
        } catch (XMLStreamException | RuntimeException e) {
            throw Workbooks.broken(object, e);
        }
    }

    @Override
    public int row() {
        return row;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public Object value(int column, Origin origin, String field) {
        if (column >= held || types[column] == null) return null;
        String value = values[column];
        if (value == null) throw XlsxCells.bad(origin, field, "have the result of its formula", "none");
        return switch (types[column]) {
            case "n" -> cells.number(value, form(styles[column]), origin, field);
            case "s" -> Texts.check(origin, field, shared.get(value, origin));
            case "str" -> Texts.check(origin, field, XlsxXml.unescaped(value));
            case "inlineStr" -> Texts.check(origin, field, value);
            case "b" -> truth(value, origin, field);
            case "d" -> cells.isoTime(value, form(styles[column]), origin, field);
            case "e" -> throw XlsxCells.bad(origin, field, "hold no error", Texts.cut(value));
            default ->
                throw XlsxCells.bad(origin, field, "have a type of cell that there is", Texts.cut(types[column]));
        };
    }

    @Override
    public LocalDateTime time(double number) {
        return ExcelDays.time(number, book.since1904());
    }

    /** Takes one cell, which stands in the column that it names, else in the next one; tells which. */
    private int cell(int next) throws XMLStreamException {
        int column = next;
        String type = null;
        String style = null;
        for (int i = xml.attributes() - 1; i >= 0; i--) {
            switch (xml.attributeName(i)) {
                case "r" -> column = column(xml.attribute(i), next);
                case "t" -> type = xml.attribute(i);
                case "s" -> style = xml.attribute(i);
                default -> {} // what we do not need
            }
        }
        if (column < 0 || (wanted != null && column < MOST_COLUMNS && !wanted.get(column))) {
            xml.skip();
            return column;
        }
        String value = null;
        boolean formula = false;
        for (String name = xml.child(); name != null; name = xml.child()) {
            switch (name) {
                case "v" -> value = xml.text();
                case "is" -> value = xml.texts();
                case "f" -> {
                    formula = true;
                    xml.skip();
                }
                default -> xml.skip();
            }
        }
        if (value == null && !formula) return column;
        put(column, type == null ? "n" : type, style, value);
        return column;
    }

    private void put(int column, String type, String style, String value) {
        if (value != null && value.isEmpty() && type.equals("n")) return;
        width = Math.max(width, column + 1);
        if (column >= MOST_COLUMNS) return;
        if (column >= types.length) {
            int length = Math.max(column + 1, 2 * types.length);
            types = Arrays.copyOf(types, length);
            styles = Arrays.copyOf(styles, length);
            values = Arrays.copyOf(values, length);
        }
        held = Math.max(held, column + 1);
        types[column] = type;
        styles[column] = style;
        values[column] = value;
    }

    private CellForm form(String style) {
        return style == null ? CellForm.NUMBER : book.form(XlsxCells.index(style, -1));
    }

    private static Object truth(String value, Origin origin, String field) {
        return switch (value) {
            case "1", "true" -> true;
            case "0", "false" -> false;
            default -> throw XlsxCells.bad(origin, field, "be 1 or 0", Texts.cut(value));
        };
    }

    /** The column of a cell's name, from 0: 27 for AB7. */
    static int column(String name, int otherwise) {
        if (name == null) return otherwise;
        int column = 0;
        int i = 0;
        while (i < name.length() && i < 6 && name.charAt(i) >= 'A' && name.charAt(i) <= 'Z') {
            column = 26 * column + name.charAt(i++) - 'A' + 1;
        }
        return i == 0 ? otherwise : column - 1;
    }
}
