package io.caravan.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.book.PartialDate.Precision;
import java.time.LocalDate;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartialDateTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2017                 | 2017",
                "2017-10              | 2017-10",
                "2017-10-10           | 2017-10-10",
                "2017/3/9             | 2017-03-09",
                "2017-10-00           | 2017-10",
                "2017-00-00           | 2017",
                "2017-10-10T08:00:00Z | 2017-10-10",
                "2017-10-10 08:00:00+02:00 | 2017-10-10",
                "October 2017         | 2017-10",
                "Oct. 2017            | 2017-10",
                "Sept 2017            | 2017-09",
                "OCTOBER, 2017        | 2017-10",
                "Oct 10, 2017         | 2017-10-10",
                "October 10 2017      | 2017-10-10",
                "10 October 2017      | 2017-10-10",
                "10th of October, 2017| 2017-10-10",
                "June 1st, 2004       | 2004-06-01",
                "2004 June 1          | 2004-06-01",
                "c2005                | 2005",
                "\u00a92005           | 2005",
                "cop. 2005            | 2005",
                "[1999?]              | 1999",
                "[c1999]              | 1999",
                "ca. 1850             | 1850",
                "1999.                | 1999",
                "10/11/2017           | 2017",
                "Feb 29, 2004         | 2004-02-29",
            })
    void readsADateAsCataloguesWriteIt(String text, String date) {
        assertThat(PartialDate.parse(text)).map(PartialDate::toString).contains(date);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "soon",
                "19--?",
                "0000",
                "9999",
                "2017-13",
                "2017-02-30",
                "Feb 29, 2005",
                "Maybe 2017",
                "Octopus 2017",
                "2017-2018",
                "20171010",
                "-2017",
                "٢٠١٧",
                "2017-00-10",
                "1 2 3 4",
                "\u0000"
            })
    void garbageIsNoDate(String text) {
        assertThat(PartialDate.parse(text)).isEmpty();
    }

    @Test
    void aDateIsItsFirstDayAndThePrecision() {
        PartialDate month = PartialDate.parse("October 2017").orElseThrow();
        assertThat(month).isEqualTo(new PartialDate(LocalDate.of(2017, 10, 31), Precision.MONTH));
        assertThat(month.firstDay()).isEqualTo(LocalDate.of(2017, 10, 1));
        assertThat(PartialDate.ofYear(2017).firstDay()).isEqualTo(LocalDate.of(2017, 1, 1));
    }

    @Test
    void datesAreInOrderOfTheirFirstDayTheCoarserFirst() {
        assertThat(Stream.of("2017-01-01", "2017", "2016-12", "2017-01")
                        .map(t -> PartialDate.parse(t).orElseThrow())
                        .sorted())
                .hasToString("[2016-12, 2017, 2017-01, 2017-01-01]");
    }

    @Property
    void whatADatePrintsIsReadAsThatDate(
            @ForAll @IntRange(min = 365_243, max = 766_644) int day, @ForAll Precision precision) {
        PartialDate date = new PartialDate(LocalDate.ofEpochDay(day - 719_528L), precision);
        assertThat(PartialDate.parse(date.toString())).contains(date);
    }

    @Property
    void arbitraryTextIsADateInRangeOrNone(@ForAll String text, @ForAll @IntRange(max = 99999) int number) {
        for (String t : new String[] {text, text + number, number + "-" + text, "May " + number + text}) {
            PartialDate.parse(t).ifPresent(d -> {
                assertThat(d.firstDay().getYear()).isBetween(1000, 2100);
                assertThat(PartialDate.parse(d.toString())).contains(d);
            });
        }
    }
}
