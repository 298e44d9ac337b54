package io.caravan.sheets;

import io.caravan.error.BadRecordException;
import io.caravan.error.SettingChecks;
import io.caravan.record.FieldNames;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the cells of a tab mean: names of fields in its header, values below. */
final class SheetCells {

    private static final LocalDate DAY_ZERO = LocalDate.of(1899, 12, 30);
    private static final BigDecimal MILLIS_A_DAY = BigDecimal.valueOf(86_400_000);
    private static final BigDecimal LAST_DAY = BigDecimal.valueOf(2_958_465); // 9999-12-31
    private static final BigDecimal FIRST_DAY = BigDecimal.valueOf(-693_593); // 0001-01-01

    /** That the largest of 64 bits has. */
    private static final int LONG_DIGITS = 19;

    private SheetCells() {}

    /** The header's names: {@code name}, {@code name_2} for its second, {@code column_5} for the blank fifth. */
    static Fields header(List<Object> cells) {
        Set<String> given = new HashSet<>();
        for (Object cell : cells) given.add(text(cell));
        Set<String> used = new HashSet<>();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            String name = text(cells.get(i)).isEmpty() ? "column_" + (i + 1) : text(cells.get(i));
            String free = name;
            for (int n = 2; !used.add(free); n++) {
                free = name + "_" + n;
                if (given.contains(free)) free = name; // that is another column's own name
            }
            names.add(free);
        }
        return new Fields(names);
    }

    private static String text(Object cell) {
        if (cell == null) return "";
        return cell instanceof BigDecimal number ? number.toPlainString() : FieldNames.of(cell.toString());
    }

    /** The value of a cell; empty cells and empty texts are null. */
    static Object value(Object cell) {
        if (cell == null || "".equals(cell)) return null;
        if (!(cell instanceof Number)) return cell instanceof Boolean ? cell : cell.toString();
        BigDecimal number = cell instanceof BigDecimal decimal ? decimal : new BigDecimal(cell.toString());
        if (number.signum() == 0) return 0L;
        boolean whole = number.scale() <= 0 || number.stripTrailingZeros().scale() <= 0;
        return whole && number.precision() - (long) number.scale() <= LONG_DIGITS ? whole(number) : number;
    }

    private static Object whole(BigDecimal number) {
        try {
            return number.longValueExact();
        } catch (ArithmeticException e) {
            return number;
        }
    }

    /** The date of a serial number: days since 1899-12-30. */
    static Object date(Object cell, Origin origin, String field) {
        if (cell == null || "".equals(cell)) return null;
        BigDecimal days = serial(cell, origin, field, "be a date");
        try {
            return DAY_ZERO.plusDays(days.longValueExact());
        } catch (ArithmeticException e) {
            throw new BadRecordException(
                    SettingChecks.sentence(origin.toString(), field, "be a date without time", cell), e);
        }
    }

    /** The local time of a serial number, to the millisecond: its 15 digits hold no more. */
    static Object dateTime(Object cell, Origin origin, String field) {
        if (cell == null || "".equals(cell)) return null;
        BigDecimal days = serial(cell, origin, field, "be a date and time");
        long millis =
                days.multiply(MILLIS_A_DAY).setScale(0, RoundingMode.HALF_UP).longValueExact();
        LocalDateTime zero = DAY_ZERO.atStartOfDay();
        return zero.plusDays(Math.floorDiv(millis, 86_400_000L))
                .plusNanos(Math.floorMod(millis, 86_400_000L) * 1_000_000L);
    }

    private static BigDecimal serial(Object cell, Origin origin, String field, String rule) {
        if (cell instanceof Number) {
            BigDecimal days = new BigDecimal(cell.toString());
            if (days.compareTo(FIRST_DAY) >= 0 && days.compareTo(LAST_DAY.add(BigDecimal.ONE)) < 0) return days;
        }
        String shown = cell.toString();
        throw new BadRecordException(SettingChecks.sentence(
                origin.toString(), field, rule, shown.length() > 100 ? shown.substring(0, 100) + "..." : shown));
    }

    /** {@code A} for 1, {@code AA} for 27. */
    static String column(int number) {
        StringBuilder letters = new StringBuilder();
        for (int n = number; n > 0; n = (n - 1) / 26) letters.insert(0, (char) ('A' + (n - 1) % 26));
        return letters.toString();
    }
}
