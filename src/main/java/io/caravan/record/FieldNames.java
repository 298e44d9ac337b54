package io.caravan.record;

import java.text.Normalizer;
import java.util.List;

/** How a field is called, whoever writes its name: without blanks and byte order marks around it, in NFC. */
public final class FieldNames {

    private FieldNames() {}

    /** The name that counts; blank when nothing is left. */
    public static String of(String name) {
        int from = 0;
        int to = name.length();
        while (from < to && blank(name.charAt(from))) from++;
        while (from < to && blank(name.charAt(to - 1))) to--;
        String stripped = name.substring(from, to);
        return Normalizer.isNormalized(stripped, Normalizer.Form.NFC)
                ? stripped
                : Normalizer.normalize(stripped, Normalizer.Form.NFC);
    }

    /** The same of all, in their order. */
    public static List<String> of(List<String> names) {
        return names.stream().map(FieldNames::of).toList();
    }

    /** The rule that a name breaks which is there already, as it was written. */
    public static String differ(String written) {
        return of(written).equals(written) ? "differ" : "differ, also without blanks around them and in NFC";
    }

    private static boolean blank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\ufeff' || c == '\u200b';
    }
}
