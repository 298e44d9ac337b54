package io.caravan.bigquery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.StandardSQLTypeName;
import io.caravan.record.Doubles;
import io.caravan.table.ColumnType;
import io.caravan.table.ColumnValues;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Base64;

/** The types of columns in BigQuery: their names, the values that fit, and their JSON in a load job and of an answer. */
final class ColumnJson {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ColumnJson() {}

    static StandardSQLTypeName sql(ColumnType type) {
        return switch (type) {
            case TEXT -> StandardSQLTypeName.STRING;
            case BIGINT -> StandardSQLTypeName.INT64;
            case NUMERIC -> StandardSQLTypeName.NUMERIC;
            case BIGNUMERIC -> StandardSQLTypeName.BIGNUMERIC;
            case DOUBLE -> StandardSQLTypeName.FLOAT64;
            case BOOLEAN -> StandardSQLTypeName.BOOL;
            case TIMESTAMP -> StandardSQLTypeName.TIMESTAMP;
            case DATETIME -> StandardSQLTypeName.DATETIME;
            case DATE -> StandardSQLTypeName.DATE;
            case JSON -> StandardSQLTypeName.JSON;
            case BYTES -> StandardSQLTypeName.BYTES;
        };
    }

    /** What a value must be to fit, as the end of "must hold ...". */
    static String rule(ColumnType type) {
        return switch (type) {
            case TEXT -> "a text";
            case BIGINT -> "a whole number of 64 bits";
            case NUMERIC -> "a decimal number of up to 29 digits and 9 after the point; bignumeric holds more";
            case BIGNUMERIC -> "a decimal number of up to 38 digits and 38 after the point";
            case DOUBLE -> "a number that 64 bits of floating point hold as it is";
            case BOOLEAN -> "true or false";
            case TIMESTAMP -> "a time with zone of the years 1 to 9999";
            case DATETIME -> "a time without zone of the years 1 to 9999";
            case DATE -> "a date of the years 1 to 9999";
            case JSON ->
                "JSON: a text that says some (no name twice), or a value that JSON can express, with numbers that 64 bits hold as they are";
            case BYTES -> "bytes";
        };
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
    static Object loaded(ColumnType type, Object value) {
        return switch (type) {
            case TEXT -> whole(ColumnValues.text(value, ColumnJson::plain));
            case BIGINT -> ColumnValues.whole(value);
            case NUMERIC -> decimal(value, 29, 9);
            case BIGNUMERIC -> decimal(value, 38, 38);
            case DOUBLE -> Double.toString(floating(value instanceof String text ? ColumnValues.number(text) : value));
            case BOOLEAN -> ColumnValues.truth(value);
            case TIMESTAMP -> ColumnValues.time(value).toString();
            case DATETIME -> ColumnValues.localTime(value).toString();
            case DATE -> ColumnValues.date(value).toString();
            case JSON -> tree(ColumnValues.ofJson(value));
            case BYTES -> Base64.getEncoder().encodeToString((byte[]) value);
        };
    }

    /** What BigQuery answers, in the form that {@link #node} gives to the same value. */
    static JsonNode json(ColumnType type, FieldValue held) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (type) {
            case BOOLEAN -> json.booleanNode(held.getBooleanValue());
            case TIMESTAMP ->
                json.textNode(Instant.EPOCH
                        .plus(held.getTimestampValue(), ChronoUnit.MICROS)
                        .toString());
            case DATETIME ->
                json.textNode(LocalDateTime.parse(held.getStringValue()).toString());
            case NUMERIC, BIGNUMERIC -> json.textNode(plain(new BigDecimal(held.getStringValue())));
            case DOUBLE -> json.textNode(Double.toString(floating(infinity(held.getStringValue()))));
            case JSON -> parsed(held.getStringValue());
            default -> json.textNode(held.getStringValue());
        };
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

    /** One text for one number. */
    private static String plain(BigDecimal number) {
        return shortest(number.stripTrailingZeros());
    }

    private static String shortest(BigDecimal shortest) {
        if (shortest.precision() - (long) shortest.scale() > 400 || shortest.scale() > 400) return shortest.toString();
        return shortest.signum() == 0 ? "0" : shortest.toPlainString();
    }

    private static String decimal(Object value, int before, int after) {
        BigDecimal number = ColumnValues.number(value).stripTrailingZeros();
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
        return Doubles.same(ColumnValues.number(value));
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

    private static JsonNode tree(Object value) {
        JsonNode tree = ColumnValues.jsonTree(value);
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

    /** One form for one value: 1.0 is 1, bytes are the text that JSON has for them. */
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
        if (node.isBinary()) return json.textNode(node.asText());
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
