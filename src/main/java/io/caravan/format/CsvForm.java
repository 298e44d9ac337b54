package io.caravan.format;

import io.caravan.record.ContentHash;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Record;
import io.caravan.source.RecordReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * CSV as it is written: RFC 4180, UTF-8, a header row first, LF after each row, packed on request. Every value is held
 * as its text; a field that is absent is held as null.
 */
public final class CsvForm implements WritableFormat {

    private final CsvFormat csv;
    private final Format reader;
    private final char delimiter;
    private final boolean neutralise;
    private final Compression compression;

    /**
     * @param delimiter one ASCII character, or {@code tab}
     * @param neutralise whether texts that a spreadsheet would take for a formula get a {@code '} in front
     */
    public CsvForm(String delimiter, boolean neutralise, Compression compression) {
        this.csv = new CsvFormat(delimiter, List.of());
        this.reader = new PackedFormat(csv, PackedFormat.OWN);
        this.delimiter = csv.delimiter();
        this.neutralise = neutralise;
        this.compression = compression;
    }

    @Override
    public String suffix() {
        return ".csv" + compression.suffix();
    }

    @Override
    public void check(Record record) {
        JsonForm.checkAsRead(record);
    }

    @Override
    public int mostColumns() {
        return CsvRows.MOST_COLUMNS;
    }

    @Override
    public Optional<Columns> said(Columns columns) {
        return Optional.of(columns.texts());
    }

    @Override
    public Hash hash(Record record) {
        List<String> names = new ArrayList<>();
        List<Object> texts = new ArrayList<>();
        for (int i = 0; i < record.fields().size(); i++) {
            if (record.at(i) == null) continue;
            names.add(record.fields().names().get(i));
            texts.add(text(record.at(i)));
        }
        return new ContentHash().of(new Fields(names), texts.toArray());
    }

    @Override
    public RecordWriter write(OutputStream out, Columns columns) throws IOException {
        return new PackedWriter(compression, out, o -> new CsvWriter(o, delimiter, neutralise, columns.names()));
    }

    @Override
    public RowForm rows() {
        return new EncodedRows(bytes -> CsvWriter.encoder(bytes, delimiter, neutralise));
    }

    @Override
    public RecordReader open(InputStream bytes, String object, List<String> keyFields) {
        RecordReader read = reader.open(bytes, object, keyFields);
        return neutralise ? new PlainCsv(read) : read;
    }

    static String text(Object value) {
        if (value instanceof String text) return text;
        if (value instanceof List || value instanceof Map || value instanceof float[]) return JsonlWriter.text(value);
        String text = JsonForm.asText(value);
        return text == null ? value.toString() : text;
    }
}
