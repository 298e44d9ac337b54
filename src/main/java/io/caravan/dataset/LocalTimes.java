package io.caravan.dataset;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times without zone, as the reference system's state has them. */
final class LocalTimes {

    private static final Pattern PARTS =
            Pattern.compile("(\\d{4}-\\d{2}-\\d{2})(?:[T ](\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,9})?)?))?"
                    + "(?: ?(?:Z|[+-]\\d{2}:?\\d{2}(?::?\\d{2}(?:\\.\\d{1,6})?)?))?");
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");
    private static final DateTimeFormatter MICROSECONDS = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS");

    private LocalTimes() {}

    /** What a clock showed there: an offset is dropped, a date is its midnight. Throws {@link java.time.DateTimeException}. */
    static LocalDateTime parse(String text) {
        Matcher parts = PARTS.matcher(text.strip());
        if (!parts.matches()) return LocalDateTime.parse(text); // says why not
        LocalDate date = LocalDate.parse(parts.group(1));
        return parts.group(2) == null ? date.atStartOfDay() : LocalDateTime.parse(date + "T" + parts.group(2));
    }

    /** The fraction is absent when it is zero, and has six digits otherwise. */
    static String text(LocalDateTime time) {
        return (time.getNano() < 1000 ? SECONDS : MICROSECONDS).format(time);
    }
}
