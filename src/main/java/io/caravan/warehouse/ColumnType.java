package io.caravan.warehouse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The types a warehouse column may have, each with the values it takes and the text PostgreSQL reads for them. No type
 * changes a value, but for times: they are cut to the microseconds that PostgreSQL keeps.
 */
enum ColumnType {
    TEXT("text", "text"),
    BIGINT("bigint", "a whole number of 64 bits"),
    NUMERIC("numeric", "a decimal number"),
    DOUBLE("double precision", "a number that 64 bits of floating point hold as it is"),
    BOOLEAN("boolean", "true or false"),
    TIMESTAMPTZ("timestamp with time zone", "a time with zone of the years 1 to 9999"),
    DATE("date", "a date of the years 1 to 9999"),
    JSONB("jsonb", "a value that JSON can express"),
    BYTEA("bytea", "bytes");

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addSerializer(LocalDate.class, ToStringSerializer.instance)
                    .addSerializer(LocalDateTime.class, ToStringSerializer.instance))
            .build();

    private final String sql;
    private final String rule;

    ColumnType(String sql, String rule) {
        this.sql = sql;
        this.rule = rule;
    }

    /** The type's name as PostgreSQL prints it. */
    String sql() {
        return sql;
    }

    /** What a value must be to fit, as the end of "must hold ...". */
    String rule() {
        return rule;
    }

    /** Whether a column of this type may identify a row: its text is the same on both sides. */
    boolean mayBeKey() {
        return this == TEXT || this == BIGINT || this == DATE;
    }

    /** The value as PostgreSQL's input text; throws any RuntimeException when the value does not fit. */
    String text(Object value) {
        return switch (this) {
            case TEXT -> plainText(value);
            case BIGINT ->
                value instanceof Long
                        ? value.toString()
                        : Long.toString(number(value).longValueExact());
            case NUMERIC -> number(value).toString();
            case DOUBLE -> doubleText(value);
            case BOOLEAN -> Boolean.toString(truth(value));
            case TIMESTAMPTZ -> time(value).toString();
            case DATE -> date(value).toString();
            case JSONB -> withoutNul(json(value));
            case BYTEA -> "\\x" + HexFormat.of().formatHex((byte[]) value);
        };
    }

    private static String plainText(Object value) {
        if (value instanceof String text) return text;
        if (value instanceof byte[]) throw new IllegalArgumentException("bytes are no text");
        if (value instanceof List || value instanceof Map || value instanceof float[]) return json(value);
        if (value instanceof Double number && !Double.isFinite(number)) return number.toString();
        return value instanceof Double || value instanceof BigDecimal ? canonical(number(value)) : value.toString();
    }

    /** One text for one number, as one hash: 1, 1.0 and 1e0 are the text 1. */
    private static String canonical(BigDecimal number) {
        BigDecimal shortest = number.stripTrailingZeros();
        return (shortest.scale() < 0 && shortest.scale() > -20 ? shortest.setScale(0) : shortest).toString();
    }

    private static BigDecimal number(Object value) {
        if (value instanceof BigDecimal decimal) return decimal;
        if (value instanceof Long || value instanceof Double || value instanceof String) {
            return new BigDecimal(value.toString());
        }
        throw new IllegalArgumentException("not a number");
    }

    private static String doubleText(Object value) {
        if (value instanceof Double) return value.toString();
        BigDecimal exact = number(value);
        String text = Double.toString(exact.doubleValue());
        if (new BigDecimal(text).compareTo(exact) != 0) throw new ArithmeticException("would be rounded");
        return text;
    }

    private static boolean truth(Object value) {
        if (value instanceof Boolean truth) return truth;
        if ("true".equals(value)) return true;
        if ("false".equals(value)) return false;
        throw new IllegalArgumentException("neither true nor false");
    }

    private static Instant time(Object value) {
        Instant time = value instanceof String text ? OffsetDateTime.parse(text).toInstant() : (Instant) value;
        if (time.isBefore(FIRST) || !time.isBefore(END)) throw new IllegalArgumentException("outside the years");
        return time.truncatedTo(ChronoUnit.MICROS);
    }

    private static LocalDate date(Object value) {
        LocalDate date = value instanceof String text ? LocalDate.parse(text) : (LocalDate) value;
        if (date.getYear() < 1 || date.getYear() > 9999) throw new IllegalArgumentException("outside the years");
        return date;
    }

    private static String json(Object value) {
        if (value instanceof Double number && !Double.isFinite(number)) {
            throw new ArithmeticException("JSON has finite numbers only");
        }
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not to be had as JSON", e);
        }
    }

    /** JSON can say U+0000, which a jsonb cannot hold. */
    private static String withoutNul(String json) {
        for (int at = json.indexOf("\\u0000"); at >= 0; at = json.indexOf("\\u0000", at + 1)) {
            int from = at;
            while (json.charAt(from - 1) == '\\') from--;
            // after an odd number of backslashes this one is a character of the text
            if ((at - from) % 2 == 0) throw new IllegalArgumentException("U+0000");
        }
        return json;
    }
}
