package io.caravan.observation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeRuleTest {

    private static final ZoneId BUENOS_AIRES = ZoneId.of("America/Argentina/Buenos_Aires");
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    @Test
    void aTimeWithoutOffsetIsWhatTheClocksShowAndOneWithOffsetIsTheSameInstant() {
        TimeRule rule = new TimeRule("", Locale.ROOT, BUENOS_AIRES);
        assertThat(rule.text(LocalDate.of(2031, 3, 4), null)).isEqualTo("2031-03-04T00:00:00-03:00");
        assertThat(rule.text("2031-03-04", null)).isEqualTo("2031-03-04T00:00:00-03:00");
        assertThat(rule.text("2031-03-04T12:00:00.000123Z", null)).isEqualTo("2031-03-04T09:00:00.000123-03:00");
        assertThat(rule.text("2031-03-04 23:59:59.5", null)).isEqualTo("2031-03-04T23:59:59.500000-03:00");
        assertThat(rule.text(Instant.parse("2031-03-04T00:00:00Z"), null)).isEqualTo("2031-03-03T21:00:00-03:00");
        assertThat(new TimeRule("", Locale.ROOT, ZoneOffset.UTC).text("2031-03-04", null))
                .isEqualTo("2031-03-04T00:00:00+00:00");
    }

    /** Argentina's clocks went from midnight to one o'clock on 30 December 2007 and back on 16 March 2008. */
    @Test
    void whereClocksAreChangedTheOffsetFromBeforeCounts() {
        TimeRule argentina = new TimeRule("", Locale.ROOT, BUENOS_AIRES);
        assertThat(argentina.text("2007-12-30", null)).isEqualTo("2007-12-30T00:00:00-03:00");
        assertThat(argentina.text("2007-12-31", null)).isEqualTo("2007-12-31T00:00:00-02:00");
        assertThat(argentina.text("2008-03-15T23:30:00", null)).isEqualTo("2008-03-15T23:30:00-02:00");
        TimeRule newYork = new TimeRule("", Locale.ROOT, NEW_YORK);
        assertThat(newYork.text("2024-03-10T02:30:00", null)).isEqualTo("2024-03-10T02:30:00-05:00");
        assertThat(newYork.text("2024-11-03T01:30:00", null)).isEqualTo("2024-11-03T01:30:00-04:00");
        assertThat(newYork.text("2024-11-03T06:30:00Z", null)).isEqualTo("2024-11-03T01:30:00-05:00");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "d/M/yyyy|4/3/2031|2031-03-04",
                "dd/MM/yyyy|30/02/2031|none",
                "dd/MM/yyyy|4/3/2031|none",
                "yyyy-MM|2031-03|2031-03-01",
                "yyyy|2031|2031-01-01",
                "MMM yyyy|mar 2031|2031-03-01",
                "dd/MM/yy|04/03/31|2031-03-04",
                "''|04/03/2031|none",
                "''|20310304|none",
                "yyyyMMdd|20310304|2031-03-04"
            })
    void aPatternSaysWhatATextIsAndNothingElseIsTaken(String pattern, String text, String day) {
        TimeRule rule = new TimeRule(pattern, Locale.ENGLISH, ZoneOffset.UTC);
        assertThat(rule.text(text, null)).isEqualTo(day == null ? null : day + "T00:00:00+00:00");
        if (text.matches("[0-9]+"))
            assertThat(rule.text(Long.valueOf(text), null)).isEqualTo(rule.text(text, null));
    }

    @Test
    void whatTheTextCannotHoldIsRefused() {
        TimeRule rule = new TimeRule("", Locale.ROOT, ZoneOffset.UTC);
        assertThat(rule.text("2031-03-04T00:00:00.0000001Z", null)).isNull();
        assertThat(rule.text(LocalDate.of(10000, 1, 1), null)).isNull();
        assertThat(rule.text(LocalDate.of(0, 1, 1), null)).isNull();
        assertThat(rule.text(45000L, null)).isNull(); // no workbook that says from when days are counted
        assertThat(rule.text("2".repeat(5000), null)).isNull();
    }

    @Property
    void anInstantStaysTheSameInEveryZone(
            @ForAll @LongRange(min = -62_000_000_000L, max = 250_000_000_000L) long second,
            @ForAll("zones") ZoneId zone) {
        String text = new TimeRule("", Locale.ROOT, zone).text(Instant.ofEpochSecond(second), null);
        assertThat(OffsetDateTime.parse(text).toInstant()).isEqualTo(Instant.ofEpochSecond(second));
        assertThat(new TimeRule("", Locale.ROOT, zone).text(text, null)).isEqualTo(text);
    }

    @Property
    void aLocalTimeKeepsItsClock(
            @ForAll @LongRange(min = -2_000_000_000L, max = 4_000_000_000L) long second, @ForAll("zones") ZoneId zone) {
        LocalDateTime clock = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
        String text = new TimeRule("", Locale.ROOT, zone).text(clock, null);
        assertThat(OffsetDateTime.parse(text).toLocalDateTime()).isEqualTo(clock);
        assertThat(OffsetDateTime.parse(text).toInstant())
                .isEqualTo(clock.atZone(zone).withEarlierOffsetAtOverlap().toInstant());
    }

    @Provide
    Arbitrary<ZoneId> zones() {
        return Arbitraries.of(ZoneId.getAvailableZoneIds().stream().sorted().toList())
                .map(ZoneId::of);
    }
}
