package io.caravan.object;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A day as names say it: {@code 2024-05-01}, {@code 20240501}, {@code 2024-05}, {@code 2024}, or year, month and day by themselves. */
final class DayText {

    private static final Pattern DAY = Pattern.compile("(\\d{4})(?:-?(\\d\\d)(?:-?(\\d\\d))?)?");

    private DayText() {}

    /** Of a month or year the first one; empty for what is no day. */
    static Optional<LocalDate> of(List<String> parts) {
        String text = parts.stream()
                .map(part -> part.length() == 1 ? "0" + part : part)
                .collect(Collectors.joining("-"));
        Matcher day = DAY.matcher(text);
        if (!day.matches()) return Optional.empty();
        try {
            return Optional.of(LocalDate.of(number(day.group(1)), number(day.group(2)), number(day.group(3))));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static int number(String digits) {
        return digits == null ? 1 : Integer.parseInt(digits);
    }
}
