package io.caravan.record;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** What a double of 64 bits says as a decimal, and the other way round. */
public final class Doubles {

    /** So many digits a decimal can have of which a double keeps every one. */
    private static final int CERTAIN_DIGITS = 15;

    /** So many digits tell each double from all others. */
    private static final int MOST_DIGITS = 17;

    private Doubles() {}

    /** The shortest decimal that reads as this double, which is finite: what was typed, in up to 15 digits. */
    public static BigDecimal shortest(double number) {
        BigDecimal exact = new BigDecimal(number);
        for (int digits = CERTAIN_DIGITS; digits <= MOST_DIGITS; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            if (rounded.doubleValue() == number) return printed(number, rounded);
        }
        return BigDecimal.valueOf(number);
    }

    /**
     * What the digits mean that a program wrote who keeps its numbers as doubles, such as Excel with its 17 digits: the shortest
     * decimal of that double. A number of fewer digits, or one that no double can be, is itself.
     */
    public static BigDecimal meant(BigDecimal digits) {
        if (digits.precision() <= CERTAIN_DIGITS) return digits;
        double number = digits.doubleValue();
        return Double.isFinite(number) && number != 0 ? shortest(number) : digits;
    }

    /** The nearest double; throws {@link ArithmeticException} when that is infinite, or zero where the number is not. */
    public static double nearest(BigDecimal number) {
        double nearest = number.doubleValue();
        if (!Double.isFinite(nearest) || (nearest == 0 && number.signum() != 0)) {
            throw new ArithmeticException("beyond 64 bits");
        }
        return nearest;
    }

    /** The double that prints this decimal; throws {@link ArithmeticException} when there is none, so that nothing is rounded. */
    public static double same(BigDecimal number) {
        double nearest = nearest(number);
        boolean same = shortest(nearest).compareTo(number) == 0
                || new BigDecimal(Double.toString(nearest)).compareTo(number) == 0; // some are printed longer by JDK 17
        if (!same) throw new ArithmeticException("would be rounded");
        return nearest;
    }

    /** In the form that Java prints, where that is the same number. */
    private static BigDecimal printed(double number, BigDecimal shortest) {
        BigDecimal printed = BigDecimal.valueOf(number);
        return printed.compareTo(shortest) == 0 ? printed : shortest.stripTrailingZeros();
    }
}
