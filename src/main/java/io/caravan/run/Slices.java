package io.caravan.run;

import io.caravan.source.Days;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A range of days cut into slices, and how many objects lie in each. */
public final class Slices {

    /** How long one is. */
    public enum By {
        DAY,
        MONTH,
        YEAR;

        private LocalDate after(LocalDate day) {
            return switch (this) {
                case DAY -> day.plusDays(1);
                case MONTH -> day.withDayOfMonth(1).plusMonths(1);
                case YEAR -> day.withDayOfYear(1).plusYears(1);
            };
        }
    }

    /** Of one slice; {@code bytes} as far as the store says them. */
    public record Sum(long objects, long bytes) {}

    private final Map<Days.Range, Sum> sums = new LinkedHashMap<>();
    private Optional<String> cursor = Optional.empty();
    private long without;
    private long outside;

    private Slices(List<Days.Range> ranges) {
        ranges.forEach(range -> sums.put(range, new Sum(0, 0)));
    }

    /** In order; the first and the last end with the range, {@code until} being the day after it. */
    public static Slices of(LocalDate since, LocalDate until, By by) {
        List<Days.Range> ranges = new ArrayList<>();
        for (LocalDate day = since; day.isBefore(until); ) {
            LocalDate after = by.after(day);
            LocalDate end = after.isBefore(until) ? after : until;
            ranges.add(new Days.Range(day, end));
            day = end;
        }
        return new Slices(ranges);
    }

    synchronized void count(Optional<LocalDate> day, long bytes) {
        if (day.isEmpty()) {
            without++;
            return;
        }
        for (Map.Entry<Days.Range, Sum> slice : sums.entrySet()) {
            if (!Days.of(slice.getKey()).have(day)) continue;
            Sum sum = slice.getValue();
            slice.setValue(new Sum(sum.objects() + 1, sum.bytes() + Math.max(0, bytes)));
            return;
        }
        outside++;
    }

    synchronized void cutBy(Optional<String> field) {
        cursor = field;
    }

    /** The field of records that says on which day each lies; empty where objects do, and are counted. */
    public synchronized Optional<String> cursor() {
        return cursor;
    }

    /** In order of their days. */
    public synchronized Map<Days.Range, Sum> sums() {
        return new LinkedHashMap<>(sums);
    }

    /** How many objects lie on no day. */
    public synchronized long without() {
        return without;
    }

    /** How many lie on other days. */
    public synchronized long outside() {
        return outside;
    }
}
