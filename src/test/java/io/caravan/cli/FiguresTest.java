package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FiguresTest {

    @Test
    void readAsPeopleReadThem() {
        assertThat(Figures.count(1_234_567)).isEqualTo("1,234,567");
        assertThat(Figures.duration(Duration.ofMillis(340))).isEqualTo("0.3 s");
        assertThat(Figures.duration(Duration.ofSeconds(125))).isEqualTo("2 min 5 s");
        assertThat(Figures.duration(Duration.ofMinutes(181))).isEqualTo("3 h 1 min");
        assertThat(Figures.rate(3_000, Duration.ofMillis(500))).isEqualTo("6,000");
        assertThat(Figures.rate(0, Duration.ZERO)).isEqualTo("0");
    }
}
