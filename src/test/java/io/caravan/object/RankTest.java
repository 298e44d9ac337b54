package io.caravan.object;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which value is greater. */
class RankTest {

    @Test
    void numbersSortByTheirValueHoweverTheyAreWritten() {
        Random random = new Random(5);
        for (int i = 0; i < 50_000; i++) {
            BigDecimal a = number(random);
            BigDecimal b = random.nextInt(5) == 0 ? a.setScale(a.scale() + 2) : number(random);
            Object written = random.nextBoolean() ? a.toPlainString() : a;
            assertThat(Integer.signum(Rank.of(written).compareTo(Rank.of(b))))
                    .as("%s and %s", a, b)
                    .isEqualTo(a.compareTo(b));
        }
    }

    @Test
    void nothingIsLeastThenNumbersThenTimesThenTexts() {
        Object[] sorted = {
            null,
            Double.NEGATIVE_INFINITY,
            "-12",
            -1.5,
            -1L,
            "0",
            new BigDecimal("1E-9000"),
            9L,
            "10",
            new BigDecimal("1E9000"),
            Double.POSITIVE_INFINITY,
            LocalDate.parse("0900-01-01"),
            "2024-01-01",
            "2024-01-01 00:00:01",
            LocalDateTime.parse("2024-01-01T00:00:02"),
            "2024-01-01T01:00:03+01:00",
            Instant.parse("2024-01-01T00:00:03.5Z"),
            "2024-01-02",
            "B",
            "a",
            "b"
        };
        for (int i = 1; i < sorted.length; i++) {
            assertThat(Rank.of(sorted[i]).compareTo(Rank.of(sorted[i - 1])))
                    .as("%s after %s", sorted[i], sorted[i - 1])
                    .isPositive();
        }
        assertThat(Rank.of(" ")).isEqualTo(Rank.of(null));
    }

    private static BigDecimal number(Random random) {
        return new BigDecimal(new BigInteger(1 + random.nextInt(40), random), random.nextInt(30) - 10)
                .multiply(random.nextBoolean() ? BigDecimal.ONE : BigDecimal.ONE.negate());
    }
}
