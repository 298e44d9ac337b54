package io.caravan.format;

/**
 * Keeps spreadsheets from taking a text for a formula: one that begins with {@code = + - @}, tab or CR gets a {@code '}
 * in front, and so does one that looks as if it had got one, so that it can be taken away again.
 */
final class Formulas {

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
        return i < text.length() && "=+-@\t\r".indexOf(text.charAt(i)) >= 0;
    }
}
