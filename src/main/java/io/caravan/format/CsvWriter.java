package io.caravan.format;

import io.caravan.record.Fields;
import io.caravan.record.Record;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Writes rows of CSV: null as nothing, an empty text as {@code ""}. */
final class CsvWriter implements RecordWriter {

    private static final int FLUSH = 32 << 10;

    private final OutputStream out;
    private final char delimiter;
    private final boolean neutralise;
    private final List<String> columns;
    private final StringBuilder rows = new StringBuilder(2 * FLUSH);
    private final Writer writer;
    private Fields fields;
    private int[] positions = new int[0];

    CsvWriter(OutputStream out, char delimiter, boolean neutralise, List<String> columns) throws IOException {
        this.out = out;
        this.delimiter = delimiter;
        this.neutralise = neutralise;
        this.columns = columns;
        this.writer = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        for (int i = 0; i < columns.size(); i++) {
            if (i > 0) rows.append(delimiter);
            text(columns.get(i));
        }
        rows.append('\n');
    }

    @Override
    public void write(Record record) throws IOException {
        if (!record.fields().equals(fields)) learn(record.fields());
        for (int i = 0; i < positions.length; i++) {
            if (i > 0) rows.append(delimiter);
            Object value = positions[i] < 0 ? null : record.at(positions[i]);
            if (value instanceof Long || value instanceof Boolean) rows.append(value);
            else if (value != null) text(CsvForm.text(value));
        }
        rows.append('\n');
        if (rows.length() >= FLUSH) drain();
    }

    private void learn(Fields record) {
        positions = columns.stream().mapToInt(record::indexOf).toArray();
        if (Arrays.stream(positions).filter(p -> p >= 0).count() != record.size()) {
            throw new IllegalArgumentException("csv: columns must have all of " + record + ", got '" + columns + "'");
        }
        fields = record;
    }

    private void text(String text) {
        quoted(neutralise ? Formulas.neutral(text) : text);
    }

    private void quoted(String text) {
        if (plain(text)) rows.append(text);
        else rows.append('"').append(text.replace("\"", "\"\"")).append('"');
    }

    /** A first cell that begins as a byte order mark does would lose it. */
    private boolean plain(String text) {
        if (text.isEmpty() || text.charAt(0) == '\uFEFF') return false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == delimiter || c == '"' || c == '\n' || c == '\r') return false;
        }
        return true;
    }

    private void drain() throws IOException {
        writer.append(rows);
        rows.setLength(0);
    }

    @Override
    public void close() throws IOException {
        drain();
        writer.flush();
        out.flush();
    }
}
