package io.caravan.format;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.Doubles;
import io.caravan.record.Origin;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;

/** What the text of a cell says, given its type and form. */
final class XlsxCells {

    private final boolean since1904;

    XlsxCells(boolean since1904) {
        this.since1904 = since1904;
    }

    /**
     * The number, or the time it stands for. Excel keeps doubles and writes 17 digits of them, of which the last ones say nothing; whole
     * numbers that other programs wrote keep all digits. Throws {@link BadRecordException} when it is none.
     */
    Object number(String text, CellForm form, Origin origin, String field) {
        return switch (form.shown()) {
            case NUMBER -> number(text, origin, field);
            case ZERO_FILLED -> ShownCells.zeroFilled(number(text, origin, field), form);
            case ELAPSED -> ShownCells.elapsed(days(text, "an elapsed time", origin, field), form, origin, field);
            case DATE, DATE_TIME -> time(text, form, origin, field);
        };
    }

    private static Object number(String text, Origin origin, String field) {
        int length = text.length();
        if (length > JsonValues.MOST_DIGITS) {
            throw bad(origin, field, "have at most " + JsonValues.MOST_DIGITS + " digits", length);
        }
        try {
            if (length < 19 && digits(text)) return Long.valueOf(text);
            BigDecimal number = new BigDecimal(text);
            if (Math.abs((long) number.scale()) > JsonValues.LARGEST_EXPONENT) {
                throw bad(origin, field, "have an exponent of at most " + JsonValues.LARGEST_EXPONENT, text);
            }
            return whole(digits(text) ? number : Doubles.meant(number));
        } catch (NumberFormatException e) {
            throw bad(origin, field, "be a number", Texts.cut(text));
        }
    }

    /** A time as ISO 8601 text: a date where the form is one and the time is midnight, as the number would be. */
    Object isoTime(String text, CellForm form, Origin origin, String field) {
        try {
            if (text.length() <= 10) return LocalDate.parse(text);
            return ExcelDays.shown(LocalDateTime.parse(text.replaceFirst("Z$", "")), form);
        } catch (DateTimeException e) {
            throw bad(origin, field, "be a date", Texts.cut(text));
        }
    }

    private Object time(String text, CellForm form, Origin origin, String field) {
        double serial = days(text, "a date", origin, field);
        try {
            return ExcelDays.shown(ExcelDays.time(serial, since1904), form);
        } catch (DateTimeException e) {
            throw bad(origin, field, "be a date that there is", Texts.cut(text));
        }
    }

    private static double days(String text, String what, Origin origin, String field) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw bad(origin, field, "be " + what, Texts.cut(text));
        }
    }

    /** A Long where it is one. */
    static Object whole(BigDecimal number) {
        if (number.precision() - number.scale() > 19) return number;
        // most numbers have a fraction, and an exception for each takes longer than all the rest
        if (number.scale() > 0 && number.stripTrailingZeros().scale() > 0) return number;
        try {
            return number.longValueExact();
        } catch (ArithmeticException e) {
            return number;
        }
    }

    private static boolean digits(String text) {
        for (int i = text.charAt(0) == '-' && text.length() > 1 ? 1 : 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') return false;
        }
        return true;
    }

    /** A number of up to 9 digits. */
    static int index(String text, int otherwise) {
        if (text == null || text.isEmpty() || text.length() > 9) return otherwise;
        int n = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) return otherwise;
            n = 10 * n + digit;
        }
        return n;
    }

    static BadRecordException bad(Origin origin, String field, String rule, Object value) {
        return new BadRecordException(SettingChecks.sentence(origin.toString(), Texts.cut(field), rule, value));
    }
}
