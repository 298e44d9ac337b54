package io.caravan.format;

import io.caravan.error.SettingChecks;
import java.util.List;

/**
 * In what a CSV may differ from RFC 4180.
 *
 * @param skipRows how many lines are passed over before the header
 * @param comment what lines begin with that are no rows; 0 for nothing
 * @param numberRepeated whether names of columns that were there get a number
 * @param blankNames {@code fail}, {@code number}, or {@code drop}: what becomes of columns without a name
 * @param escape what stands before a character that is then no mark; 0 for nothing
 * @param trim whether blanks around a value are none of it
 */
record CsvRules(int skipRows, byte comment, boolean numberRepeated, String blankNames, byte escape, boolean trim) {

    static final String FAIL = "fail";
    static final String NUMBER = "number";
    static final String DROP = "drop";
    static final CsvRules USUAL = new CsvRules(0, (byte) 0, false, FAIL, (byte) 0, false);

    static CsvRules of(
            String unit,
            int skipRows,
            String comment,
            String repeatedNames,
            String blankNames,
            String escape,
            boolean trim) {
        new SettingChecks(unit)
                .between("skipRows", skipRows, 0, 1_000_000)
                .must(
                        none(comment) || mark(comment),
                        "comment",
                        "be one ASCII character that is no quote or blank",
                        comment)
                .must(
                        none(escape) || mark(escape),
                        "escape",
                        "be one ASCII character that is no quote or blank",
                        escape)
                .must(none(escape) || !escape.equals(comment), "escape", "be another character than comment", escape)
                .must(
                        List.of(FAIL, NUMBER).contains(repeatedNames),
                        "repeatedNames",
                        "be fail or number",
                        repeatedNames)
                .must(
                        List.of(FAIL, NUMBER, DROP).contains(blankNames),
                        "blankNames",
                        "be fail, number or drop",
                        blankNames)
                .check();
        return new CsvRules(skipRows, first(comment), repeatedNames.equals(NUMBER), blankNames, first(escape), trim);
    }

    /** Those of an object whose header stands so many lines lower. */
    CsvRules below(int lines) {
        return new CsvRules(skipRows + lines, comment, numberRepeated, blankNames, escape, trim);
    }

    private static boolean none(String mark) {
        return mark.isEmpty();
    }

    private static boolean mark(String text) {
        return text.length() == 1 && text.charAt(0) > ' ' && text.charAt(0) < 0x7F && text.charAt(0) != '"';
    }

    private static byte first(String mark) {
        return mark.isEmpty() ? 0 : (byte) mark.charAt(0);
    }
}
