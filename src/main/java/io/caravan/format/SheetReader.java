package io.caravan.format;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.record.FieldNames;
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

/** Reads the rows of one sheet below a row of names. */
final class SheetReader implements RecordReader {

    private final InputStream bytes;
    private final String object;
    private final String sheet;
    private final int headerRow;
    private final int maxExpansion;
    private final SheetRules rules;
    private final List<String> keyFields;

    private LocalCopy copy;
    private Workbook book;
    private SheetRows rows;
    private Fields fields;
    private RecordMaker maker;

    SheetReader(
            InputStream bytes,
            String object,
            String sheet,
            int headerRow,
            int maxExpansion,
            SheetRules rules,
            List<String> keyFields) {
        this.bytes = bytes;
        this.object = object;
        this.sheet = sheet;
        this.headerRow = headerRow;
        this.maxExpansion = maxExpansion;
        this.rules = rules;
        this.keyFields = keyFields;
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        if (rows == null) begin();
        while (rows.next()) {
            if (rows.width() == 0) continue;
            Origin origin = new Origin(object, rows.row());
            Object[] values = new Object[fields.size()];
            try {
                BadRecordException badCell = fill(values, origin);
                if (badCell != null) throw badCell;
                return Optional.of(maker.make(values, origin));
            } catch (BadRecordException e) {
                bad.accept(new BadRow(origin, raw(values), e.getMessage()));
            }
        }
        return Optional.empty();
    }

    private void begin() {
        copy = new LocalCopy(bytes, object);
        book = Workbooks.open(copy.file(), object, maxExpansion, rules);
        int found = book.sheet(sheet);
        if (found < 0) throw book.noSheet(object, sheet);
        SheetRows begun = book.rows(found, null);
        fields = header(begun);
        maker = new RecordMaker(fields, keyFields);
        rows = rules.fillMerged() ? new FilledRows(begun, book.merged(found), headerRow) : begun;
    }

    private Fields header(SheetRows from) {
        do {
            if (!from.next()) throw broken("row " + headerRow, "hold the names", "nothing");
        } while (from.row() < headerRow);
        if (from.row() > headerRow) throw broken("row " + headerRow, "hold the names", "nothing");
        Origin origin = new Origin(object, headerRow);
        Object[] values = new Object[Math.min(from.width(), Shapes.MOST_FIELDS)];
        try {
            for (int i = 0; i < values.length; i++) values[i] = from.value(i, origin, "column " + (i + 1));
            if (from.width() > values.length) {
                throw XlsxCells.bad(origin, "columns", "be at most " + values.length, from.width());
            }
        } catch (BadRecordException e) {
            throw broken("row " + headerRow, "hold the names", e.getMessage());
        }
        int size = values.length;
        while (size > 0 && values[size - 1] == null) size--;
        if (size == 0) throw broken("row " + headerRow, "hold the names", "nothing");
        String[] names = new String[size];
        Set<String> unique = new HashSet<>();
        for (int i = 0; i < size; i++) {
            names[i] = values[i] == null ? "" : FieldNames.of(values[i].toString());
            if (names[i].isBlank() || names[i].indexOf('\0') >= 0 || Texts.half(names[i]) >= 0) {
                throw broken(
                        "the name of column " + (i + 1),
                        "be a text that is not blank",
                        values[i] == null ? "" : values[i]);
            }
            if (!unique.add(names[i]))
                throw broken("names", FieldNames.differ(values[i].toString()), Texts.cut(names[i]));
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

    /** Takes the values of the row; gives back what is wrong with the first bad one, if one is. */
    private BadRecordException fill(Object[] values, Origin origin) {
        BadRecordException bad = null;
        for (int i = 0; i < values.length; i++) {
            try {
                values[i] = rows.value(i, origin, fields.names().get(i));
            } catch (BadRecordException e) {
                if (bad == null) bad = e;
            }
        }
        if (bad != null || rows.width() <= values.length) return bad;
        return XlsxCells.bad(origin, "columns", "be " + values.length, rows.width());
    }

    private static String raw(Object[] values) {
        return Arrays.stream(values)
                .map(v -> v == null ? "" : v.toString())
                .limit(1000)
                .collect(Collectors.joining("\t"));
    }

    private IncompleteSourceException broken(String what, String rule, Object value) {
        return new IncompleteSourceException(SettingChecks.sentence(object, what, rule, value));
    }

    @Override
    public void close() {
        try (LocalCopy gone = copy;
                Workbook closed = book;
                InputStream in = bytes) {
            // in this order, all of them
        } catch (IOException e) {
            throw new UnavailableException(object + ": closing failed", e);
        }
    }
}
