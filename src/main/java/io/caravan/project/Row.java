package io.caravan.project;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.format.ValueText;
import io.caravan.record.Record;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A record as it is compared: its fields as JSON values. A field that is null and one that is absent are the same.
 *
 * @param texts whether it comes from CSV, where every value is a text
 */
record Row(ObjectNode fields, boolean texts) {

    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNumberLength(100_000)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .build();
    /** Models give the last digits of a vector otherwise on another machine. */
    private static final BigDecimal CLOSE = new BigDecimal("0.0001");

    /** A vector is compared by its numbers; shorter lists are values like others. */
    private static final int VECTOR = 16;

    static Row of(Record record, Set<String> ignored, boolean texts) {
        ObjectNode fields = JsonNodeFactory.withExactBigDecimals(true).objectNode();
        for (int i = 0; i < record.fields().size(); i++) {
            String name = record.fields().names().get(i);
            if (!ignored.contains(name)) fields.set(name, value(record.at(i)));
        }
        return new Row(fields, texts);
    }

    private static JsonNode value(Object value) {
        try {
            return JSON.readTree(ValueText.json(value));
        } catch (JsonProcessingException e) {
            return JsonNodeFactory.instance.textNode(String.valueOf(value));
        }
    }

    /** What tells it from the others: the values of these fields, or all of it where it lacks one. */
    String key(List<String> names) {
        StringBuilder key = new StringBuilder();
        for (String name : names) {
            if (absent(fields.get(name))) return fields.toString();
            key.append(key.isEmpty() ? "" : "|").append(text(fields.get(name)));
        }
        return names.isEmpty() ? fields.toString() : key.toString();
    }

    /** The names of the fields in which they differ, in order. */
    Set<String> differing(Row other) {
        Set<String> names = new TreeSet<>();
        fields.fieldNames().forEachRemaining(names::add);
        other.fields.fieldNames().forEachRemaining(names::add);
        names.removeIf(name -> same(fields.get(name), other.fields.get(name), texts || other.texts));
        return names;
    }

    /** A field's value as it is shown: text in quotes where the other is none. */
    String shown(String field) {
        JsonNode value = fields.get(field);
        return absent(value) ? "null" : texts ? text(value) : value.toString();
    }

    private static boolean same(JsonNode one, JsonNode other, boolean asTexts) {
        if (absent(one) || absent(other)) return absent(one) && absent(other);
        if (one.isNumber() && other.isNumber()) return one.decimalValue().compareTo(other.decimalValue()) == 0;
        if (one.isArray() && other.isArray() && one.size() >= VECTOR && one.size() == other.size()) {
            for (int i = 0; i < one.size(); i++) if (!close(one.get(i), other.get(i))) return false;
            return true;
        }
        if (!asTexts) return one.equals(other);
        return text(one).equals(text(other)) || sameNumber(text(one), text(other));
    }

    private static boolean close(JsonNode one, JsonNode other) {
        if (!one.isNumber() || !other.isNumber()) return one.equals(other);
        return one.decimalValue().subtract(other.decimalValue()).abs().compareTo(CLOSE) <= 0;
    }

    private static boolean sameNumber(String one, String other) {
        try {
            return one.length() < 100
                    && other.length() < 100
                    && new BigDecimal(one).compareTo(new BigDecimal(other)) == 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static boolean absent(JsonNode value) {
        return value == null || value.isNull();
    }

    private static String text(JsonNode value) {
        if (value.isTextual()) return value.textValue();
        if (!value.isNumber()) return value.toString();
        BigDecimal number = value.decimalValue();
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
