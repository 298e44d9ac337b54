package io.caravan.format;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import io.caravan.record.Hash;
import io.caravan.record.Record;
import io.caravan.source.RecordReader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * One JSON array as it is written: an object a record, fields in their order, two blanks a level, UTF-8 unescaped, as Python's
 * {@code json.dump(..., indent=2, ensure_ascii=False)}; packed on request.
 */
public final class JsonArrayForm implements WritableFormat {

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .build();
    private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");

    private final JsonlForm lines;
    private final Format reader = new PackedFormat(new JsonFormat(""), PackedFormat.OWN);
    private final Compression compression;

    public JsonArrayForm(Compression compression) {
        this.compression = compression;
        this.lines = new JsonlForm(compression);
    }

    @Override
    public String suffix() {
        return ".json" + compression.suffix();
    }

    @Override
    public void check(Record record) {
        JsonForm.checkAsRead(record);
    }

    @Override
    public Hash hash(Record record) {
        return lines.hash(record);
    }

    @Override
    public RecordWriter write(OutputStream out, Columns columns) throws IOException {
        return new PackedWriter(compression, out, ArrayWriter::new);
    }

    @Override
    public RowForm rows() {
        throw new UnsupportedOperationException("rows of an array do not stand alone");
    }

    @Override
    public RecordReader open(InputStream bytes, String object, List<String> keyFields) {
        return reader.open(bytes, object, keyFields);
    }

    private static final class ArrayWriter implements RecordWriter {

        private final OutputStream bytes;
        private final JsonGenerator out;

        ArrayWriter(OutputStream target) throws IOException {
            bytes = new BufferedOutputStream(target, 32 << 10);
            out = JSON.createGenerator(bytes, JsonEncoding.UTF8);
            out.setPrettyPrinter(new DefaultPrettyPrinter(Separators.createDefaultInstance()
                            .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                            .withObjectEmptySeparator("")
                            .withArrayEmptySeparator(""))
                    .withArrayIndenter(INDENT)
                    .withObjectIndenter(INDENT));
            out.writeStartArray();
        }

        @Override
        public void write(Record record) throws IOException {
            out.writeStartObject();
            for (int i = 0; i < record.fields().size(); i++) {
                out.writeFieldName(record.fields().names().get(i));
                JsonlWriter.value(out, record.at(i));
            }
            out.writeEndObject();
        }

        @Override
        public void close() throws IOException {
            out.writeEndArray();
            out.close();
            bytes.flush();
        }
    }
}
