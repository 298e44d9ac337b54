package io.caravan.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.BadRecordException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GraphValuesTest {

    private final GraphValues values = new GraphValues("graph");

    @Test
    void keepsAnInstantToTheNanosecondInUtc() {
        assertThat(property(Instant.parse("2025-11-03T22:34:41.495680001Z")))
                .isEqualTo(ZonedDateTime.of(2025, 11, 3, 22, 34, 41, 495680001, ZoneOffset.UTC));
    }

    @Test
    void keepsADecimalAsTheDoubleThatPrintsIt() {
        assertThat(property(new BigDecimal("10.50"))).isEqualTo(10.5);
        assertThat(property(List.of(1L, new BigDecimal("2.5")))).isEqualTo(List.of(1.0, 2.5));
        String rule = "graph: f must be a number that a double keeps digit by digit, got '";
        String remedy = "'; give it type double in the mapping, which rounds, or text, which keeps every digit";
        for (String number : List.of("0.10000000000000000555", "1E+1000000000", "9007199254740993")) {
            assertThat(problem(new BigDecimal(number))).isEqualTo(rule + number + remedy);
        }
    }

    @Test
    void anyDecimalThatIsTakenComesBackDigitByDigit() {
        Random random = new Random(24);
        for (int i = 0; i < 20_000; i++) {
            BigDecimal number = new BigDecimal(new BigInteger(random.nextInt(70), random), random.nextInt(40) - 10);
            if (random.nextBoolean()) number = number.negate();
            BigDecimal digits = number.stripTrailingZeros();
            Double held = PropertyType.exact(number).orElse(null);
            if (held == null) {
                assertThat(digits.precision()).isGreaterThan(15);
            } else if (digits.precision() > 15) { // fewer always come back
                assertThat(new BigDecimal(held.toString())).isEqualByComparingTo(number);
            } else {
                assertThat(held).isEqualTo(Double.parseDouble(digits.toString()));
            }
            Object text = PropertyType.TEXT.of("graph", "f", number);
            assertThat(new BigDecimal((String) text)).isEqualByComparingTo(number);
            assertThat(PropertyType.TEXT.of("graph", "f", number.setScale(number.scale() + 3)))
                    .as("zeros behind are no other number")
                    .isEqualTo(text);
        }
    }

    @Test
    void aDeclaredTypeIsThatOfEveryValue() {
        assertThat(values.property("f", PropertyType.TEXT, List.of(1L, "a", true)))
                .isEqualTo(List.of("1", "a", "true"));
        assertThat(values.property("f", PropertyType.LONG, new BigDecimal("5.0")))
                .isEqualTo(5L);
        assertThat(values.property("f", PropertyType.DOUBLE, 5L)).isEqualTo(5.0);
        assertThat(values.property("f", PropertyType.DOUBLE, new BigDecimal("0.10000000000000000555")))
                .isEqualTo(0.1);
        assertThatThrownBy(() -> values.property("f", PropertyType.DOUBLE, "5"))
                .isInstanceOf(BadRecordException.class)
                .hasMessage(
                        "graph: f must be a number within the range of a double, got '5'; change it before the sink,"
                                + " as by convert-types-action, or give it another type in the mapping");
    }

    @Test
    void numbersThatAreEqualAreOneKey() {
        assertThat(values.key("f", new BigDecimal("5.0"))).isEqualTo(5L).isEqualTo(values.key("f", 5L));
        assertThat(values.key("f", new BigDecimal("5.50"))).isEqualTo(5.5);
        assertThat(values.key("f", new BigDecimal("12345678901234567890"))).isEqualTo("12345678901234567890");
    }

    @Test
    void keepsAVectorAsDoubles() {
        assertThat(property(new float[] {0.5f, 0.1f})).isEqualTo(List.of(0.5, (double) 0.1f));
    }

    @Test
    void refusesWhatNeo4jCannotHold() {
        assertThat(problem(Map.of("a", 1L)))
                .isEqualTo("graph: f must be a value that a Neo4j property can hold, got 'a map'");
        assertThat(problem(List.of("a", 1L)))
                .isEqualTo("graph: f must be a list of one kind to be a Neo4j property, got 'a whole number'");
        assertThat(problem(List.of(List.of())))
                .isEqualTo("graph: f must be a value that a Neo4j property can hold, got 'a list'");
        assertThat(problem(Arrays.asList("a", null)))
                .isEqualTo("graph: f must be a value that a Neo4j property can hold, got 'null'");
        assertThat(problem("\uD83D\uDE00 \uD83D"))
                .isEqualTo("graph: f must be Unicode text, got 'half a surrogate pair at 3'");
    }

    @Test
    void refusesADoubleAsKey() {
        assertThatThrownBy(() -> values.key("f", 1.0))
                .isInstanceOf(BadRecordException.class)
                .hasMessage("graph: f must be a text, whole number, boolean, date or time to be a key, got '1.0'");
    }

    private Object property(Object value) {
        return values.property("f", PropertyType.ANY, value);
    }

    private String problem(Object value) {
        try {
            return "accepted " + property(value);
        } catch (BadRecordException e) {
            return e.getMessage();
        }
    }
}
