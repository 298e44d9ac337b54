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
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Reads the records of one CSV object; the header is read when the first record is asked for. */
final class CsvReader implements Columned {

    private static final int LONGEST_RAW = 64 << 10;

    private final InputStream bytes;
    private final String object;
    private final char delimiter;
    private final List<String> columns;
    private final List<String> keyFields;

    private CsvRows rows;
    private Fields fields;
    private RecordMaker maker;

    CsvReader(InputStream bytes, String object, char delimiter, List<String> columns, List<String> keyFields) {
        this.bytes = bytes;
        this.object = object;
        this.delimiter = delimiter;
        this.columns = columns;
        this.keyFields = keyFields;
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        begin();
        while (rows.next()) {
            Origin origin = new Origin(object, rows.line());
            try {
                return Optional.of(maker.make(values(origin), origin));
            } catch (BadRecordException e) {
                bad.accept(new BadRow(origin, rows.raw(LONGEST_RAW), e.getMessage()));
            }
        }
        return Optional.empty();
    }

    @Override
    public Columns columns() {
        begin();
        Columns columns = new Columns();
        fields.names().forEach(name -> columns.add(name, Kind.of(Kind.Type.TEXT)));
        return columns;
    }

    private void begin() {
        if (rows != null) return;
        rows = new CsvRows(bytes, object, delimiter);
        fields = header();
        maker = new RecordMaker(fields, keyFields);
    }

    @Override
    public void close() {
        try {
            bytes.close();
        } catch (IOException e) {
            throw new UnavailableException(object + ": closing failed", e);
        }
    }

    private Object[] values(Origin origin) {
        int found = rows.fields();
        if (found != fields.size()) {
            if (found < fields.size() && !rows.terminated()) throw cutOff();
            throw new BadRecordException(
                    SettingChecks.sentence(origin.toString(), "columns", "be " + fields.size(), found));
        }
        Object[] values = new Object[found];
        for (int i = 0; i < found; i++) {
            try {
                values[i] = rows.text(i);
            } catch (CharacterCodingException e) {
                if (i == found - 1 && !rows.terminated()) throw cutOff();
                throw new BadRecordException(
                        SettingChecks.sentence(origin.toString(), fields.names().get(i), "be UTF-8", "other bytes"), e);
            }
        }
        return values;
    }

    private IncompleteSourceException cutOff() {
        return broken(rows.line(), "the last row", "be whole or end with a line break", rows.raw(100));
    }

    private Fields header() {
        if (!rows.next()) throw broken(1, "a header row", "come first", "nothing");
        Set<String> names = new HashSet<>();
        String[] header = new String[rows.fields()];
        for (int i = 0; i < header.length; i++) {
            header[i] = name(i);
            if (!names.add(header[i])) throw broken(rows.line(), "column names", differ(i), header[i]);
        }
        if (!rows.terminated()) throw broken(rows.line(), "the header", "end with a line break", cut(rows.raw(1000)));
        String found = String.join(",", header);
        if (!columns.isEmpty() && !names.equals(Set.copyOf(columns))) {
            throw broken(rows.line(), "the header", "be " + String.join(",", columns) + " in any order", cut(found));
        }
        if (!names.containsAll(keyFields)) {
            Set<String> missing = new TreeSet<>(keyFields);
            missing.removeAll(names);
            throw broken(rows.line(), "the header", "have the key " + String.join(",", missing), cut(found));
        }
        return Fields.of(header);
    }

    private String name(int column) {
        try {
            String name = rows.text(column) == null ? null : FieldNames.of(rows.text(column));
            if (name == null || name.isEmpty()) {
                throw broken(
                        rows.line(), "the name of column " + (column + 1), "not be blank", name == null ? "" : name);
            }
            return name;
        } catch (CharacterCodingException e) {
            throw new IncompleteSourceException(
                    SettingChecks.sentence(object + ":" + rows.line(), "the header", "be UTF-8", "other bytes"), e);
        }
    }

    private String differ(int column) {
        try {
            return FieldNames.differ(rows.text(column));
        } catch (CharacterCodingException e) {
            throw new IllegalStateException("the name was read before", e);
        }
    }

    private static String cut(String text) {
        return text.length() > 500 ? text.substring(0, 500) + "…" : text;
    }

    private IncompleteSourceException broken(long line, String what, String rule, String value) {
        return new IncompleteSourceException(SettingChecks.sentence(object + ":" + line, what, rule, value));
    }
}
