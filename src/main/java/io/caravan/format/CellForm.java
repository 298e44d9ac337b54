package io.caravan.format;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a number in a cell stands for, as the cell's style shows it.
 *
 * @param pattern of elapsed time its first part ({@code [hh]}), of numbers filled with zeros all; else blank
 */
record CellForm(Shown shown, String pattern) {

    /** What it is shown as. */
    enum Shown {
        NUMBER,
        /** A day, or a time of a day when the number has a fraction. */
        DATE,
        DATE_TIME,
        /** How long something took, in hours beyond 24. */
        ELAPSED,
        /** With zeros before it, as many as the format has places. */
        ZERO_FILLED
    }

    static final CellForm NUMBER = new CellForm(Shown.NUMBER, "");

    private static final CellForm DATE = new CellForm(Shown.DATE, "");
    private static final CellForm DATE_TIME = new CellForm(Shown.DATE_TIME, "");
    private static final Pattern ELAPSED = Pattern.compile("(?i)\\[(h+|m+|s+)]");
    /** Places that are always shown, and what may stand between them without a meaning of its own. */
    private static final Pattern ZEROS = Pattern.compile("0[0 ()-]*0");

    /** @param code the format of a style that is not built in, else null */
    static CellForm of(String id, String code) {
        if (code != null) return ofCode(code);
        if (id == null || !id.matches("[0-9]{1,3}")) return NUMBER;
        int n = Integer.parseInt(id);
        if (n == 22) return DATE_TIME;
        if (n == 46) return new CellForm(Shown.ELAPSED, "[h]");
        boolean date = (n >= 14 && n <= 17) || (n >= 27 && n <= 31) || n == 36 || (n >= 50 && n <= 58);
        return date ? DATE : NUMBER;
    }

    private static CellForm ofCode(String code) {
        if (code.length() > 1000) return NUMBER;
        String shown = code.replaceAll("\"[^\"]*\"|\\\\.|_.|\\*.|;.*", "");
        String letters = shown.replaceAll("\\[[^\\]]*]", "").toLowerCase(Locale.ROOT);
        if (letters.contains("general")) return NUMBER;
        Matcher elapsed = ELAPSED.matcher(shown);
        boolean counted = elapsed.find();
        boolean time = counted || letters.matches("(?s).*[hs].*");
        boolean date = letters.matches("(?s).*[yd].*") || (!time && letters.indexOf('m') >= 0);
        if (date) return time ? DATE_TIME : DATE;
        return counted ? new CellForm(Shown.ELAPSED, elapsed.group()) : filled(code);
    }

    /** Excel writes the dashes of a postal code or a number of insurance with a backslash before them, or in quotes. */
    private static CellForm filled(String code) {
        String places = code.replaceAll("(?s);.*|\\[[^\\]]*]", "").replaceAll("[\\\\\"]", "");
        return ZEROS.matcher(places).matches() ? new CellForm(Shown.ZERO_FILLED, places) : NUMBER;
    }
}
