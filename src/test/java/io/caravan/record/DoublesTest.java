package io.caravan.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.MathContext;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class DoublesTest {

    @Property(tries = 2000)
    void theShortestDecimalReadsAsTheDoubleAndNoneWithADigitLessDoes(@ForAll long bits) {
        double number = Double.longBitsToDouble(bits);
        if (!Double.isFinite(number) || Math.abs(number) < Double.MIN_NORMAL) return;
        BigDecimal shortest = Doubles.shortest(number);
        assertThat(shortest.doubleValue()).isEqualTo(number);
        int digits = shortest.stripTrailingZeros().precision();
        if (digits == 1) return;
        assertThat(new BigDecimal(number).round(new MathContext(digits - 1)).doubleValue())
                .isNotEqualTo(number);
    }

    @Property(tries = 2000)
    void whatWasTypedInUpTo15DigitsComesBackFromThe17DigitsOfItsDouble(
            @ForAll @LongRange(min = -999_999_999_999_999L, max = 999_999_999_999_999L) long digits,
            @ForAll @IntRange(min = -20, max = 40) int scale) {
        BigDecimal typed = BigDecimal.valueOf(digits, scale);
        BigDecimal saved = new BigDecimal(typed.doubleValue()).round(new MathContext(17));
        assertThat(Doubles.meant(saved)).isEqualByComparingTo(typed);
        assertThat(Doubles.same(typed)).isEqualTo(typed.doubleValue());
    }

    @Test
    void aNumberThatWouldBeInfiniteOrZeroIsNoDouble() {
        for (String text : new String[] {"1e400", "-1e400", "1e-400", "-1e-400"}) {
            assertThatThrownBy(() -> Doubles.nearest(new BigDecimal(text))).isInstanceOf(ArithmeticException.class);
            assertThat(Doubles.meant(new BigDecimal(text))).isEqualTo(new BigDecimal(text));
        }
        assertThat(Doubles.nearest(new BigDecimal("0E-400"))).isZero();
        assertThatThrownBy(() -> Doubles.same(new BigDecimal("0.10000000000000000001")))
                .isInstanceOf(ArithmeticException.class);
        assertThat(Doubles.same(new BigDecimal("8.41E21"))).isEqualTo(8.41E21);
        assertThat(Doubles.same(BigDecimal.valueOf(8.41E21))).isEqualTo(8.41E21);
    }
}
