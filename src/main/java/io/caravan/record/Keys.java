package io.caravan.record;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The canonical text of a key: the value itself for one field; for several, each value with {@code
 * \} and {@code |} escaped by {@code \}, joined by {@code |}. Reversible, so a tombstone can name
 * its key fields.
 */
public final class Keys {

    /** Of a key in UTF-8: what an index of the ledger can hold with room to spare. */
    public static final int LONGEST = 2000;

    private Keys() {}

    /**
     * The text of a value that is a part of a key; one number has one text, as it has one hash: 5 for 5.0 and 5e0. Empty for what is
     * no part of any key: null, a list, a map, bytes.
     */
    public static Optional<String> text(Object value) {
        if (value instanceof String text) return Optional.of(text);
        if (value instanceof BigDecimal number) return Optional.of(plain(number));
        if (value instanceof Double number && Double.isFinite(number)) {
            return Optional.of(plain(BigDecimal.valueOf(number)));
        }
        boolean none = value == null
                || value instanceof List
                || value instanceof Map
                || value.getClass().isArray();
        return none ? Optional.empty() : Optional.of(value.toString());
    }

    private static String plain(BigDecimal number) {
        BigDecimal shortest = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        return Math.abs((long) shortest.scale()) > LONGEST ? shortest.toString() : shortest.toPlainString();
    }

    public static String join(List<String> values) {
        if (values.size() == 1) return values.get(0);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            if (i > 0) text.append('|');
            String value = values.get(i);
            for (int c = 0; c < value.length(); c++) {
                char ch = value.charAt(c);
                if (ch == '|' || ch == '\\') text.append('\\');
                text.append(ch);
            }
        }
        return text.toString();
    }

    /** The values that {@link #join} made the text from. */
    public static List<String> split(String text, int fields) {
        if (fields == 1) return List.of(text);
        List<String> values = new ArrayList<>(fields);
        StringBuilder value = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char ch = text.charAt(i);
            if (ch == '\\' && i + 1 < text.length()) {
                value.append(text.charAt(++i));
            } else if (ch == '|') {
                values.add(value.toString());
                value.setLength(0);
            } else {
                value.append(ch);
            }
        }
        values.add(value.toString());
        if (values.size() != fields) {
            throw new IllegalArgumentException("key: text must hold " + fields + " values, got '" + text + "'");
        }
        return values;
    }
}
