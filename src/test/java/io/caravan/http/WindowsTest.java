package io.caravan.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.SettingChecks;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How an API is asked for some days, and on which day what it answers lies. */
class WindowsTest {

    @ParameterizedTest
    @CsvSource({
        "time, 2024-02-29T00:00:00Z, 2024-02-29T23:59:59.9Z",
        "time, 2024-02-29T00:00:00Z, 2024-03-01T01:00:00+02:00",
        "date, 2024-02-29, 2024-02-29",
        "date, 2024-02-29, 2024-02-29T23:00:00",
        "seconds, 1709164800, 1709251199.5",
        "millis, 1709164800000, 1709251199999"
    })
    void aDayIsAskedForAndFoundAsTheFormatSays(String format, String asked, String value) {
        Windows windows = windows("until", "since", format);
        assertThat(windows.text(LocalDate.parse("2024-02-29"))).isEqualTo(asked);
        assertThat(day(windows, value)).hasValue(LocalDate.parse("2024-02-29"));
        boolean counts = format.equals("seconds") || format.equals("millis");
        if (counts) assertThat(day(windows, new BigDecimal(value))).hasValue(LocalDate.parse("2024-02-29"));
    }

    @Test
    void whatSaysNoDayLiesOnNone() {
        for (Object value : new Object[] {null, "", "soon", 1709164800L, "2024-02", true})
            assertThat(day(windows("until", "since", "time"), value)).isEmpty();
        assertThat(day(windows("until", "since", "millis"), new BigDecimal("1e40")))
                .isEmpty();
    }

    @Test
    void settingsAreCheckedTogether() {
        assertThatThrownBy(() -> windows("until", "", "days"))
                .hasMessageContaining("sinceParameter must be set when untilParameter is")
                .hasMessageContaining("windowFormat must be one of time, date, seconds, millis, got 'days'");
        assertThatThrownBy(() -> windows("at", "at", "time")).hasMessageContaining("untilParameter must be another");
    }

    private static Windows windows(String until, String since, String format) {
        SettingChecks settings = new SettingChecks("api");
        Windows windows = Windows.of(settings, until, since, format);
        settings.check();
        return windows;
    }

    private static Optional<LocalDate> day(Windows windows, Object value) {
        Record record = Record.read("k", Fields.of("at"), new Object[] {value}, new Origin("x", 1));
        return new Since(new SettingChecks("api"), "since", "at", 0, Clock.systemUTC()).day(record, windows);
    }
}
