package io.caravan.observation;

import io.caravan.format.SheetRows;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.time.zone.ZoneOffsetTransition;
import java.util.Locale;

/**
 * How the cell of a date becomes the {@code obs_time} of an observation: ISO 8601 text with the offset of a zone.
 *
 * <ul>
 *   <li>in: dates and times of any kind; texts in {@code date_format}, a pattern of {@link DateTimeFormatter}, or ISO 8601 without one; in
 *       workbooks also numbers from 10,000 on (1927 or later: smaller ones are rather years), as the workbook counts days
 *   <li>a month or year is its first day
 *   <li>a time without offset is what the zone's clocks show; where they are changed, so that they show a time never or twice, it has the
 *       offset from before the change
 *   <li>a time with offset becomes the same instant in the zone's
 * </ul>
 */
final class TimeRule {

    private static final int LEAST_SERIAL = 10_000;
    private static final int LONGEST = 100;

    private final String pattern;
    private final String language;
    private final DateTimeFormatter formatter; // null for ISO 8601
    private final ZoneId zone;

    /** @param pattern empty for ISO 8601 */
    TimeRule(String pattern, Locale locale, ZoneId zone) {
        this.pattern = pattern;
        this.language = locale.toLanguageTag();
        this.formatter = pattern.isEmpty() ? null : formatter(pattern, locale);
        this.zone = zone;
    }

    static TimeRule of(SettingMap settings, SettingMap defaults, ZoneId zone) {
        String pattern = settings.text("date_format", defaults.text("date_format", ""));
        Locale locale = Locale.forLanguageTag(settings.text("locale", defaults.text("locale", "")));
        try {
            return new TimeRule(pattern, locale, zone);
        } catch (IllegalArgumentException e) {
            settings.must(false, "date_format", "be a pattern of java.time.format.DateTimeFormatter", pattern);
            return new TimeRule("", locale, zone);
        }
    }

    /** Whether cells are read in the same way by both. */
    boolean same(TimeRule other) {
        return pattern.equals(other.pattern) && language.equals(other.language) && zone.equals(other.zone);
    }

    String rule() {
        return pattern.isEmpty()
                ? "be a date, or text such as 2031-03-04 (see date_format)"
                : "be a date like " + pattern;
    }

    /**
     * The text; null when the cell holds no time.
     *
     * @param rows of the workbook that the cell is in; null when it is in none
     */
    String text(Object cell, SheetRows rows) {
        try {
            if (cell instanceof LocalDate date) return text(date.atStartOfDay());
            if (cell instanceof LocalDateTime time) return text(time);
            if (cell instanceof Instant instant) return text(instant.atOffset(ZoneOffset.UTC));
            if (cell instanceof String text) return parsed(text.strip());
            if (cell instanceof Long || cell instanceof BigDecimal) return number(cell.toString(), rows);
            return null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private String number(String digits, SheetRows rows) {
        if (formatter != null) {
            try {
                return parsed(digits);
            } catch (DateTimeException e) {
                // then it is a number of days, or nothing
            }
        }
        double days = Double.parseDouble(digits);
        return rows == null || days < LEAST_SERIAL ? null : text(rows.time(days));
    }

    private String parsed(String text) {
        if (text.length() > LONGEST) return null;
        if (formatter == null && text.length() == 10)
            return text(LocalDate.parse(text).atStartOfDay());
        TemporalAccessor time = formatter == null
                ? DateTimeFormatter.ISO_DATE_TIME.parseBest(withT(text), OffsetDateTime::from, LocalDateTime::from)
                : formatter.parseBest(
                        text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from, YearMonth::from, Year::from);
        if (time instanceof OffsetDateTime zoned) return text(zoned);
        if (time instanceof LocalDateTime local) return text(local);
        if (time instanceof LocalDate date) return text(date.atStartOfDay());
        if (time instanceof YearMonth month) return text(month.atDay(1).atStartOfDay());
        return text(Year.from(time).atDay(1).atStartOfDay());
    }

    private static String withT(String text) {
        return text.length() > 11 && text.charAt(10) == ' ' ? text.substring(0, 10) + 'T' + text.substring(11) : text;
    }

    private String text(OffsetDateTime time) {
        return text(
                time.atZoneSameInstant(zone).toLocalDateTime(), zone.getRules().getOffset(time.toInstant()));
    }

    private String text(LocalDateTime time) {
        ZoneOffsetTransition change = zone.getRules().getTransition(time);
        return text(time, change == null ? zone.getRules().getOffset(time) : change.getOffsetBefore());
    }

    /** A fraction has six digits; null when that is not enough, or the year has not four. */
    private static String text(LocalDateTime time, ZoneOffset offset) {
        if (time.getNano() % 1000 != 0 || time.getYear() < 1 || time.getYear() > 9999) return null;
        StringBuilder text = new StringBuilder(32);
        digits(text, time.getYear(), 1000);
        digits(text.append('-'), time.getMonthValue(), 10);
        digits(text.append('-'), time.getDayOfMonth(), 10);
        digits(text.append('T'), time.getHour(), 10);
        digits(text.append(':'), time.getMinute(), 10);
        digits(text.append(':'), time.getSecond(), 10);
        if (time.getNano() > 0) digits(text.append('.'), time.getNano() / 1000, 100_000);
        return text.append(offset.equals(ZoneOffset.UTC) ? "+00:00" : offset.getId())
                .toString();
    }

    private static void digits(StringBuilder text, int number, int first) {
        for (int unit = first; unit > 0; unit /= 10) text.append((char) ('0' + number / unit % 10));
    }

    /** Strict: no 30 February. So the year of an era, which is what y means, is read as the year. */
    private static DateTimeFormatter formatter(String pattern, Locale locale) {
        StringBuilder years = new StringBuilder(pattern);
        boolean literal = false;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\'') literal = !literal;
            else if (c == 'y' && !literal) years.setCharAt(i, 'u');
        }
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(years.toString())
                .toFormatter(locale)
                .withResolverStyle(ResolverStyle.STRICT);
    }
}
