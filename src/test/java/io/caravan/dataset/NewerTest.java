package io.caravan.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.observation.Observations;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class NewerTest {

    private static final ZoneId ZONE = ZoneId.of("America/Argentina/Buenos_Aires");
    private static final Instant NOW = Instant.parse("2031-04-01T00:00:00Z");
    private static final Map<String, LocalDateTime> LAST = Map.of("A", LocalDateTime.parse("2031-03-05T10:00"));

    @Test
    void alsoLaterOnTheSameDayIsNewer() {
        Newer newer = new Newer(LAST, 0, Optional.empty(), ZONE, NOW);
        assertThat(newer.has(at("A", "2031-03-05T11:00:00-03:00"))).isTrue();
        assertThat(newer.has(at("A", "2031-03-05T10:00:00-03:00"))).isFalse();
        assertThat(newer.has(at("B", "1999-01-01T00:00:00-03:00"))).isTrue();
    }

    @Test
    void lookbackLooksAtSoManyDaysAgain() {
        Newer newer = new Newer(LAST, 2, Optional.empty(), ZONE, NOW);
        assertThat(newer.has(at("A", "2031-03-03T11:00:00-03:00"))).isTrue();
        assertThat(newer.has(at("A", "2031-03-03T10:00:00-03:00"))).isFalse();
    }

    @Test
    void nothingBeforeTheWindowIsLookedAt() {
        Newer newer = new Newer(Map.of(), 0, Optional.of(Instant.parse("2031-03-05T13:00:00Z")), ZONE, NOW);
        assertThat(newer.has(at("A", "2031-03-05T10:00:00-03:00"))).isTrue();
        assertThat(newer.has(at("A", "2031-03-05T09:59:59-03:00"))).isFalse();
    }

    @Test
    void theHourThatClocksShowTwiceIsNotTakenForSeen() {
        ZoneId newYork = ZoneId.of("America/New_York"); // 2031-11-02: 02:00 is 01:00 again
        Map<String, LocalDateTime> last = Map.of("A", LocalDateTime.parse("2031-11-02T01:30"));
        Newer newer = new Newer(last, 0, Optional.empty(), newYork, Instant.parse("2031-12-01T00:00:00Z"));
        assertThat(newer.has(at("A", "2031-11-02T01:00:00-05:00"))).isTrue();
        assertThat(newer.has(at("A", "2031-11-02T01:30:00-04:00"))).isFalse();
        assertThat(newer.has(at("A", "2031-11-02T01:00:00-04:00"))).isFalse();
    }

    /** Whatever hour a run ends at: the next one sees what is left, in every zone. */
    @Property(tries = 500)
    void noHourIsSkippedWhereverARunEnds(@ForAll long seed) {
        Random random = new Random(seed);
        List<String> zones = List.of("America/New_York", "Europe/Madrid", "Australia/Lord_Howe", "UTC", "Asia/Gaza");
        ZoneId zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
        Instant began = Instant.parse("2019-01-01T00:00:00Z").plus(Duration.ofHours(random.nextInt(5 * 8766)));
        ZoneOffsetTransition next = zone.getRules().nextTransition(began);
        Instant around = next == null ? began : next.getInstant().minus(Duration.ofHours(4));
        int published = 1 + random.nextInt(8);
        LocalDateTime greatest = LocalDateTime.MIN;
        for (int hour = 0; hour < published; hour++) {
            LocalDateTime shown = LocalDateTime.ofInstant(around.plus(Duration.ofHours(hour)), zone);
            if (shown.isAfter(greatest)) greatest = shown;
        }
        Newer newer = new Newer(Map.of("A", greatest), 0, Optional.empty(), zone, NOW);
        for (int hour = published; hour < 12; hour++) {
            String time = around.plus(Duration.ofHours(hour))
                    .atZone(zone)
                    .toOffsetDateTime()
                    .toString();
            assertThat(newer.has(at("A", time))).as("%s %s", greatest, time).isTrue();
        }
    }

    @Test
    void aLastTimeThatIsStillToComeHidesNothingThatIsNot() {
        Map<String, LocalDateTime> last = Map.of("A", LocalDateTime.parse("2099-01-01T00:00"));
        Newer newer = new Newer(last, 0, Optional.empty(), ZONE, NOW);
        assertThat(newer.has(at("A", "2031-03-05T10:00:00-03:00"))).isTrue();
        assertThat(newer.has(at("A", "2098-01-01T00:00:00-03:00"))).isFalse();
        assertThat(newer.has(at("A", "2099-01-02T00:00:00-03:00"))).isTrue();
        assertThat(newer.isAhead(at("A", "2099-01-01T00:00:00-03:00"))).isTrue();
        assertThat(newer.isAhead(at("A", "2031-03-31T20:59:59-03:00"))).isFalse();
    }

    private static Record at(String series, String time) {
        Fields fields = Fields.of(Observations.TIME, Observations.SERIES);
        return Record.read(series + time, fields, new Object[] {time, series}, new Origin("o", 1));
    }
}
