package io.caravan.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextFormsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "١٢",
                "１２",
                "1,234.5",
                "1 234",
                "1_000",
                " 5",
                "5 ",
                "0x1p3",
                "1d",
                "NaN",
                "Infinity",
                ".",
                "",
                "1e",
                "--1"
            })
    void digitsOfOtherScriptsSeparatorsAndBlanksAreNoNumber(String text) {
        assertThatThrownBy(() -> TextForms.number(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void oneTableSaysWhatIsANumberAndATruth() {
        assertThat(TextForms.number("+5")).isEqualTo(new BigDecimal(5));
        assertThat(TextForms.number("-.5e-3")).isEqualTo(new BigDecimal("-0.0005"));
        assertThat(TextForms.whole("7.0")).isEqualTo(7);
        assertThatThrownBy(() -> TextForms.whole("7.5")).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> TextForms.real("1e-400")).isInstanceOf(ArithmeticException.class);
        assertThat(List.of("true", "True", "TRUE")).allMatch(TextForms::truth);
        assertThat(List.of("false", "False", "FALSE")).noneMatch(TextForms::truth);
        assertThatThrownBy(() -> TextForms.truth("yes")).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void aDecimalIsItsText(@ForAll BigDecimal number) {
        assertThat(TextForms.number(number.toString())).isEqualTo(number);
    }

    @Test
    void aTextOfJsonIsWhatItSays() {
        assertThat(JsonTexts.value(" {\"a\": [1, 1.50, 12345678901234567890, \"x\", null, true]} "))
                .isEqualTo(Map.of(
                        "a",
                        java.util.Arrays.asList(
                                1L, new BigDecimal("1.50"), new BigDecimal("12345678901234567890"), "x", null, true)));
        assertThat(JsonTexts.value("\"red\"")).isEqualTo("red");
        assertThat(JsonTexts.value("null")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "not json",
                "",
                "{'a': 1}",
                "{\"a\":1",
                "{\"a\":1}{",
                "[1] 2",
                "{\"a\":1,\"a\":2}",
                "NaN",
                "[1e99999]"
            })
    void aTextThatIsNoJsonIsRefused(String text) {
        assertThatThrownBy(() -> JsonTexts.value(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nestingHasAnEnd() {
        assertThatThrownBy(() -> JsonTexts.value("[".repeat(1_000_000))).isInstanceOf(IllegalArgumentException.class);
    }
}
