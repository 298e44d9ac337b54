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
            .streamWriteConstraints(StreamWriteConstraints.builder()
                    .maxNestingDepth(JsonValues.DEEPEST + 2) // a record, in a list
                    .build())
            .build();

    private final JsonGenerator out;
    private Fields fields;
    private SerializedString[] names = {};
    private boolean any;

    JsonlWriter(OutputStream out) throws IOException {
        this.out = JSON.createGenerator(out, JsonEncoding.UTF8).setRootValueSeparator(new SerializedString("\n"));
    }

    /** A list of records, without a line's end. */
    static void list(OutputStream bytes, List<Record> records) throws IOException {
        // closing one writes a line's end
        JsonlWriter list = new JsonlWriter(bytes);
        list.out.writeStartArray();
        for (Record record : records) list.write(record);
        list.out.writeEndArray();
        list.out.close();
    }

    @Override
    public void write(Record record) throws IOException {
        any = true;
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
        if (any) out.writeRaw('\n');
        out.close();
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

    private static void value(JsonGenerator out, Object value) throws IOException {
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
