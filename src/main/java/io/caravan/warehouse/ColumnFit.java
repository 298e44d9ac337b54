package io.caravan.warehouse;

import io.caravan.table.ColumnType;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which values a column of a table takes that somebody else made, where its type holds less than the described one: {@code
 * varchar(3)} for text, {@code integer} for bigint, {@code numeric(10,2)} for numeric. What would be cut, rounded or padded away does not fit.
 */
final class ColumnFit {

    private static final Pattern TYPE =
            Pattern.compile("([a-z]+(?: [a-z]+)*?)(?:\\((\\d+)(?:,(-?\\d+))?\\))?( with(?:out)? time zone)?");
    private static final Pattern UUIDS = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final Pattern TIME = Pattern.compile("([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,6})?)?");
    private static final Pattern FRACTION = Pattern.compile("\\.(\\d*[1-9])0*(?=\\D|$)");
    private static final Set<ColumnType> NUMBERS =
            Set.of(ColumnType.BIGINT, ColumnType.NUMERIC, ColumnType.BIGNUMERIC, ColumnType.DOUBLE);
    private static final Set<ColumnType> DECIMALS =
            Set.of(ColumnType.NUMERIC, ColumnType.BIGNUMERIC, ColumnType.DOUBLE);
    private static final Set<String> OF_KEYS =
            Set.of("character varying", "character", "uuid", "smallint", "integer", "bigint", "numeric");
    private static final Set<String> WHOLE = Set.of("smallint", "integer", "bigint");
    private static final int MICROSECONDS = 6;
    private static final BigDecimal HALF = new BigDecimal("0.5");

    /** Whether the text that PostgreSQL would read for a value is one that the column keeps as it is. */
    @FunctionalInterface
    private interface Check {
        boolean holds(String text);
    }

    private final ColumnType described;
    private final boolean list;
    private final String type;
    private final String rule;
    private final Check check;

    private ColumnFit(Column column, String type, String rule, Check check) {
        this.described = column.type();
        this.list = column.list();
        this.type = type;
        this.rule = (list ? "a list without null, each " : "") + rule;
        this.check = check;
    }

    /**
     * Empty when a column of this type keeps no value of the described one.
     *
     * @param type as PostgreSQL prints it, of a domain the type below
     * @param labels of an enum
     */
    static Optional<ColumnFit> of(Column column, String type, List<String> labels) {
        if (column.list() != type.endsWith("[]")) return Optional.empty();
        String single = column.list() ? type.substring(0, type.length() - 2) : type;
        if (single.equals(ColumnText.sql(column.type()))) {
            return Optional.of(new ColumnFit(column, type, ColumnText.rule(column.type()), text -> true));
        }
        ColumnType as = column.type();
        if (!labels.isEmpty()) {
            if (as != ColumnType.TEXT) return Optional.empty();
            return Optional.of(new ColumnFit(column, type, "one of " + String.join(", ", labels), labels::contains));
        }
        Matcher parts = TYPE.matcher(single);
        if (!parts.matches()) return Optional.empty();
        String name = parts.group(1) + (parts.group(4) == null ? "" : parts.group(4));
        int size = parts.group(2) == null ? -1 : Integer.parseInt(parts.group(2));
        int scale = parts.group(3) == null ? 0 : Integer.parseInt(parts.group(3));
        // the text of a key is the same on both sides, which 7.00 for 7 is not
        if (column.key() && (!OF_KEYS.contains(name) || scale != 0)) return Optional.empty();
        return switch (name) {
            case "character varying" ->
                given(as == ColumnType.TEXT, column, type, upTo(size), text -> shortEnough(text, size));
            case "character" ->
                given(
                        as == ColumnType.TEXT,
                        column,
                        type,
                        upTo(size) + " without a blank at its end",
                        text -> shortEnough(text, size) && !text.endsWith(" "));
            case "uuid" ->
                given(as == ColumnType.TEXT, column, type, "a UUID in lower case", text -> UUIDS.matcher(text)
                        .matches());
            case "time without time zone" ->
                given(
                        as == ColumnType.TEXT,
                        column,
                        type,
                        "a time of day" + toDigits(size),
                        text -> TIME.matcher(text).matches() && preciseEnough(text, size));
            case "smallint" -> whole(column, type, Short.MIN_VALUE, Short.MAX_VALUE);
            case "integer" -> whole(column, type, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case "bigint" -> whole(column, type, Long.MIN_VALUE, Long.MAX_VALUE);
            case "numeric" -> numeric(column, type, size, scale);
            case "real" ->
                given(
                        DECIMALS.contains(as),
                        column,
                        type,
                        "a number that 32 bits of floating point hold as it is",
                        ColumnFit::isReal);
            case "double precision" ->
                given(DECIMALS.contains(as), column, type, ColumnText.rule(ColumnType.DOUBLE), ColumnFit::isDouble);
            case "timestamp with time zone" ->
                given(
                        as == ColumnType.TIMESTAMP,
                        column,
                        type,
                        ColumnText.rule(as) + toDigits(size),
                        text -> preciseEnough(text, size));
            case "timestamp without time zone" ->
                given(
                        as == ColumnType.DATETIME || as == ColumnType.TIMESTAMP,
                        column,
                        type,
                        ColumnText.rule(as) + toDigits(size),
                        text -> preciseEnough(text, size));
            case "json" -> given(as == ColumnType.JSON, column, type, ColumnText.rule(as), text -> true);
            default -> Optional.empty();
        };
    }

    /** The column's own type, as PostgreSQL prints it. */
    String type() {
        return type;
    }

    /** What a value must be to fit, as the end of "must hold ...". */
    String rule() {
        return rule;
    }

    /** The text of a value that the column holds, as its type reads it: 7 for 7.00 in an integer column. */
    String written(String text) {
        if (list || described == ColumnType.BIGINT || !WHOLE.contains(type)) return text;
        return new BigDecimal(text).setScale(0).toPlainString();
    }

    /** Whether the column keeps the value as it is; the value is of the described type. */
    boolean holds(Object value) {
        if (!list) return check.holds(ColumnText.of(described, value));
        return ((List<?>) value).stream().allMatch(element -> check.holds(ColumnText.of(described, element)));
    }

    private static Optional<ColumnFit> given(boolean kept, Column column, String type, String rule, Check check) {
        return kept ? Optional.of(new ColumnFit(column, type, rule, check)) : Optional.empty();
    }

    private static Optional<ColumnFit> whole(Column column, String type, long least, long most) {
        return given(
                NUMBERS.contains(column.type()),
                column,
                type,
                "a whole number of " + least + " to " + most,
                text -> isFinite(text)
                        && isWhole(new BigDecimal(text))
                        && new BigDecimal(text).compareTo(BigDecimal.valueOf(least)) >= 0
                        && new BigDecimal(text).compareTo(BigDecimal.valueOf(most)) <= 0);
    }

    private static Optional<ColumnFit> numeric(Column column, String type, int precision, int scale) {
        if (precision < 0)
            return given(
                    NUMBERS.contains(column.type()), column, type, ColumnText.rule(ColumnType.NUMERIC), text -> true);
        return given(
                NUMBERS.contains(column.type()),
                column,
                type,
                "a number of up to " + Math.max(0, precision - scale) + " digits before the point and "
                        + Math.max(0, scale) + " behind it",
                text -> {
                    if (!isFinite(text)) return text.equals("NaN"); // of infinities there is none of so many digits
                    BigDecimal number = new BigDecimal(text).stripTrailingZeros();
                    return number.signum() == 0
                            || (number.scale() <= scale
                                    && (long) number.precision() - number.scale() <= (long) precision - scale);
                });
    }

    private static boolean isWhole(BigDecimal number) {
        return number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
    }

    private static boolean isFinite(String number) {
        return !number.equals("NaN") && !number.endsWith("Infinity");
    }

    private static boolean isReal(String text) {
        if (!isFinite(text)) return true;
        float nearest = Math.abs(Float.parseFloat(text));
        return !Float.isInfinite(nearest)
                && (nearest == 0
                        ? new BigDecimal(text).signum() == 0
                        : isPrinted(
                                new BigDecimal(text).abs(),
                                new BigDecimal(nearest),
                                new BigDecimal(Math.nextDown(nearest)),
                                Math.ulp(nearest)));
    }

    private static boolean isDouble(String text) {
        if (!isFinite(text)) return true;
        double nearest = Math.abs(Double.parseDouble(text));
        return !Double.isInfinite(nearest)
                && (nearest == 0
                        ? new BigDecimal(text).signum() == 0
                        : isPrinted(
                                new BigDecimal(text).abs(),
                                new BigDecimal(nearest),
                                new BigDecimal(Math.nextDown(nearest)),
                                Math.ulp(nearest)));
    }

    /**
     * Whether PostgreSQL prints this positive number for its nearest binary one: the fewest digits that lie strictly nearer to that
     * than to its neighbours, and of those the nearest. The binary number itself is kept too, to its last bit.
     */
    private static boolean isPrinted(BigDecimal number, BigDecimal nearest, BigDecimal below, double ulp) {
        if (number.compareTo(nearest) == 0) return true;
        BigDecimal low = nearest.add(below).multiply(HALF);
        BigDecimal high = nearest.add(new BigDecimal(ulp).multiply(HALF));
        int most = number.stripTrailingZeros().precision();
        for (int digits = 1; digits <= most; digits++) {
            BigDecimal down = nearest.round(new MathContext(digits, RoundingMode.DOWN));
            BigDecimal up = nearest.round(new MathContext(digits, RoundingMode.UP));
            boolean isDown = down.compareTo(low) > 0;
            boolean isUp = up.compareTo(high) < 0;
            if (!isDown && !isUp) continue;
            boolean takesDown = isDown && (!isUp || nearest.subtract(down).compareTo(up.subtract(nearest)) <= 0);
            return number.compareTo(takesDown ? down : up) == 0;
        }
        return false;
    }

    private static String upTo(int size) {
        return size < 0 ? "text" : "text of up to " + size + " characters";
    }

    private static boolean shortEnough(String text, int size) {
        return size < 0 || text.length() <= size || text.codePointCount(0, text.length()) <= size;
    }

    private static String toDigits(int digits) {
        return digits < 0 ? "" : " with up to " + digits + " digits of a second's fraction";
    }

    private static boolean preciseEnough(String time, int digits) {
        Matcher fraction = FRACTION.matcher(time);
        return !fraction.find() || fraction.group(1).length() <= (digits < 0 ? MICROSECONDS : digits);
    }
}
