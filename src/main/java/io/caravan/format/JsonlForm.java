package io.caravan.format;

import io.caravan.record.ContentHash;
import io.caravan.record.Hash;
import io.caravan.record.Record;
import io.caravan.source.RecordReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** JSON lines as they are written: one record a line, fields in their order, packed on request. */
public final class JsonlForm implements WritableFormat {

    private final Format reader = new PackedFormat(new JsonlFormat(), PackedFormat.OWN);
    private final Compression compression;

    public JsonlForm(Compression compression) {
        this.compression = compression;
    }

    @Override
    public String suffix() {
        return ".jsonl" + compression.suffix();
    }

    @Override
    public void check(Record record) {
        JsonForm.checkAsRead(record);
    }

    @Override
    public Hash hash(Record record) {
        Object[] values = new Object[record.fields().size()];
        for (int i = 0; i < values.length; i++) values[i] = JsonForm.read(record.at(i));
        return new ContentHash().of(record.fields(), values);
    }

    @Override
    public RecordWriter write(OutputStream out, Columns columns) throws IOException {
        return new PackedWriter(compression, out, JsonlWriter::lines);
    }

    @Override
    public RowForm rows() {
        return new EncodedRows(JsonlWriter::encoder);
    }

    @Override
    public RecordReader open(InputStream bytes, String object, List<String> keyFields) {
        return reader.open(bytes, object, keyFields);
    }
}
