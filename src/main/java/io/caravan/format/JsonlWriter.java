package io.caravan.format;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.SerializedString;
import io.caravan.record.Fields;
import io.caravan.record.Record;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** Writes JSON values: records as lines, or one value. */
final class JsonlWriter implements RecordWriter {

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.FLUSH_PASSED_TO_STREAM)
            .streamWriteConstraints(StreamWriteConstraints.builder()
                    .maxNestingDepth(JsonValues.DEEPEST + 2) // a record, in a list
                    .build())
            .build();

    private static final int BUFFER = 32 << 10;

    private final OutputStream lines;
    private final JsonGenerator out;
    private Fields fields;
    private SerializedString[] names = {};
    private boolean pending; // in the generator

    private JsonlWriter(OutputStream lines) throws IOException {
        this.lines = lines;
        this.out = JSON.createGenerator(lines, JsonEncoding.UTF8).setRootValueSeparator(null);
    }

    static JsonlWriter lines(OutputStream out) throws IOException {
        return new JsonlWriter(new BufferedOutputStream(out, BUFFER));
    }

    /** A list of records, without a line's end. */
    static void list(OutputStream bytes, List<Record> records) throws IOException {
        JsonlWriter list = new JsonlWriter(bytes);
        list.out.writeStartArray();
        for (Record record : records) list.object(record);
        list.out.writeEndArray();
        list.close();
    }

    /** One record, without a line's end. */
    static void one(OutputStream bytes, Record record) throws IOException {
        JsonlWriter one = new JsonlWriter(bytes);
        one.object(record);
        one.close();
    }

    /** Rows as lines without their end. */
    static EncodedRows.Encoder encoder(OutputStream bytes) throws IOException {
        JsonlWriter writer = new JsonlWriter(bytes);
        return row -> {
            writer.object(row);
            writer.out.flush();
        };
    }

    @Override
    public void write(Record record) throws IOException {
        object(record);
        out.writeRaw('\n');
        pending = true;
    }

    @Override
    public void write(Fields shape, byte[] row, int begin) throws IOException {
        if (pending) out.flush();
        pending = false;
        lines.write(row, begin, row.length - begin);
        lines.write('\n');
    }

    private void object(Record record) throws IOException {
        if (record.fields() != fields) learn(record.fields());
        out.writeStartObject();
        for (int i = 0; i < names.length; i++) {
            out.writeFieldName(names[i]);
            value(out, record.at(i));
        }
        out.writeEndObject();
    }

    /** What is the same for all records of one shape: the bytes of its names. */
    private void learn(Fields shape) {
        names = shape.names().stream().map(SerializedString::new).toArray(SerializedString[]::new);
        fields = shape;
    }

    @Override
    public void close() throws IOException {
        out.close();
        lines.flush();
    }

    /** A value as JSON text. */
    static String text(Object value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            value(out, value);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return text.toString();
    }

    /** As a decimal of that value is written, so that reading and writing it again changes nothing. */
    private static void number(JsonGenerator out, String text) throws IOException {
        if (text.indexOf('E') < 0 && !text.equals("-0.0")) out.writeNumber(text);
        else out.writeNumber(new BigDecimal(text));
    }

    static void value(JsonGenerator out, Object value) throws IOException {
        if (value == null) out.writeNull();
        else if (value instanceof String text) out.writeString(text);
        else if (value instanceof Long number) out.writeNumber(number);
        else if (value instanceof BigDecimal number) out.writeNumber(number);
        else if (value instanceof Double number) number(out, number.toString());
        else if (value instanceof Boolean truth) out.writeBoolean(truth);
        else if (value instanceof List<?> list) {
            out.writeStartArray();
            for (Object element : list) value(out, element);
            out.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            out.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                out.writeFieldName((String) entry.getKey());
                value(out, entry.getValue());
            }
            out.writeEndObject();
        } else if (value instanceof float[] numbers) {
            out.writeStartArray();
            for (float number : numbers) number(out, Float.toString(number));
            out.writeEndArray();
        } else {
            out.writeString(JsonForm.asText(value));
        }
    }
}
