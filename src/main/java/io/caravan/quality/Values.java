package io.caravan.quality;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import org.apache.datasketches.hash.MurmurHash3;

/** What of a value is counted: whether it is one, its text, its number. */
final class Values {

    private static final long SEED = 9001;
    private static final int LONGEST_NUMBER = 400;

    private Values() {}

    /** Null or blank. */
    static boolean missing(Object value) {
        return value == null || value instanceof String text && text.isBlank();
    }

    /** The same, or the text {@code null} in any case of letters. */
    static boolean none(Object value) {
        return missing(value) || value instanceof String text && text.strip().equalsIgnoreCase("null");
    }

    static String text(Object value) {
        if (value instanceof String text) return text;
        if (value instanceof BigDecimal number && Math.abs((long) number.scale()) < LONGEST_NUMBER)
            return number.toPlainString();
        if (value instanceof byte[] bytes) return Base64.getEncoder().encodeToString(bytes);
        if (value instanceof float[] numbers) return Arrays.toString(numbers);
        return value.toString();
    }

    /** As much of it as people are shown. */
    static String cut(Object value, int most) {
        String text = text(value);
        if (text.length() <= most) return text;
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end);
    }

    static long hash(String text) {
        return text.isEmpty() ? 0 : MurmurHash3.hash(text.toCharArray(), SEED)[0];
    }

    /** Of two hashes, in this order. */
    static long hash(long one, long other) {
        return MurmurHash3.hash(new long[] {one, other}, SEED)[0];
    }

    /** A finite number, also as a text; NaN for anything else. */
    static double number(Object value) {
        if (value instanceof Number number) return finite(number.doubleValue());
        if (!(value instanceof String)) return Double.NaN;
        String text = ((String) value).strip();
        return isNumber(text) ? finite(Double.parseDouble(text)) : Double.NaN;
    }

    private static double finite(double number) {
        return Double.isFinite(number) ? number + 0.0 : Double.NaN; // -0.0 is 0
    }

    /** Digits with a sign, a point and an exponent, where they may stand; Java takes {@code 1d} and {@code 0x1p3} too. */
    private static boolean isNumber(String text) {
        int length = text.length();
        if (length == 0 || length > LONGEST_NUMBER) return false;
        int at = text.charAt(0) == '+' || text.charAt(0) == '-' ? 1 : 0;
        int whole = digits(text, at);
        at += whole;
        int fraction = 0;
        if (at < length && text.charAt(at) == '.') {
            fraction = digits(text, at + 1);
            at += 1 + fraction;
        }
        if (whole + fraction == 0) return false;
        if (at == length) return true;
        if (text.charAt(at) != 'e' && text.charAt(at) != 'E') return false;
        at++;
        if (at < length && (text.charAt(at) == '+' || text.charAt(at) == '-')) at++;
        int exponent = digits(text, at);
        return exponent > 0 && at + exponent == length;
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') at++;
        return at - from;
    }

    /** To the nearest, of two the even one, of what the number exactly is: as Python rounds. */
    static double round(double number, int digits) {
        return new BigDecimal(number).setScale(digits, RoundingMode.HALF_EVEN).doubleValue() + 0.0;
    }

    /** So many of all, in percent with two digits; 0 of none. */
    static double percent(long part, long all) {
        return all == 0 ? 0 : round(100.0 * part / all, 2);
    }

    static String lower(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }
}
