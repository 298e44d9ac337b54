package io.caravan.book;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.Optional;

/**
 * A date of which only the year, the year and month, or all is known; in order of its first day, the coarser first.
 *
 * @param firstDay the first day it may mean
 */
public record PartialDate(LocalDate firstDay, Precision precision) implements Comparable<PartialDate> {

    /** How much is known; a later one is more. */
    public enum Precision {
        YEAR,
        MONTH,
        DAY
    }

    private static final Comparator<PartialDate> ORDER =
            Comparator.comparing(PartialDate::firstDay).thenComparing(PartialDate::precision);

    public PartialDate {
        if (precision != Precision.DAY) firstDay = firstDay.withDayOfMonth(1);
        if (precision == Precision.YEAR) firstDay = firstDay.withMonth(1);
    }

    public static PartialDate ofYear(int year) {
        return new PartialDate(LocalDate.of(year, 1, 1), Precision.YEAR);
    }

    /** Reads a date as catalogues write it, see {@link DateText}; empty when it is none. Never throws. */
    public static Optional<PartialDate> parse(String text) {
        return DateText.parse(text);
    }

    @Override
    public int compareTo(PartialDate other) {
        return ORDER.compare(this, other);
    }

    /** {@code 2017}, {@code 2017-10} or {@code 2017-10-10}: what {@link #parse} reads. */
    @Override
    public String toString() {
        String day = firstDay.toString();
        return switch (precision) {
            case YEAR -> day.substring(0, 4);
            case MONTH -> day.substring(0, 7);
            case DAY -> day;
        };
    }
}
