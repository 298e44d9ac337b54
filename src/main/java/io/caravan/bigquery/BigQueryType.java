package io.caravan.bigquery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.StandardSQLTypeName;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The types a column may have, by BigQuery's names and by those of {@code warehouse-sink}, so that one description serves
 * both. No type changes a value, but for times: they are cut to the microseconds that BigQuery keeps.
 */
enum BigQueryType {
    STRING("text", "a text"),
    INT64("bigint", "a whole number of 64 bits"),
    NUMERIC("numeric", "a decimal number of up to 29 digits and 9 after the point; bignumeric holds more"),
    BIGNUMERIC("bignumeric", "a decimal number of up to 38 digits and 38 after the point"),
    FLOAT64("double", "a number that 64 bits of floating point hold as it is"),
    BOOL("boolean", "true or false"),
    TIMESTAMP("timestamptz", "a time with zone of the years 1 to 9999"),
    DATETIME("datetime", "a time without zone of the years 1 to 9999"),
    DATE("date", "a date of the years 1 to 9999"),
    JSON("jsonb", "a value that JSON can express, with numbers that 64 bits hold as they are"),
    BYTES("bytea", "bytes");

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addSerializer(LocalDate.class, ToStringSerializer.instance)
                    .addSerializer(LocalDateTime.class, ToStringSerializer.instance))
            .build();

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant AFTER_LAST = Instant.parse("+10000-01-01T00:00:00Z");

    private final String warehouseName;
    private final String rule;

    BigQueryType(String warehouseName, String rule) {
        this.warehouseName = warehouseName;
        this.rule = rule;
    }

    static Optional<BigQueryType> named(String name) {
        return Arrays.stream(values())
                .filter(t -> t.name().equalsIgnoreCase(name) || t.warehouseName.equals(name))
                .findFirst();
    }

    /** What a value must be to fit, as the end of "must hold ...". */
    String rule() {
        return rule;
    }

    boolean mayBeKey() {
        return this == STRING || this == INT64 || this == DATE;
    }

    StandardSQLTypeName sql() {
        return StandardSQLTypeName.valueOf(name());
    }

    /** What {@link #loaded} gave, as a node. */
    static JsonNode node(Object loaded) {
        if (loaded instanceof String text) return JsonNodeFactory.instance.textNode(text);
        return loaded instanceof Boolean truth ? JsonNodeFactory.instance.booleanNode(truth) : (JsonNode) loaded;
    }

    /**
     * The value as a load job's JSON has it: a String, a Boolean, or a JsonNode for what is neither. Throws any
     * RuntimeException when the value does not fit.
     */
    Object loaded(Object value) {
        return switch (this) {
            case STRING -> plainText(value);
            case INT64 ->
                Long.toString(
                        value instanceof Long number ? number : number(value).longValueExact());
            case NUMERIC -> decimal(value, 29, 9);
            case BIGNUMERIC -> decimal(value, 38, 38);
            case FLOAT64 -> Double.toString(floating(value));
            case BOOL -> truth(value);
            case TIMESTAMP -> time(value).toString();
            case DATETIME -> localTime(value).toString();
            case DATE -> date(value).toString();
            case JSON -> tree(value);
            case BYTES -> Base64.getEncoder().encodeToString((byte[]) value);
        };
    }

    /** What BigQuery answers, in the form that {@link #node} gives to the same value. */
    JsonNode json(FieldValue held) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (this) {
            case BOOL -> json.booleanNode(held.getBooleanValue());
            case TIMESTAMP ->
                json.textNode(Instant.EPOCH
                        .plus(held.getTimestampValue(), ChronoUnit.MICROS)
                        .toString());
            case DATETIME ->
                json.textNode(LocalDateTime.parse(held.getStringValue()).toString());
            case NUMERIC, BIGNUMERIC -> json.textNode(plain(new BigDecimal(held.getStringValue())));
            case FLOAT64 -> json.textNode(Double.toString(floating(infinity(held.getStringValue()))));
            case JSON -> parsed(held.getStringValue());
            default -> json.textNode(held.getStringValue());
        };
    }

    private static String plainText(Object value) {
        String text;
        if (value instanceof byte[]) throw new IllegalArgumentException("bytes are no text");
        if (value instanceof List || value instanceof Map || value instanceof float[]) text = written(value);
        else if (value instanceof Double number && !Double.isFinite(number)) text = number.toString();
        else if (value instanceof Double || value instanceof BigDecimal) text = plain(number(value));
        else text = value.toString();
        return whole(text);
    }

    private static String whole(String text) {
        int bits = 0;
        for (int i = 0; i < text.length(); i++) bits |= text.charAt(i);
        if (bits < Character.MIN_SURROGATE) return text; // no character is greater than all their bits
        for (int i = 0; i < text.length(); i++) {
            if (!Character.isSurrogate(text.charAt(i))) continue;
            boolean pair = Character.isHighSurrogate(text.charAt(i))
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (!pair) throw new IllegalArgumentException("half a surrogate pair");
            i++;
        }
        return text;
    }

    private static BigDecimal number(Object value) {
        if (value instanceof BigDecimal decimal) return decimal;
        if (value instanceof Long || value instanceof Double || value instanceof String) {
            return new BigDecimal(value.toString());
        }
        throw new IllegalArgumentException("not a number");
    }

    /** One text for one number. */
    private static String plain(BigDecimal number) {
        return shortest(number.stripTrailingZeros());
    }

    private static String shortest(BigDecimal shortest) {
        if (shortest.precision() - (long) shortest.scale() > 400 || shortest.scale() > 400) return shortest.toString();
        return shortest.signum() == 0 ? "0" : shortest.toPlainString();
    }

    private static String decimal(Object value, int before, int after) {
        BigDecimal number = number(value).stripTrailingZeros();
        if (number.scale() > after || number.precision() - (long) number.scale() > before) {
            throw new ArithmeticException("would be rounded");
        }
        return shortest(number);
    }

    private static double floating(Object value) {
        if (value instanceof Double number) return number == 0 ? 0.0 : number;
        if ("NaN".equals(value)) return Double.NaN;
        if ("Infinity".equals(value)) return Double.POSITIVE_INFINITY;
        if ("-Infinity".equals(value)) return Double.NEGATIVE_INFINITY;
        BigDecimal exact = number(value);
        double number = exact.doubleValue();
        if (!Double.isFinite(number) || new BigDecimal(Double.toString(number)).compareTo(exact) != 0) {
            throw new ArithmeticException("would be rounded");
        }
        return number;
    }

    private static Object infinity(String held) {
        return switch (held) {
            case "inf", "+inf", "Infinity" -> "Infinity";
            case "-inf", "-Infinity" -> "-Infinity";
            case "nan", "NaN" -> "NaN";
            // BigQuery prints what Java reads, in more digits than the shortest
            default -> Double.valueOf(held);
        };
    }

    private static boolean truth(Object value) {
        if (value instanceof Boolean truth) return truth;
        if ("true".equals(value)) return true;
        if ("false".equals(value)) return false;
        throw new IllegalArgumentException("neither true nor false");
    }

    private static Instant time(Object value) {
        Instant time = value instanceof String text ? OffsetDateTime.parse(text).toInstant() : (Instant) value;
        if (time.isBefore(FIRST) || !time.isBefore(AFTER_LAST)) throw new IllegalArgumentException("outside the years");
        return time.getNano() % 1_000 == 0 ? time : time.truncatedTo(ChronoUnit.MICROS);
    }

    private static LocalDateTime localTime(Object value) {
        LocalDateTime time = value instanceof String text ? LocalDateTime.parse(text) : (LocalDateTime) value;
        year(time.getYear());
        return time.truncatedTo(ChronoUnit.MICROS);
    }

    private static LocalDate date(Object value) {
        LocalDate date = value instanceof String text ? LocalDate.parse(text) : (LocalDate) value;
        year(date.getYear());
        return date;
    }

    private static void year(int year) {
        if (year < 1 || year > 9999) throw new IllegalArgumentException("outside the years");
    }

    private static String written(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (IOException e) {
            throw new IllegalArgumentException("not to be had as JSON", e);
        }
    }

    private static JsonNode tree(Object value) {
        JsonNode tree = MAPPER.valueToTree(value);
        JsonNode canonical = canonical(tree);
        whole(canonical.toString());
        return canonical;
    }

    private static JsonNode parsed(String text) {
        try {
            return canonical(MAPPER.readTree(text));
        } catch (IOException e) {
            throw new IllegalStateException("BigQuery gives valid JSON", e);
        }
    }

    /** One form for one number: 1.0 is 1. */
    private static JsonNode canonical(JsonNode node) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (node.isObject()) {
            var object = json.objectNode();
            node.fields().forEachRemaining(e -> object.set(e.getKey(), canonical(e.getValue())));
            return object;
        }
        if (node.isArray()) {
            var array = json.arrayNode();
            node.forEach(e -> array.add(canonical(e)));
            return array;
        }
        if (!node.isNumber()) return node;
        if (node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue())) {
            throw new ArithmeticException("JSON has finite numbers only");
        }
        BigDecimal number = node.decimalValue();
        try {
            return json.numberNode(number.longValueExact());
        } catch (ArithmeticException notWhole) {
            return json.numberNode(floating(number));
        }
    }
}
