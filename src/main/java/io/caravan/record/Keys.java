package io.caravan.record;

import java.util.ArrayList;
import java.util.List;

/**
 * The canonical text of a key: the value itself for one field; for several, each value with {@code
 * \} and {@code |} escaped by {@code \}, joined by {@code |}. Reversible, so a tombstone can name
 * its key fields.
 */
public final class Keys {

    private Keys() {}

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
