package io.caravan.table;

import static java.time.format.DateTimeFormatter.ISO_LOCAL_DATE_TIME;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.caravan.record.JsonTexts;
import io.caravan.record.TextForms;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A record's value as a column's, where every store reads it alike. None changes a value, but for times: they are cut to the
 * microseconds that stores keep. Each throws any RuntimeException when the value is none of its type.
 */
public final class ColumnValues {

    /** So much of a refused value is shown. */
    private static final int SHOWN = 60;

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addSerializer(LocalDate.class, ToStringSerializer.instance)
                    .addSerializer(LocalDateTime.class, new JsonSerializer<>() {
                        @Override
                        public void serialize(LocalDateTime time, JsonGenerator json, SerializerProvider all)
                                throws IOException {
                            json.writeString(ISO_LOCAL_DATE_TIME.format(time));
                        }
                    }))
            .build();

    private ColumnValues() {}

    /** Any scalar as text, a list or map as JSON; {@code decimal} says how the store writes a number with a fraction. */
    public static String text(Object value, Function<BigDecimal, String> decimal) {
        if (value instanceof String text) return text;
        if (value instanceof byte[]) throw new IllegalArgumentException("bytes are no text");
        if (value instanceof List || value instanceof Map || value instanceof float[]) return json(value);
        if (value instanceof Double number && !Double.isFinite(number)) return number.toString();
        if (value instanceof LocalDateTime time)
            return ISO_LOCAL_DATE_TIME.format(time); // with its seconds, as everywhere
        return value instanceof Double || value instanceof BigDecimal ? decimal.apply(number(value)) : value.toString();
    }

    public static String whole(Object value) {
        return Long.toString(
                value instanceof Long number ? number : number(value).longValueExact());
    }

    public static BigDecimal number(Object value) {
        if (value instanceof BigDecimal decimal) return decimal;
        if (value instanceof String text) return TextForms.number(text);
        if (value instanceof Long || value instanceof Double) return new BigDecimal(value.toString());
        throw new IllegalArgumentException("not a number");
    }

    public static boolean truth(Object value) {
        if (value instanceof Boolean truth) return truth;
        if (value instanceof String text) return TextForms.truth(text);
        throw new IllegalArgumentException("neither true nor false");
    }

    public static Instant time(Object value) {
        Instant time = value instanceof String text ? OffsetDateTime.parse(text).toInstant() : (Instant) value;
        if (time.isBefore(FIRST) || !time.isBefore(END)) throw new IllegalArgumentException("outside the years");
        return time.getNano() % 1_000 == 0 ? time : time.truncatedTo(ChronoUnit.MICROS);
    }

    public static LocalDateTime localTime(Object value) {
        LocalDateTime time = value instanceof String text ? LocalDateTime.parse(text) : (LocalDateTime) value;
        year(time.getYear());
        return time.truncatedTo(ChronoUnit.MICROS);
    }

    public static LocalDate date(Object value) {
        LocalDate date = value instanceof String text ? LocalDate.parse(text) : (LocalDate) value;
        year(date.getYear());
        return date;
    }

    /** The value of a JSON column: a text is what it says as JSON, everything else itself. */
    public static Object ofJson(Object value) {
        return value instanceof String text ? JsonTexts.value(text) : value;
    }

    /** Lists, maps and scalars as JSON, the keys of maps in order. */
    public static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not to be had as JSON", e);
        }
    }

    public static JsonNode jsonTree(Object value) {
        return JSON.valueToTree(value);
    }

    /** A refused value for people: lists and maps as JSON, bytes by their number, what is long by its beginning. */
    public static String shown(Object value) {
        if (value instanceof byte[] bytes) return bytes.length + " bytes";
        String text = value instanceof Map || value instanceof List ? json(value) : value.toString();
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }

    /** What to do about a value that a column of that type cannot hold, to follow its sentence; empty where nothing is known. */
    public static String remedy(ColumnType type, Object value, String field) {
        if (type != ColumnType.TIMESTAMP || !local(value)) return "";
        return "; it says no zone: give it one by convert-types-action types: " + field
                + "=timestamp, with zone: Europe/Berlin if its clocks are there, or make the column a datetime";
    }

    private static boolean local(Object value) {
        if (value instanceof List<?> list) return list.stream().anyMatch(ColumnValues::local);
        try {
            return value instanceof LocalDateTime
                    || (value instanceof String text && LocalDateTime.parse(text) != null);
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static void year(int year) {
        if (year < 1 || year > 9999) throw new IllegalArgumentException("outside the years");
    }
}
