package io.caravan.shape;

import io.caravan.record.Keys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Values as the texts they are to a reader of the sheet. */
final class Texts {

    private Texts() {}

    /** The text of a single value; empty of null, lists, maps and bytes. */
    static Optional<String> of(Object value) {
        return Keys.text(value);
    }

    /** Whether nothing stands there. */
    static boolean blank(Object value) {
        return value == null || value instanceof String text && text.isBlank();
    }

    /** The texts between separators, without the blanks around them; blank ones are none. */
    static List<String> split(String text, String separator) {
        List<String> texts = new ArrayList<>();
        int from = 0;
        for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
            add(texts, text.substring(from, at));
            from = at + separator.length();
        }
        add(texts, text.substring(from));
        return texts;
    }

    private static void add(List<String> texts, String text) {
        if (!text.isBlank()) texts.add(text.strip());
    }
}
