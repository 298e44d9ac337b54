package io.caravan.source;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Some days of a source: those of a range, or all but those of some. What lies on no day is in no range. */
public final class Days {

    /** From a day on, until the day before another. */
    public record Range(LocalDate since, LocalDate until) {

        private boolean has(LocalDate day) {
            return !day.isBefore(since) && day.isBefore(until);
        }

        /** With its last day, as people say it. */
        @Override
        public String toString() {
            return since + " to " + until.minusDays(1);
        }
    }

    private final List<Range> ranges;
    private final boolean within;

    private Days(List<Range> ranges, boolean within) {
        this.ranges = List.copyOf(ranges);
        this.within = within;
    }

    public static Days of(Range range) {
        return in(List.of(range));
    }

    public static Days in(List<Range> ranges) {
        return new Days(ranges, true);
    }

    public static Days allBut(List<Range> ranges) {
        return new Days(ranges, false);
    }

    /** Whether they are those of the ranges, and not all others. */
    public boolean within() {
        return within;
    }

    /** In order, those that follow one another made one. */
    public List<Range> ranges() {
        List<Range> merged = new ArrayList<>();
        for (Range range :
                ranges.stream().sorted(Comparator.comparing(Range::since)).toList()) {
            Range last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last == null || range.since().isAfter(last.until())) merged.add(range);
            else if (range.until().isAfter(last.until()))
                merged.set(merged.size() - 1, new Range(last.since(), range.until()));
        }
        return merged;
    }

    public boolean have(Optional<LocalDate> day) {
        return within
                == day.filter(d -> ranges.stream().anyMatch(range -> range.has(d)))
                        .isPresent();
    }
}
