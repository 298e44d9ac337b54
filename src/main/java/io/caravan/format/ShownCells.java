package io.caravan.format;

import io.caravan.record.Origin;

/** Numbers as the texts that a cell's style makes of them. */
final class ShownCells {

    private static final long MILLIS_OF_HOUR = 3_600_000;
    private static final double MOST_DAYS = 1e9;

    private ShownCells() {}

    /**
     * Days as elapsed time, {@code 26:30:00}, in hours, minutes and seconds whatever of these the form shows, to the millisecond: seconds
     * that are not shown are not lost, and one column has one form.
     */
    static String elapsed(double days, CellForm form, Origin origin, String field) {
        if (!(Math.abs(days) < MOST_DAYS)) throw XlsxCells.bad(origin, field, "be an elapsed time", days);
        long millis = Math.round(Math.abs(days) * ExcelDays.MILLIS);
        String hours = Long.toString(millis / MILLIS_OF_HOUR);
        String text = (millis > 0 && days < 0 ? "-" : "")
                + (form.pattern().equals("[h]") || hours.length() > 1 ? "" : "0")
                + hours
                + twoDigits(":", millis / 60_000 % 60)
                + twoDigits(":", millis / 1000 % 60);
        long rest = millis % 1000;
        return rest == 0 ? text : text + "." + Long.toString(1000 + rest).substring(1);
    }

    private static String twoDigits(String before, long number) {
        return before + (number < 10 ? "0" : "") + number;
    }

    /** A whole number in the places of its form, {@code 01234}; what has a fraction is not shown as it is, and stays a number. */
    static Object zeroFilled(Object number, CellForm form) {
        if (!(number instanceof Long)) return number;
        String digits = Long.toString((Long) number).replace("-", "");
        StringBuilder text = new StringBuilder();
        int left = digits.length();
        for (int i = form.pattern().length() - 1; i >= 0; i--) {
            char place = form.pattern().charAt(i);
            text.append(place != '0' ? place : left > 0 ? digits.charAt(--left) : '0');
        }
        return ((Long) number < 0 ? "-" : "") + digits.substring(0, left) + text.reverse();
    }
}
