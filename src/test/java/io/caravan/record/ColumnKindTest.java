package io.caravan.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnKindTest {

    @ParameterizedTest
    @CsvSource(quoteCharacter = '"', textBlock = """
            7, integer
            -7, integer
            0, integer
            -0, integer
            " 7 ", integer
            007, text
            -, text
            7., text
            .7, text
            7.5, decimal
            -0.50, decimal
            1e3, text
            1234567890123456789012, decimal
            999999999999999999, integer
            9999999999999999999, decimal
            true, boolean
            FALSE, boolean
            yes, text
            2031-02-03, date
            2031-13-03, text
            2031-02-03T04:05, timestamp
            2031-02-03 04:05:06.789Z, timestamp
            2031-02-03T04:05:06+02:00, timestamp
            2031-02-03T4, text
            2031-2-3, text
            12:30, text
            nan, text
            "", nothing
            "  ", nothing
            """)
    void aTextIsWhatItSays(String text, String kind) {
        assertThat(ColumnKind.of(text)).isEqualTo(ColumnKind.named(kind));
        assertThat(ColumnKind.of(text).holds(text)).isTrue();
    }

    @Test
    void aValueIsOfItsOwnKind() {
        assertThat(List.of(
                        ColumnKind.of(7L),
                        ColumnKind.of(new BigDecimal("7")),
                        ColumnKind.of(7.0),
                        ColumnKind.of(true),
                        ColumnKind.of(LocalDate.EPOCH),
                        ColumnKind.of(Instant.EPOCH),
                        ColumnKind.of(LocalDateTime.MIN),
                        ColumnKind.of(new byte[1]),
                        ColumnKind.of(new float[1]),
                        ColumnKind.of(List.of()),
                        ColumnKind.of(Map.of())))
                .extracting(ColumnKind::word)
                .containsExactly(
                        "integer",
                        "decimal",
                        "decimal",
                        "boolean",
                        "date",
                        "timestamp",
                        "timestamp",
                        "bytes",
                        "list",
                        "list",
                        "map");
        assertThat(ColumnKind.of(null)).isEqualTo(ColumnKind.NOTHING);
    }

    /** Whatever comes in whatever order, the kind at the end is the same, and holds all of it. */
    @Test
    void theKindOfManyIsTheNarrowestThatHoldsAllInAnyOrder() {
        List<Object> values =
                List.of("7", 7L, "7.5", "true", "2031-02-03", Instant.EPOCH, "x", List.of(1L), Map.of(), "");
        for (Object a : values) {
            for (Object b : values) {
                ColumnKind both = ColumnKind.of(a).with(ColumnKind.of(b));
                assertThat(ColumnKind.of(b).with(ColumnKind.of(a))).isEqualTo(both);
                assertThat(both.holds(a) && both.holds(b)).as("%s %s", a, b).isTrue();
                for (Object c : values) {
                    assertThat(both.with(ColumnKind.of(c)))
                            .isEqualTo(ColumnKind.of(a).with(ColumnKind.of(b).with(ColumnKind.of(c))));
                }
            }
        }
        assertThat(ColumnKind.INTEGER.with(ColumnKind.DECIMAL)).isEqualTo(ColumnKind.DECIMAL);
        assertThat(ColumnKind.DECIMAL.holds(7L)).isTrue();
        assertThat(ColumnKind.INTEGER.holds("7.5")).isFalse();
        assertThat(ColumnKind.TEXT.holds(List.of())).isFalse();
        assertThat(ColumnKind.DATE.with(ColumnKind.TIMESTAMP)).isEqualTo(ColumnKind.TEXT);
    }
}
