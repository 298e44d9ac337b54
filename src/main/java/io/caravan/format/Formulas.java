package io.caravan.format;

import java.util.regex.Pattern;

/**
 * Keeps spreadsheets from taking a text for a formula: one that begins with {@code = + - @}, tab or CR gets a {@code '}
 * in front, and so does one that looks as if it had got one, so that it can be taken away again. Negative numbers are
 * no formulas.
 */
final class Formulas {

    private static final Pattern NUMBER = Pattern.compile("-[0-9]{1,400}(\\.[0-9]{1,400})?(E[+-]?[0-9]{1,5})?");

    private Formulas() {}

    static String neutral(String text) {
        return dangerous(text) ? "'" + text : text;
    }

    static String plain(String text) {
        return text.startsWith("'") && dangerous(text) ? text.substring(1) : text;
    }

    private static boolean dangerous(String text) {
        int i = 0;
        while (i < text.length() && text.charAt(i) == '\'') i++;
        if (i == text.length() || "=+-@\t\r".indexOf(text.charAt(i)) < 0) return false;
        return i > 0 || !NUMBER.matcher(text).matches();
    }
}
