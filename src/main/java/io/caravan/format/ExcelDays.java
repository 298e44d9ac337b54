package io.caravan.format;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;

/** Days as Excel counts them, from 1900, with a 29 February which that year did not have, or from 1904. */
final class ExcelDays {

    static final long MILLIS = 86_400_000;

    private static final LocalDate DAY_0 = LocalDate.of(1899, 12, 30);
    private static final LocalDate DAY_0_OF_1904 = LocalDate.of(1904, 1, 1);
    private static final int FALSE_LEAP_DAY = 60; // 1900-02-29, which Excel believes in
    private static final double LAST_DAY = 2_958_466; // 10000-01-01

    private ExcelDays() {}

    /** To the millisecond; throws {@link DateTimeException} when there is no such time. */
    static LocalDateTime time(double number, boolean since1904) {
        boolean leap = !since1904 && (int) number == FALSE_LEAP_DAY;
        if (!(number >= 0 && number < LAST_DAY) || leap) throw new DateTimeException("no day " + number);
        LocalDate day0 = since1904 ? DAY_0_OF_1904 : number < FALSE_LEAP_DAY ? DAY_0.plusDays(1) : DAY_0;
        return day0.atStartOfDay().plus(Math.round(number * MILLIS), ChronoUnit.MILLIS);
    }

    /** A day where the form shows one and the time is midnight, as the number would be. */
    static Object shown(LocalDateTime time, CellForm form) {
        boolean day = form.shown() == CellForm.Shown.DATE && time.toLocalTime().toNanoOfDay() == 0;
        return day ? time.toLocalDate() : time;
    }
}
