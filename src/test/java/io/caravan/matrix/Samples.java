package io.caravan.matrix;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value of each kind that records have, by the kind's name. */
final class Samples {

    private Samples() {}

    static Map<String, Object> all() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("text", "a, 'é' 😀");
        all.put("whole number", 42L);
        all.put("whole number above 2^53", (1L << 53) + 1);
        all.put("decimal", new BigDecimal("12.5"));
        all.put("decimal of 20 digits", new BigDecimal("0.12345678901234567891"));
        all.put("double", 0.1);
        all.put("boolean", true);
        all.put("date", LocalDate.of(2024, 2, 29));
        all.put("local date-time", LocalDateTime.of(2024, 2, 29, 7, 8, 9));
        all.put("instant", Instant.parse("2024-02-29T07:08:09.123Z"));
        all.put("instant in microseconds", Instant.parse("2024-02-29T07:08:09.123456Z"));
        all.put("instant in nanoseconds", Instant.parse("2024-02-29T07:08:09.123456789Z"));
        all.put("bytes", new byte[] {0, -1});
        all.put("vector", new float[] {0.5f, -1});
        all.put("list of texts", List.of("a", "b"));
        all.put("list of numbers", List.of(1L, new BigDecimal("2.5")));
        all.put("list of several kinds", List.of(1L, "a"));
        all.put("nested object", Map.of("a", 1L));
        all.put("null", null);
        return all;
    }

    /** The kind of a value that was read. */
    static String kind(Object value) {
        if (value == null) return "null";
        if (value instanceof String) return "text";
        if (value instanceof Long) return "whole number";
        if (value instanceof BigDecimal) return "decimal";
        if (value instanceof Double) return "double";
        if (value instanceof Boolean) return "boolean";
        if (value instanceof LocalDate) return "date";
        if (value instanceof LocalDateTime) return "local date-time";
        if (value instanceof Instant) return "instant";
        if (value instanceof byte[]) return "bytes";
        if (value instanceof float[]) return "vector";
        if (value instanceof List) return "list";
        if (value instanceof Map) return "nested object";
        throw new AssertionError("records have no " + value.getClass());
    }
}
