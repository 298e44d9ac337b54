package io.caravan.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Times without a zone, and whose clocks they are from. */
class ZoneTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void aLocalTimeBecomesTheInstantOfTheZoneTypedOrAsText() {
        for (Object value :
                List.of(LocalDateTime.parse("2024-07-01T12:00"), "2024-07-01T12:00:00", "2024-07-01T12:00")) {
            assertThat(converted("timestamp", "Europe/Berlin", value)).isEqualTo(Instant.parse("2024-07-01T10:00:00Z"));
            assertThat(converted("timestamp", "UTC", value)).isEqualTo(Instant.parse("2024-07-01T12:00:00Z"));
            assertThat(converted("timestamp", "+05:30", value)).isEqualTo(Instant.parse("2024-07-01T06:30:00Z"));
        }
        assertThat(converted("timestamp(dd.MM.yyyy HH:mm)", "Europe/Berlin", "01.02.2024 12:00"))
                .isEqualTo(Instant.parse("2024-02-01T11:00:00Z"));
    }

    @Test
    void anOffsetInTheTextWinsAndWhatIsAnInstantStays() {
        assertThat(converted("timestamp", "Europe/Berlin", "2024-07-01T12:00:00+00:00"))
                .isEqualTo(Instant.parse("2024-07-01T12:00:00Z"));
        Instant instant = Instant.parse("2024-07-01T12:00:00.123Z");
        assertThat(converted("timestamp", "Europe/Berlin", instant)).isEqualTo(instant);
    }

    @Test
    void ofAnHourThatIsSkippedOrShownTwiceTheOffsetFromBeforeTheChangeCounts() {
        for (Object skipped : List.of("2024-03-31T02:30:00", LocalDateTime.parse("2024-03-31T02:30"))) {
            assertThat(converted("timestamp", "Europe/Berlin", skipped))
                    .isEqualTo(Instant.parse("2024-03-31T01:30:00Z"));
        }
        for (Object twice : List.of("2024-10-27T02:30:00", LocalDateTime.parse("2024-10-27T02:30"))) {
            assertThat(converted("timestamp", "Europe/Berlin", twice)).isEqualTo(Instant.parse("2024-10-27T00:30:00Z"));
        }
    }

    @Test
    void whatAClockShowsOfAnInstantLeadsBackToItButInTheHourThatComesTwice() {
        Random random = new Random(24);
        for (int i = 0; i < 2_000; i++) {
            Instant instant = Instant.ofEpochSecond(random.nextLong(0, 4_000_000_000L), random.nextInt(1_000_000_000));
            LocalDateTime shown = LocalDateTime.ofInstant(instant, BERLIN);
            List<ZoneOffset> offsets = BERLIN.getRules().getValidOffsets(shown);
            Instant wanted = shown.toInstant(offsets.get(0));
            assertThat(converted("timestamp", "Europe/Berlin", shown)).isEqualTo(wanted);
            if (offsets.size() == 1) assertThat(wanted).isEqualTo(instant);
        }
    }

    @Test
    void aZoneThatIsNoneIsRefused() {
        assertThatThrownBy(() -> new ConvertTypes("v=timestamp", "", "Berlin"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "convert-types-action: zone must be a time zone like Europe/Berlin, UTC or +02:00, got 'Berlin'");
    }

    private static Object converted(String type, String zone, Object value) {
        Record record = Record.read(
                "k", Fields.of("id", "v"), new Object[] {"1", value}, new Origin("o.csv", 2), new Hash(1, 2));
        return new ConvertTypes("v=" + type, "", zone)
                .apply(List.of(record), (r, reason) -> {
                    throw reason;
                })
                .get(0)
                .at(1);
    }
}
