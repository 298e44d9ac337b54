package io.caravan.cli;

import io.caravan.error.SettingChecks;
import io.caravan.run.Slices;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The days of a day, month or year, as people write it; {@code until} is the day after the last. */
record DayRange(LocalDate since, LocalDate until) {

    static final String RULE = "be a day, month or year such as 2020-01-15, 2020-01 or 2020";

    private static final String UNIT = "backfill";
    /** Ten years by day. */
    private static final int MOST = 3_700;

    private static final Pattern WRITTEN = Pattern.compile("(\\d{4})(?:-(\\d\\d))?(?:-(\\d\\d))?");

    /** Null for what is none. */
    static DayRange of(String text) {
        Matcher m = WRITTEN.matcher(text);
        if (!m.matches()) return null;
        try {
            LocalDate first = LocalDate.of(Integer.parseInt(m.group(1)), number(m.group(2)), number(m.group(3)));
            if (m.group(3) != null) return new DayRange(first, first.plusDays(1));
            return new DayRange(first, m.group(2) != null ? first.plusMonths(1) : first.plusYears(1));
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The days from the first of one to the last of the other, cut by day, month or year; all that is wrong is said at once. */
    static Slices cut(String since, String until, String by) {
        DayRange first = of(since);
        DayRange last = of(until);
        new SettingChecks(UNIT)
                .must(first != null, "--since", RULE, since)
                .must(last != null, "--until", RULE, until)
                .must(List.of("day", "month", "year").contains(by), "--by", "be day, month or year", by)
                .check();
        new SettingChecks(UNIT)
                .must(first.since().isBefore(last.until()), "--until", "not be before --since " + since, until)
                .check();
        Slices slices = Slices.of(first.since(), last.until(), Slices.By.valueOf(by.toUpperCase(Locale.ROOT)));
        new SettingChecks(UNIT)
                .must(
                        slices.sums().size() <= MOST,
                        "--by",
                        "make at most " + MOST + " slices, it makes "
                                + slices.sums().size(),
                        by)
                .check();
        return slices;
    }

    private static int number(String digits) {
        return digits == null ? 1 : Integer.parseInt(digits);
    }
}
