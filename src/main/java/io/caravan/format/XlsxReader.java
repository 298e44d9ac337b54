package io.caravan.format;

import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.RecordReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.xml.stream.XMLStreamException;

/** Reads the rows of one sheet. */
final class XlsxReader implements RecordReader {

    private final InputStream bytes;
    private final String object;
    private final String sheet;
    private final int headerRow;
    private final int maxExpansion;
    private final List<String> keyFields;

    private LocalCopy copy;
    private XlsxBook book;
    private SharedTexts texts;
    private XlsxXml xml;
    private XlsxCells cells;
    private Fields fields;
    private RecordMaker maker;
    private int row;
    private Origin origin; // of the row
    private Object[] values = new Object[0];
    private BadRecordException badCell;
    private boolean any; // value in the row
    private boolean ended;

    XlsxReader(
            InputStream bytes, String object, String sheet, int headerRow, int maxExpansion, List<String> keyFields) {
        this.bytes = bytes;
        this.object = object;
        this.sheet = sheet;
        this.headerRow = headerRow;
        this.maxExpansion = maxExpansion;
        this.keyFields = keyFields;
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        try {
            if (xml == null) begin();
            while (next()) {
                try {
                    if (badCell != null) throw badCell;
                    if (!any) continue;
                    return Optional.of(maker.make(values, origin));
                } catch (BadRecordException e) {
                    bad.accept(new BadRow(origin, raw(), e.getMessage()));
                }
            }
            return Optional.empty();
        } catch (CaravanException e) {
            throw e;
        } catch (IOException | XMLStreamException | RuntimeException e) {
            throw new IncompleteSourceException(
                    SettingChecks.sentence(object, "the object", "be a whole workbook", e.getMessage()), e);
        }
    }

    private void begin() throws IOException, XMLStreamException {
        copy = new LocalCopy(bytes, object);
        book = new XlsxBook(copy.file(), object, maxExpansion);
        texts = book.texts();
        cells = new XlsxCells(book.since1904());
        xml = book.sheet(sheet);
        ended = !xml.child("sheetData");
        fields = header();
        maker = new RecordMaker(fields, keyFields);
    }

    private Fields header() throws XMLStreamException {
        values = new Object[Shapes.MOST_FIELDS];
        while (row < headerRow) {
            if (!next()) throw broken("row " + headerRow, "hold the names", "nothing");
        }
        if (row > headerRow) throw broken("row " + headerRow, "hold the names", "nothing");
        if (badCell != null) throw broken("row " + headerRow, "hold the names", badCell.getMessage());
        int size = values.length;
        while (size > 0 && values[size - 1] == null) size--;
        if (size == 0) throw broken("row " + headerRow, "hold the names", "nothing");
        String[] names = new String[size];
        Set<String> unique = new HashSet<>();
        for (int i = 0; i < size; i++) {
            names[i] = values[i] == null ? "" : values[i].toString();
            if (names[i].isBlank() || names[i].indexOf('\0') >= 0 || Texts.half(names[i]) >= 0) {
                throw broken("the name of column " + (i + 1), "be a text that is not blank", names[i]);
            }
            if (!unique.add(names[i])) throw broken("names", "differ", Texts.cut(names[i]));
        }
        if (!unique.containsAll(keyFields)) {
            List<String> missing =
                    keyFields.stream().filter(k -> !unique.contains(k)).toList();
            throw broken(
                    "row " + headerRow,
                    "have the key " + String.join(",", missing),
                    Texts.cut(String.join(",", names)));
        }
        return Fields.of(names);
    }

    /** Moves to the next row and reads its values; false after the last, when the sheet was read to its end. */
    private boolean next() throws XMLStreamException {
        if (ended) return false;
        xml.rowBegins();
        if (!xml.child("row")) {
            xml.toEnd();
            ended = true;
            return false;
        }
        row = XlsxCells.index(xml.attribute("r"), row + 1);
        badCell = null;
        any = false;
        if (fields == null) Arrays.fill(values, null);
        else values = new Object[fields.size()];
        origin = new Origin(object, row);
        int column = 0;
        while (xml.child("c")) column = cell(column) + 1;
        return true;
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
        try {
            put(column, type == null ? "n" : type, style, value);
        } catch (BadRecordException e) {
            if (badCell == null) badCell = e;
        }
        return column;
    }

    private void put(int column, String type, String style, String value) {
        if (value != null && value.isEmpty() && type.equals("n")) return;
        if (column >= values.length) {
            throw XlsxCells.bad(
                    origin, "columns", "be " + (fields == null ? "at most " : "") + values.length, column + 1);
        }
        String field =
                fields == null ? "column " + (column + 1) : fields.names().get(column);
        if (value == null) throw XlsxCells.bad(origin, field, "have the result of its formula", "none");
        any = true;
        values[column] = switch (type) {
            case "n" -> cells.number(value, form(style), origin, field);
            case "s" -> Texts.check(origin, field, texts.get(value, origin));
            case "str" -> Texts.check(origin, field, XlsxXml.unescaped(value));
            case "inlineStr" -> Texts.check(origin, field, value);
            case "b" -> truth(value, origin, field);
            case "d" -> cells.isoTime(value, form(style), origin, field);
            case "e" -> throw XlsxCells.bad(origin, field, "hold no error", Texts.cut(value));
            default -> throw XlsxCells.bad(origin, field, "have a type of cell that there is", Texts.cut(type));
        };
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
    private static int column(String name, int otherwise) {
        if (name == null) return otherwise;
        int column = 0;
        int i = 0;
        while (i < name.length() && i < 6 && name.charAt(i) >= 'A' && name.charAt(i) <= 'Z') {
            column = 26 * column + name.charAt(i++) - 'A' + 1;
        }
        return i == 0 ? otherwise : column - 1;
    }

    private String raw() {
        return Arrays.stream(values)
                .map(v -> v == null ? "" : v.toString())
                .limit(1000)
                .collect(Collectors.joining("\t"));
    }

    private IncompleteSourceException broken(String what, String rule, String value) {
        return new IncompleteSourceException(SettingChecks.sentence(object, what, rule, value));
    }

    @Override
    public void close() {
        try (LocalCopy gone = copy;
                XlsxBook closed = book;
                SharedTexts forgotten = texts;
                InputStream in = bytes) {
            // in this order, all of them
        } catch (IOException e) {
            throw new UnavailableException(object + ": closing failed", e);
        }
    }
}
