package io.caravan.step;

import io.caravan.record.TextForms;
import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads numbers that are written as a sample is: {@code 1.234,56}, {@code € 1,234.56}, {@code 12,5 %}.
 *
 * <ul>
 *   <li>of two marks between the sample's digits the last is the decimal mark; one alone is it unless exactly three digits
 *       follow, or it stands there twice
 *   <li>what is before and behind the digits, a currency or percent, must be there as in the sample; blanks between may lack, and a sign
 *       stands before or behind it
 *   <li>groups of three digits are whole or none; a blank or an apostrophe between them is one of any kind
 *   <li>out: of percent a hundredth, of ‰ a thousandth
 * </ul>
 */
final class NumberForm {

    private static final Pattern SAMPLE = Pattern.compile("(\\D*)(\\d(?:.*\\d)?)(\\D*)", Pattern.DOTALL);
    private static final String BLANK = "[ \\u00a0\\u202f\\u2009]";
    private static final String APOSTROPHE = "['\\u2019]";
    private static final int GROUP = 3;

    private final Pattern pattern;
    private final int places;

    /** Throws IllegalArgumentException for a sample that is none. */
    NumberForm(String sample) {
        Matcher m = SAMPLE.matcher(sample.strip());
        if (!m.matches()) throw new IllegalArgumentException(sample);
        String marks = m.group(2).replaceAll("\\d", "");
        char last = marks.isEmpty() ? 0 : marks.charAt(marks.length() - 1);
        boolean fraction = !marks.isEmpty() && isFraction(m.group(2), marks, last);
        String groups = fraction ? marks.substring(0, marks.length() - 1) : marks;
        boolean sound = groups.chars().distinct().count() <= 1
                && groups.indexOf(fraction ? last : 0) < 0
                && groups.indexOf('-') < 0
                && last != '-';
        if (!sound) throw new IllegalArgumentException(sample);
        String whole = groups.isEmpty() ? "\\d+" : "(?:\\d{1,3}(?:" + mark(groups.charAt(0)) + "\\d{3})+|\\d+)";
        String number = "(" + whole + ")" + (fraction ? "(?:" + mark(last) + "(\\d+))?" : "()");
        String before = literal(m.group(1));
        String behind = literal(m.group(3));
        pattern =
                Pattern.compile("([+\\u2212-]?)" + before + BLANK + "?([+\\u2212-]?)" + number + BLANK + "?" + behind);
        places = sample.indexOf('%') >= 0 ? 2 : sample.indexOf('‰') >= 0 ? GROUP : 0;
    }

    BigDecimal value(String text) {
        Matcher m = pattern.matcher(text);
        if (!m.matches() || !m.group(1).isEmpty() && !m.group(2).isEmpty()) throw new IllegalArgumentException(text);
        String sign = (m.group(1) + m.group(2)).replace('\u2212', '-');
        String fraction = m.group(4) == null || m.group(4).isEmpty() ? "" : "." + m.group(4);
        return TextForms.number(sign + m.group(3).replaceAll("\\D", "") + fraction)
                .movePointLeft(places);
    }

    /** One that is whole, of 64 bits. */
    long whole(String text) {
        return value(text).longValueExact();
    }

    private static boolean isFraction(String digits, String marks, char last) {
        if (marks.indexOf(last) < marks.length() - 1) return false;
        return marks.length() > 1 || digits.length() - digits.indexOf(last) - 1 != GROUP;
    }

    private static String mark(char c) {
        if (c == '\'' || c == '\u2019') return APOSTROPHE;
        return Character.isSpaceChar(c) ? BLANK : Pattern.quote(String.valueOf(c));
    }

    private static String literal(String text) {
        String stripped = text.replaceAll("^" + BLANK + "+|" + BLANK + "+$", "");
        return stripped.isEmpty() ? "" : Pattern.quote(stripped);
    }
}
