package io.caravan.observation;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.error.SettingChecks;
import java.math.BigDecimal;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberRuleTest {

    private static final NumberRule PLAIN = rule(Map.of());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "12|12",
                "12.50|12.5",
                "12,50|12.5",
                " 1 234,5 |1234.5",
                "-0.0|0",
                "1e3|1000",
                "\u22123|-3",
                "1.234,5|none",
                "1,234,567|none",
                "1 23|none",
                "n/d|none",
                "NaN|none",
                "Infinity|none",
                "1e9999|none",
                "--1|none",
                "1%|none",
                "(1)|none",
                "1.|1",
                ".5|0.5",
                ".|none",
                "-|none",
                "1 |1",
                "1e|none"
            })
    void withoutALocaleTheOneCommaOrDotIsTheDecimalPoint(String text, String number) {
        assertThat(String.valueOf(PLAIN.number(text, false))).isEqualTo(number == null ? "null" : number);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "1.234,5|1234.5",
                "1.234|1234",
                "1,5|1.5",
                "1.23|none",
                "1234.567|none",
                "12.345.678|12345678",
                "1,234.5|none"
            })
    void withALocaleItsSeparatorsAreMeant(String text, String number) {
        assertThat(String.valueOf(rule(Map.of("locale", "es-AR")).number(text, false)))
                .isEqualTo(number == null ? "null" : number);
    }

    @Test
    void numbersStayExactAndThoseOfAWorkbookAreTheShortestThatTheyCanBe() {
        assertThat(PLAIN.number(new BigDecimal("0.10000000000000001"), true)).isEqualTo(new BigDecimal("0.1"));
        assertThat(PLAIN.number(new BigDecimal("0.10000000000000001"), false))
                .isEqualTo(new BigDecimal("0.10000000000000001"));
        assertThat(PLAIN.number(new BigDecimal("5.00"), true)).isEqualTo(5L);
        assertThat(PLAIN.number(Double.NaN, false)).isNull();
        assertThat(PLAIN.number(true, false)).isNull();
        assertThat(PLAIN.number("9".repeat(1001), false)).isNull();
    }

    @Test
    void whatIsListedAsNothingIsBlank() {
        NumberRule rule = new NumberRule('.', ',', Set.of("n/d"));
        assertThat(rule.blank(" n/d\u00A0")).isTrue();
        assertThat(rule.blank("\u00A0")).isTrue();
        assertThat(rule.blank("n/a")).isFalse();
    }

    @Property
    void whatALocaleWritesIsReadBack(
            @ForAll @BigRange(min = "-1000000000000", max = "1000000000000") @Scale(6) BigDecimal number) {
        for (String tag : new String[] {"es-AR", "en-US", "de-CH", "fr-FR", "pt-BR"}) {
            Locale locale = Locale.forLanguageTag(tag);
            DecimalFormat format = new DecimalFormat("#,##0.######", DecimalFormatSymbols.getInstance(locale));
            Object read = rule(Map.of("locale", tag)).number(format.format(number), false);
            assertThat(read).as(format.format(number) + " in " + tag).isNotNull();
            assertThat(new BigDecimal(read.toString())).isEqualByComparingTo(number);
        }
    }

    @Property
    void noTextIsReadAsAnotherNumber(@ForAll String text) {
        Object read = PLAIN.number(text, false);
        if (read != null) assertThat(read).isInstanceOfAny(Long.class, BigDecimal.class);
    }

    private static NumberRule rule(Map<String, Object> settings) {
        SettingChecks checks = new SettingChecks("test");
        SettingMap map = new SettingMap(settings, "", checks);
        NumberRule rule = NumberRule.of(map, map);
        checks.check();
        return rule;
    }
}
