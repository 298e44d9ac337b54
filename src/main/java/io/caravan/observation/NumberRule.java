package io.caravan.observation;

import io.caravan.record.Doubles;
import java.math.BigDecimal;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * How a cell becomes the value of an observation: a Long where it is whole, else a decimal, both exact.
 *
 * <ul>
 *   <li>in: numbers; texts as {@code locale} writes numbers, or {@code decimal_separator} and {@code thousands_separator} say. Without
 *       any of these the one comma or dot of a text is the decimal point, and blanks may stand between groups of three digits
 *   <li>blank: nothing, blanks only, and what {@code null_values} lists
 *   <li>refused: all else, so that no digit is guessed: a second separator, groups of other than three digits, NaN and infinity
 * </ul>
 */
final class NumberRule {

    private static final int MOST_DIGITS = 1000;

    private static final char ANY = 0;

    private final char decimal; // ANY: dot or comma
    private final char thousands; // ANY: none but blanks
    private final Set<String> nulls;

    NumberRule(char decimal, char thousands, Set<String> nulls) {
        this.decimal = decimal;
        this.thousands = thousands;
        this.nulls = nulls;
    }

    static NumberRule of(SettingMap settings, SettingMap defaults) {
        String locale = settings.text("locale", defaults.text("locale", ""));
        String decimal = settings.text("decimal_separator", defaults.text("decimal_separator", ""));
        String thousands = settings.text("thousands_separator", defaults.text("thousands_separator", ""));
        List<String> nulls =
                settings.has("null_values") ? settings.texts("null_values") : defaults.texts("null_values");
        settings.must(
                locale.isEmpty() || !Locale.forLanguageTag(locale).getLanguage().isEmpty(),
                "locale",
                "be a language tag such as es-AR",
                locale);
        settings.must(decimal.matches("[.,]?"), "decimal_separator", "be . or ,", decimal);
        settings.must(
                thousands.matches("[., '\u00A0\u202F\u2019]?"),
                "thousands_separator",
                "be . , ' or a blank",
                thousands);
        char point = decimal.isEmpty() ? ANY : decimal.charAt(0);
        char group = thousands.isEmpty() ? ANY : thousands.charAt(0);
        if (!locale.isEmpty()) {
            DecimalFormatSymbols symbols = DecimalFormatSymbols.getInstance(Locale.forLanguageTag(locale));
            if (point == ANY) point = symbols.getDecimalSeparator();
            if (group == ANY) group = symbols.getGroupingSeparator();
        }
        if (point == ANY && (group == '.' || group == ',')) point = group == '.' ? ',' : '.';
        settings.must(group == ANY || point != group, "thousands_separator", "differ from decimal_separator", group);
        return new NumberRule(point, blank(group) ? ANY : group, Set.copyOf(nulls));
    }

    String rule() {
        if (decimal == ANY) return "be a number (see locale and null_values)";
        return "be a number like " + (thousands == ANY ? "1234" : "1" + thousands + "234") + decimal
                + "5 (see null_values)";
    }

    /** Whether the cell says nothing. */
    boolean blank(Object cell) {
        if (cell == null) return true;
        return cell instanceof String text
                && (text.isBlank() || nulls.contains(strip(text)) || strip(text).isEmpty());
    }

    /** The number; null when the cell holds none. */
    Object number(Object cell, boolean workbook) {
        if (cell instanceof Long) return cell;
        if (cell instanceof BigDecimal number) {
            return whole(workbook ? Doubles.meant(number) : number);
        }
        if (cell instanceof Double number) return Double.isFinite(number) ? whole(Doubles.shortest(number)) : null;
        return cell instanceof String text ? parsed(strip(text)) : null;
    }

    private Object parsed(String text) {
        if (text.isEmpty() || text.length() > MOST_DIGITS) return null;
        StringBuilder plain = new StringBuilder(text.length());
        int at = 0;
        char sign = text.charAt(0);
        if (sign == '+' || sign == '-' || sign == '\u2212') {
            if (sign != '+') plain.append('-');
            at++;
        }
        int digits = 0;
        int group = -1; // digits since a separator of thousands
        boolean fraction = false;
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c >= '0' && c <= '9') {
                plain.append(c);
                digits++;
                if (group >= 0 && !fraction) group++;
            } else if (!fraction && decimal(c)) {
                if (group >= 0 && group != 3) return null;
                fraction = true;
                plain.append('.');
            } else if (!fraction && thousands(c)) {
                if (digits == 0 || (group < 0 ? digits > 3 : group != 3)) return null;
                group = 0;
            } else {
                break;
            }
        }
        if (digits == 0 || (!fraction && group >= 0 && group != 3)) return null;
        if (at < text.length() && !exponent(text.substring(at))) return null;
        try {
            return whole(new BigDecimal(plain.append(text, at, text.length()).toString()));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private boolean decimal(char c) {
        return decimal == ANY ? c == '.' || c == ',' : c == decimal;
    }

    private boolean thousands(char c) {
        return thousands == ANY ? blank(c) : c == thousands;
    }

    private static boolean exponent(String text) {
        return text.matches("[eE][+-]?[0-9]{1,3}");
    }

    private static boolean blank(char c) {
        return c == ' ' || c == '\u00A0' || c == '\u202F' || c == '\u2009';
    }

    private static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && (blank(text.charAt(from)) || Character.isWhitespace(text.charAt(from)))) from++;
        while (from < to && (blank(text.charAt(to - 1)) || Character.isWhitespace(text.charAt(to - 1)))) to--;
        return text.substring(from, to);
    }

    /** One form for one number: 5 for 5.0 and 5e0; null for one with more digits than anybody could write out. */
    private static Object whole(BigDecimal number) {
        if (number.signum() == 0) return 0L;
        BigDecimal least = number.stripTrailingZeros();
        if (least.precision() > MOST_DIGITS || Math.abs((long) least.scale()) > MOST_DIGITS) return null;
        if (least.scale() > 0) return least;
        if (least.precision() - least.scale() > 18) return least.setScale(0);
        return least.longValueExact();
    }
}
