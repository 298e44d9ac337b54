package io.caravan.record;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * The forms of text that are a number or a truth, one table for steps and sinks ({@code docs/records.md}). Each throws {@link
 * IllegalArgumentException} or {@link ArithmeticException} for a text of another form: blanks around, digits of other scripts,
 * separators of thousands are none.
 */
public final class TextForms {

    public static final int MOST_DIGITS = 1000;

    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?");

    private TextForms() {}

    /** {@code 12.50}, {@code +5}, {@code -.5e-3}: exact. */
    public static BigDecimal number(String text) {
        if (text.length() > MOST_DIGITS || !NUMBER.matcher(text).matches()) throw new NumberFormatException(text);
        BigDecimal number = new BigDecimal(text);
        // what 1E9999 would be once a database writes it out
        if (Math.abs((long) number.scale()) > MOST_DIGITS) throw new NumberFormatException(text);
        return number;
    }

    /** A number without a fraction, of 64 bits: {@code 7}, {@code 7.0}. */
    public static long whole(String text) {
        return number(text).longValueExact();
    }

    /** The nearest number of 64 bits, where it is neither infinite nor zero by being too large or small. */
    public static double real(String text) {
        return Doubles.nearest(number(text));
    }

    /** {@code true} and {@code false} in any case of letters. */
    public static boolean truth(String text) {
        if (text.equalsIgnoreCase("true")) return true;
        if (text.equalsIgnoreCase("false")) return false;
        throw new IllegalArgumentException(text);
    }
}
