package io.caravan.book;

import io.caravan.book.PartialDate.Precision;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.Month;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ways catalogues write a date, in the years 1000 to 2100. A day that does not exist is no date; {@code 00} for month or
 * day is unknown; of {@code 10/11/2017} only the year is certain.
 */
final class DateText {

    static final int FIRST_YEAR = 1000;
    static final int LAST_YEAR = 2100;

    private static final int LONGEST = 64;
    private static final String Y = "(?<y>[0-9]{4})";
    private static final String M = "(?<name>[a-z]{3,9})\\.?";
    private static final String D = "(?<d>[0-9]{1,2})(?:st|nd|rd|th)?";
    private static final List<Pattern> FORMS = List.of(
            // 2017, 2017-10, 2017-10-10, 2017-10-10T00:00:00Z
            Pattern.compile(Y + "(?:[-/.](?<m>[0-9]{1,2})(?:[-/.](?<d>[0-9]{1,2})(?:[t ][0-9]{1,2}:.*)?)?)?"),
            // October 10, 2017; October 2017
            Pattern.compile(M + "(?: " + D + ")?,? " + Y),
            // 10 October 2017
            Pattern.compile(D + "(?: of)? " + M + ",? " + Y),
            // 2017 October 10; 2017, Oct
            Pattern.compile(Y + ",? " + M + "(?: " + D + ")?"),
            // c2005, ©2005, [1999?], ca. 1850, 1999.
            Pattern.compile("\\[?(?:c|p|\u00a9|ca|circa|cop)?\\.? ?" + Y + "\\??\\]?\\.?"),
            Pattern.compile("[0-9]{1,2}/[0-9]{1,2}/" + Y));

    private DateText() {}

    static Optional<PartialDate> parse(String text) {
        if (text.length() > LONGEST) return Optional.empty();
        String line = CleanText.line(text, LONGEST).toLowerCase(Locale.ROOT);
        for (Pattern form : FORMS) {
            Matcher found = form.matcher(line);
            Optional<PartialDate> date = found.matches() ? date(form, found) : Optional.empty();
            if (date.isPresent()) return date;
        }
        return Optional.empty();
    }

    private static Optional<PartialDate> date(Pattern form, Matcher found) {
        int year = Integer.parseInt(found.group("y"));
        int month = group(form, found, "name").map(DateText::month).orElseGet(() -> number(form, found, "m"));
        int day = number(form, found, "d");
        if (year < FIRST_YEAR || year > LAST_YEAR || month < 0) return Optional.empty();
        if (month == 0) return day == 0 ? Optional.of(PartialDate.ofYear(year)) : Optional.empty();
        try {
            LocalDate first = LocalDate.of(year, month, Math.max(day, 1));
            return Optional.of(new PartialDate(first, day == 0 ? Precision.MONTH : Precision.DAY));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** 1 to 12, of a name or at least three letters of it; -1 when there is no such month. */
    private static int month(String name) {
        for (Month month : Month.values()) {
            if (month.name().toLowerCase(Locale.ROOT).startsWith(name)) return month.getValue();
        }
        return -1;
    }

    private static int number(Pattern form, Matcher found, String group) {
        return group(form, found, group).map(Integer::parseInt).orElse(0);
    }

    private static Optional<String> group(Pattern form, Matcher found, String group) {
        return form.pattern().contains("(?<" + group + ">")
                ? Optional.ofNullable(found.group(group))
                : Optional.empty();
    }
}
