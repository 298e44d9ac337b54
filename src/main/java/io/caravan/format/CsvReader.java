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
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Reads the records of one CSV object; the header is read when the first record is asked for. */
final class CsvReader implements Columned {

    /** What else stands between cells, and what it is called. */
    private static final Map<Character, String> DELIMITERS =
            Map.of('\t', "tabs", ';', "semicolons", ',', "commas", '|', "bars");

    private static final int LONGEST_RAW = 64 << 10;

    /** What {@code indexColumn} says to leave a column out. */
    private static final String IGNORE = "ignore";

    private final Utf16Stream bytes;
    private final String object;
    private final CsvFormat format;
    private final List<String> keyFields;

    private CsvRows rows;
    private Fields fields;
    private RecordMaker maker;
    private int skipped; // columns at the beginning of a row that are left out

    CsvReader(InputStream bytes, String object, CsvFormat format, List<String> keyFields) {
        this.bytes = new Utf16Stream(bytes, object);
        this.object = object;
        this.format = format;
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
        rows = new CsvRows(bytes, object, format.delimiter());
        fields = format.headless() ? named() : header();
        maker = new RecordMaker(fields, keyFields);
    }

    @Override
    public boolean asStored() {
        return !bytes.converts() && (rows == null || !rows.saysDelimiter());
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
        int found = rows.fields() - skipped;
        if (found != fields.size()) {
            if (found < fields.size() && !rows.terminated()) throw cutOff();
            throw new BadRecordException(SettingChecks.sentence(
                    origin.toString(), "columns", "be " + (fields.size() + skipped), found + skipped));
        }
        Object[] values = new Object[found];
        for (int i = 0; i < found; i++) {
            try {
                values[i] = rows.text(i + skipped);
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

    /** Without a header row the setting says the names. */
    private Fields named() {
        if (!format.columns().containsAll(keyFields)) {
            throw broken(1, "columns", "have the key " + missing(format.columns()), String.join(",", format.columns()));
        }
        return new Fields(format.columns());
    }

    private String missing(Collection<String> names) {
        Set<String> missing = new TreeSet<>(keyFields);
        missing.removeAll(names);
        return String.join(",", missing);
    }

    private Fields header() {
        List<String> columns = format.columns();
        if (!rows.next()) throw broken(1, "a header row", "come first", "nothing");
        skipped = format.indexColumn().equals(IGNORE) && rows.fields() > 1 && unnamed(0) ? 1 : 0;
        Set<String> names = new HashSet<>();
        String[] header = new String[rows.fields() - skipped];
        for (int i = 0; i < header.length; i++) {
            header[i] = name(i + skipped);
            if (!names.add(header[i])) throw broken(rows.line(), "column names", differ(i + skipped), header[i]);
        }
        if (!rows.terminated()) throw broken(rows.line(), "the header", "end with a line break", cut(rows.raw(1000)));
        String found = String.join(",", header);
        if (!columns.isEmpty() && !names.equals(Set.copyOf(columns))) {
            throw wrongHeader("be " + String.join(",", columns) + " in any order", found, columns);
        }
        if (!names.containsAll(keyFields)) {
            throw wrongHeader("have the key " + missing(names), found, keyFields);
        }
        return Fields.of(header);
    }

    /** {@code wanted}: the names that would stand in it, if another delimiter stood between its cells. */
    private IncompleteSourceException wrongHeader(String rule, String found, List<String> wanted) {
        String remedy = DELIMITERS.entrySet().stream()
                .filter(d -> d.getKey() != format.delimiter())
                .filter(d -> List.of(found.split(Pattern.quote(d.getKey().toString())))
                        .containsAll(wanted))
                .map(d -> "; its cells are separated by " + d.getValue() + ": say delimiter: "
                        + (d.getKey() == '\t' ? "tab" : "'" + d.getKey() + "'"))
                .findFirst()
                .orElse("");
        return new IncompleteSourceException(
                SettingChecks.sentence(object + ":" + rows.line(), "the header", rule, cut(found)) + remedy);
    }

    private boolean unnamed(int column) {
        try {
            String name = rows.text(column);
            return name == null || name.isBlank();
        } catch (CharacterCodingException e) {
            return false; // whoever reads it says so
        }
    }

    private String name(int column) {
        try {
            String name = rows.text(column) == null ? null : FieldNames.of(rows.text(column));
            if (name == null || name.isEmpty()) {
                String index = format.indexColumn();
                if (column == 0 && !index.isEmpty() && !index.equals(IGNORE)) return index;
                String rule = "the name of column " + (column + 1);
                if (column > 0) throw broken(rows.line(), rule, "not be blank", name == null ? "" : name);
                throw new IncompleteSourceException(SettingChecks.sentence(
                                object + ":" + rows.line(), rule, "not be blank", name == null ? "" : name)
                        + "; if it is the index that pandas writes, leave it out by indexColumn: ignore, or give it a name"
                        + " by indexColumn: <name>");
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
