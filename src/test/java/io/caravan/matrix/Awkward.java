package io.caravan.matrix;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows that are hard to carry: keys, texts, numbers, times and shapes that stores like to bend. */
final class Awkward {

    static final List<String> FIELDS =
            List.of("id", "topic", "text", "big", "amount", "at", "day", "size", "note", "nested");

    /** What makes the fields that a source may only have as texts what they are. */
    static final String TYPES = "big=integer,amount=decimal,at=timestamp,day=date,size=integer";

    private static final List<String> KEYS = List.of("plain-", "a/b..c/", "\"quoted\" ", "it's;-- ", "☃ é 😀 ");
    private static final List<String> TOPICS =
            List.of("shoes in red", "a parcel that is late", "thank you", "the weather of June", "music");

    private Awkward() {}

    /** Rows {@code from} to {@code to} without {@code to}, in their first form. */
    static List<Map<String, Object>> rows(int from, int to, Connector.Source carrier, int longestText) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = from; i < to; i++) rows.add(row(i, carrier, longestText));
        return rows;
    }

    private static Map<String, Object> row(int i, Connector.Source carrier, int longestText) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", KEYS.get(i % KEYS.size()) + i);
        row.put("topic", TOPICS.get(i % TOPICS.size()));
        row.put("text", text(i, longestText));
        row.put("big", 123_456_789_012_340_000L + i);
        row.put("amount", new BigDecimal("12345678.0125").add(BigDecimal.valueOf(i)));
        row.put("at", "2025-11-03T22:34:45.49568" + i % 10 + (i % 2 == 0 ? "Z" : "+05:30"));
        row.put("day", "2024-02-29");
        row.put("size", Integer.toString(i));
        row.put("note", i % 3 == 0 ? null : "line one\nline \"two\", and a tab\t.");
        if (carrier.nested()) row.put("nested", nested(i));
        return row;
    }

    /** The row with another size, which is a text in every source. */
    static void change(Map<String, Object> row, String size) {
        row.put("size", size);
    }

    private static String text(int i, int longest) {
        if (i == 3) return "ä😀".repeat(Math.min(longest, 1 << 20) / 3);
        return switch (i % 7) {
            case 0 -> null;
            case 1 -> "";
            case 2 -> " blanks around ";
            case 3 -> "𝄞 clef, 中文, עברית, e\u0301";
            default -> "=1+" + i;
        };
    }

    private static Map<String, Object> nested(int i) {
        Map<String, Object> inner = new LinkedHashMap<>();
        inner.put("deep", List.of(true, Map.of("n", i)));
        inner.put("none", null);
        Map<String, Object> nested = new LinkedHashMap<>();
        nested.put("list", Arrays.asList(1L, "two", inner));
        nested.put("empty", Map.of());
        return nested;
    }
}
