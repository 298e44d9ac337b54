package io.caravan.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.source.IncompleteSourceException;
import io.caravan.source.SourceObject;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the name of an agency's file says, the older forms included. */
class NameFieldsTest {

    private static final Instant CHANGED = Instant.parse("2031-02-03T04:05:06Z");

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            agency/xx/files/staff/2031-02-03/4/data.csv,    xx, staff,     2031-02-03, 04
            agency/xx/files/staff/2031-02-03/23/data.csv.gz, xx, staff,    2031-02-03, 23
            agency/xx/files/staff/2031-02-03/00,            xx, staff,     2031-02-03, 00
            from_client/xx/a/b/staff.csv,                   xx, staff.csv, 2031-02-03, 04
            from-client/xx/staff.csv,                       xx, staff.csv, 2031-02-03, 04
            uploads/xx/a/staff.csv,                         xx, staff.csv, 2031-02-03, 04
            staff.csv,                                      -,  staff.csv, 2031-02-03, 04
            """)
    void aNameSaysAgencyFileDateAndHour(String name, String agency, String file, String date, String hour) {
        assertThat(AgencyNames.of(object(name)))
                .containsEntry("agency", agency)
                .containsEntry("file_name", file)
                .containsEntry("run_date", date)
                .containsEntry("run_hour", hour)
                .hasSize(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "agency/xx/files/staff/2031-02-30/04/data.csv",
                "agency/xx/files/staff/2031-02-03/24/data.csv",
                "agency/xx/files/staff/31-02-03/04/data.csv",
                "agency/xx/files/staff/2031-02-03/04/other.csv",
                "agency/xx/staff/2031-02-03/04/data.csv",
                "10//downloads/staff.csv",
                "from_client/staff.csv",
                "other/xx/staff.csv"
            })
    void anyOtherNameIsRefused(String name) {
        assertThatThrownBy(() -> AgencyNames.of(object(name)))
                .isInstanceOf(IncompleteSourceException.class)
                .hasMessageContaining("as layout is agency");
    }

    @Test
    void aWrongHourIsNamed() {
        assertThatThrownBy(() -> AgencyNames.of(object("agency/xx/files/staff/2031-02-03/24/data.csv")))
                .hasMessage(
                        "agency/xx/files/staff/2031-02-03/24/data.csv: the name must have an hour 00 to 23 there, as layout"
                                + " is agency, got '24'");
    }

    private static SourceObject object(String name) {
        return new SourceObject(name, "etag", 1, CHANGED);
    }
}
