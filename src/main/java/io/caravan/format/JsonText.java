package io.caravan.format;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.caravan.error.BadRecordException;
import io.caravan.record.Record;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

/**
 * Records as plain JSON, as APIs and JSON files have them (a dead letter, which loses nothing, is {@link
 * io.caravan.record.RecordJson}): numbers as they are, dates and times as ISO text, bytes as base64 text, floats as a list of
 * numbers.
 */
public final class JsonText {

    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonText() {}

    /** Writes a record as one object of all its fields. */
    public static void write(JsonGenerator json, Record record) throws IOException {
        json.writeStartObject();
        for (int i = 0; i < record.fields().size(); i++) {
            json.writeFieldName(whole(record.fields().names().get(i)));
            write(json, record.at(i));
        }
        json.writeEndObject();
    }

    /**
     * Writes one value; throws {@link BadRecordException} for one that JSON does not have: NaN and the infinities, texts with
     * half a surrogate pair.
     */
    public static void write(JsonGenerator json, Object value) throws IOException {
        if (value == null) json.writeNull();
        else if (value instanceof String text) json.writeString(whole(text));
        else if (value instanceof Boolean truth) json.writeBoolean(truth);
        else if (value instanceof Long number) json.writeNumber(number);
        else if (value instanceof Double number) json.writeNumber(finite(number));
        else if (value instanceof BigDecimal number) json.writeNumber(number);
        else if (value instanceof LocalDateTime time)
            json.writeString(DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time));
        else if (value instanceof byte[] bytes) json.writeBinary(bytes);
        else if (value instanceof float[] numbers) {
            json.writeStartArray();
            for (float number : numbers) json.writeNumber((float) finite(number));
            json.writeEndArray();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object element : list) write(json, element);
            json.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                json.writeFieldName(whole((String) entry.getKey()));
                write(json, entry.getValue());
            }
            json.writeEndObject();
        } else json.writeString(value.toString()); // dates and instants
    }

    /** Half a surrogate pair is no Unicode text: Jackson would write bytes that are no UTF-8. */
    private static String whole(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) continue;
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1)))
                i++;
            else throw new BadRecordException("text must hold no half surrogate pair, got one at character " + i);
        }
        return text;
    }

    private static double finite(double number) {
        if (Double.isFinite(number)) return number;
        throw new BadRecordException("number must be finite in JSON, got '" + number + "'");
    }

    /** A record as the bytes of one JSON object; throws {@link BadRecordException} when JSON cannot hold it. */
    public static byte[] bytes(Record record) {
        return bytes(json -> write(json, record));
    }

    /** A value as JSON text. */
    static String text(Object value) {
        return new String(bytes(json -> write(json, value)), StandardCharsets.UTF_8);
    }

    /** Writes one JSON value. */
    @FunctionalInterface
    public interface Writing {
        void to(JsonGenerator json) throws IOException;
    }

    /** What is written, as bytes; throws {@link BadRecordException} when JSON cannot hold it. */
    public static byte[] bytes(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = FACTORY.createGenerator(bytes, JsonEncoding.UTF8)) {
            writing.to(json);
            json.flush();
            return bytes.toByteArray();
        } catch (JsonProcessingException e) {
            throw new BadRecordException("value must be one that JSON can hold: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
