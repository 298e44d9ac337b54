package io.caravan.format;

import io.caravan.record.Fields;
import io.caravan.record.Record;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;

/** Writes rows of CSV behind a header. */
final class CsvWriter implements RecordWriter {

    private static final int FLUSH = 32 << 10;

    private final OutputStream out;
    private final char delimiter;
    private final List<String> columns;
    private final CsvCells rows;
    private Fields fields;
    private int[] positions = new int[0];
    private boolean first; // the columns begin with the fields, in their order

    CsvWriter(OutputStream out, char delimiter, boolean neutralise, List<String> columns) {
        this.out = out;
        this.delimiter = delimiter;
        this.columns = columns;
        this.rows = new CsvCells(delimiter, neutralise);
        for (int i = 0; i < columns.size(); i++) {
            if (i > 0) rows.delimiter();
            rows.value(columns.get(i));
        }
        rows.endOfRow();
    }

    /** Rows as their cells, of their own fields only. */
    static EncodedRows.Encoder encoder(OutputStream bytes, char delimiter, boolean neutralise) {
        CsvCells cells = new CsvCells(delimiter, neutralise);
        return row -> {
            for (int i = 0; i < row.fields().size(); i++) {
                if (i > 0) cells.delimiter();
                cells.value(row.at(i));
            }
            cells.drain(bytes);
        };
    }

    @Override
    public void write(Record record) throws IOException {
        if (!record.fields().equals(fields)) learn(record.fields());
        for (int i = 0; i < positions.length; i++) {
            if (i > 0) rows.delimiter();
            if (positions[i] >= 0) rows.value(record.at(positions[i]));
        }
        endOfRow();
    }

    @Override
    public void write(Fields shape, byte[] row, int begin) throws IOException {
        if (!shape.equals(fields)) learn(shape);
        if (first) {
            rows.raw(row, begin);
            for (int i = shape.size(); i < positions.length; i++) rows.delimiter();
        } else {
            ordered(row, begin);
        }
        endOfRow();
    }

    /** The cells in the order of the columns. */
    private void ordered(byte[] row, int begin) throws IOException {
        CsvRows cells = new CsvRows(new ByteArrayInputStream(row, begin, row.length - begin), "a row", delimiter);
        if (!cells.next() || cells.fields() != fields.size()) throw new IllegalStateException("csv: not our own cells");
        for (int i = 0; i < positions.length; i++) {
            if (i > 0) rows.delimiter();
            String text = positions[i] < 0 ? null : cells.text(positions[i]);
            if (text != null) rows.cell(text);
        }
    }

    private void learn(Fields record) {
        positions = columns.stream().mapToInt(record::indexOf).toArray();
        if (Arrays.stream(positions).filter(p -> p >= 0).count() != record.size()) {
            throw new IllegalArgumentException("csv: columns must have all of " + record + ", got '" + columns + "'");
        }
        first = record.names().equals(columns.subList(0, record.size()));
        fields = record;
    }

    private void endOfRow() throws IOException {
        rows.endOfRow();
        if (rows.size() >= FLUSH) rows.drain(out);
    }

    @Override
    public void close() throws IOException {
        rows.drain(out);
        out.flush();
    }
}
