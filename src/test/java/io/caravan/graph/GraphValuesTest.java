package io.caravan.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.BadRecordException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphValuesTest {

    private final GraphValues values = new GraphValues("graph");

    @Test
    void keepsAnInstantToTheNanosecondInUtc() {
        assertThat(values.property("f", Instant.parse("2025-11-03T22:34:41.495680001Z")))
                .isEqualTo(ZonedDateTime.of(2025, 11, 3, 22, 34, 41, 495680001, ZoneOffset.UTC));
    }

    @Test
    void keepsADecimalAsText() {
        assertThat(values.property("f", new BigDecimal("0.10000000000000000555")))
                .isEqualTo("0.10000000000000000555");
        assertThat(values.property("f", new BigDecimal("1E+1000000000"))).isEqualTo("1E+1000000000");
    }

    @Test
    void keepsAVectorAsDoubles() {
        assertThat(values.property("f", new float[] {0.5f, 0.1f})).isEqualTo(List.of(0.5, (double) 0.1f));
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

    private String problem(Object value) {
        try {
            return "accepted " + values.property("f", value);
        } catch (BadRecordException e) {
            return e.getMessage();
        }
    }
}
