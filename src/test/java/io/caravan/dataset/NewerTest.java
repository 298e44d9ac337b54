package io.caravan.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.observation.Observations;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NewerTest {

    private static final Map<String, LocalDateTime> LAST = Map.of("A", LocalDateTime.parse("2031-03-05T10:00"));

    @Test
    void alsoLaterOnTheSameDayIsNewer() {
        Newer newer = new Newer(LAST, 0, Optional.empty());
        assertThat(newer.has(at("A", "2031-03-05T11:00:00-03:00"))).isTrue();
        assertThat(newer.has(at("A", "2031-03-05T10:00:00-03:00"))).isFalse();
        assertThat(newer.has(at("B", "1999-01-01T00:00:00-03:00"))).isTrue();
    }

    @Test
    void lookbackLooksAtSoManyDaysAgain() {
        Newer newer = new Newer(LAST, 2, Optional.empty());
        assertThat(newer.has(at("A", "2031-03-03T11:00:00-03:00"))).isTrue();
        assertThat(newer.has(at("A", "2031-03-03T10:00:00-03:00"))).isFalse();
    }

    @Test
    void nothingBeforeTheWindowIsLookedAt() {
        Newer newer = new Newer(Map.of(), 0, Optional.of(Instant.parse("2031-03-05T13:00:00Z")));
        assertThat(newer.has(at("A", "2031-03-05T10:00:00-03:00"))).isTrue();
        assertThat(newer.has(at("A", "2031-03-05T09:59:59-03:00"))).isFalse();
    }

    private static Record at(String series, String time) {
        Fields fields = Fields.of(Observations.TIME, Observations.SERIES);
        return Record.read(series + time, fields, new Object[] {time, series}, new Origin("o", 1));
    }
}
