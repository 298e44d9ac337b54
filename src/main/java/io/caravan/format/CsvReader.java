package io.caravan.format;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.IncompleteSourceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.util.Collection;
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

    private static final String EMPTY = "; emptyObjects: skip takes it for an object without rows";

    private final CharsetStream bytes;
    private final String object;
    private final CsvFormat format;
    private final List<String> keyFields;

    private final LikelyCharset likely = new LikelyCharset();
    private CsvRows rows;
    private Fields fields;
    private RecordMaker maker;
    private int[] columns; // of a row, that the fields are; null when it is all of them
    private int least; // columns that a row may have
    private int most;

    CsvReader(InputStream bytes, String object, CsvFormat format, List<String> keyFields) {
        this.bytes = new CharsetStream(bytes, object, format.text().charset());
        this.object = object;
        this.format = format;
        this.keyFields = keyFields;
    }

    @Override
    public Optional<Record> read(Consumer<BadRow> bad) {
        begin();
        while (maker != null && rows.next()) {
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
        rows = new CsvRows(bytes, object, format.delimiter(), format.text().csv());
        fields = format.headless() ? named() : header();
        maker = fields.size() == 0 ? null : new RecordMaker(fields, keyFields);
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
        int found = rows.fields();
        if (found != most && (found < least || found > most)) {
            if (found < least && !rows.terminated()) throw cutOff();
            throw new BadRecordException(SettingChecks.sentence(origin.toString(), "columns", "be " + most, found));
        }
        Object[] values = new Object[fields.size()];
        for (int i = 0; i < values.length; i++) {
            int column = columns == null ? i : columns[i];
            try {
                values[i] = rows.text(column);
            } catch (CharacterCodingException e) {
                if (column == found - 1 && !rows.terminated()) throw cutOff();
                throw new BadRecordException(
                        SettingChecks.sentence(origin.toString(), fields.names().get(i), charset(), "other bytes")
                                + remedy(),
                        e);
            }
        }
        return values;
    }

    private String charset() {
        return "be " + bytes.charset();
    }

    private String remedy() {
        return rows.seen((b, from, to) -> likely.remedy(bytes, b, from, to));
    }

    private IncompleteSourceException cutOff() {
        return broken(rows.line(), "the last row", "be whole or end with a line break", rows.raw(100));
    }

    /** Without a header row the setting says the names. */
    private Fields named() {
        if (!format.columns().containsAll(keyFields)) {
            throw broken(1, "columns", "have the key " + missing(format.columns()), String.join(",", format.columns()));
        }
        most = format.columns().size();
        least = most;
        return new Fields(format.columns());
    }

    private String missing(Collection<String> names) {
        Set<String> missing = new TreeSet<>(keyFields);
        missing.removeAll(names);
        return String.join(",", missing);
    }

    /** The names of the first row; no fields at all of an object that may have none. */
    private Fields header() {
        List<String> wanted = format.columns();
        boolean maybeEmpty = format.text().skipEmpty();
        if (!rows.next()) {
            if (maybeEmpty) return Fields.of();
            throw new IncompleteSourceException(
                    SettingChecks.sentence(object + ":1", "a header row", "come first", "nothing") + EMPTY);
        }
        String[] written = new String[rows.fields()];
        for (int i = 0; i < written.length; i++) written[i] = written(i);
        CsvHeader header = new CsvHeader(object + ":" + rows.line(), format, written);
        columns = header.columns();
        least = columns != null && format.text().csv().blankNames().equals(CsvRules.DROP)
                ? Math.max(1, columns[columns.length - 1] + 1)
                : written.length;
        if (!rows.terminated() && !maybeEmpty) {
            throw new IncompleteSourceException(SettingChecks.sentence(
                            object + ":" + rows.line(), "the header", "end with a line break", cut(rows.raw(1000)))
                    + EMPTY);
        }
        Set<String> names = header.names();
        String found = String.join(",", names);
        if (!wanted.isEmpty() && !names.equals(Set.copyOf(wanted))) {
            throw wrongHeader("be " + String.join(",", wanted) + " in any order", found, wanted);
        }
        if (!names.containsAll(keyFields)) {
            throw wrongHeader("have the key " + missing(names), found, keyFields);
        }
        most = written.length;
        return new Fields(List.copyOf(names));
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

    private String written(int column) {
        try {
            return rows.text(column);
        } catch (CharacterCodingException e) {
            throw new IncompleteSourceException(
                    SettingChecks.sentence(object + ":" + rows.line(), "the header", charset(), "other bytes")
                            + remedy(),
                    e);
        }
    }

    private static String cut(String text) {
        return text.length() > 500 ? text.substring(0, 500) + "…" : text;
    }

    private IncompleteSourceException broken(long line, String what, String rule, String value) {
        return new IncompleteSourceException(SettingChecks.sentence(object + ":" + line, what, rule, value));
    }
}
