package io.caravan.warehouse;

import io.caravan.record.Doubles;
import io.caravan.table.ColumnType;
import io.caravan.table.ColumnValues;
import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.List;

/** The types of columns in PostgreSQL: their names, the values that fit, and the text that PostgreSQL reads for them. */
final class ColumnText {

    private ColumnText() {}

    /** The type's name as PostgreSQL prints it. */
    static String sql(ColumnType type) {
        return switch (type) {
            case TEXT -> "text";
            case BIGINT -> "bigint";
            case NUMERIC, BIGNUMERIC -> "numeric";
            case DOUBLE -> "double precision";
            case BOOLEAN -> "boolean";
            case TIMESTAMP -> "timestamp with time zone";
            case DATETIME -> "timestamp without time zone";
            case DATE -> "date";
            case JSON -> "jsonb";
            case BYTES -> "bytea";
        };
    }

    /** What a value must be to fit, as the end of "must hold ...". */
    static String rule(ColumnType type) {
        return switch (type) {
            case TEXT -> "text";
            case BIGINT -> "a whole number of 64 bits";
            case NUMERIC, BIGNUMERIC -> "a decimal number";
            case DOUBLE -> "a number that 64 bits of floating point hold as it is";
            case BOOLEAN -> "true or false";
            case TIMESTAMP -> "a time with zone of the years 1 to 9999";
            case DATETIME -> "a time without zone of the years 1 to 9999";
            case DATE -> "a date of the years 1 to 9999";
            case JSON ->
                "JSON: a text that says some (no name twice), or a value that PostgreSQL's jsonb can hold: no U+0000, no NaN, no infinity";
            case BYTES -> "bytes";
        };
    }

    /** The value as PostgreSQL's input text; throws any RuntimeException when the value does not fit. */
    static String of(ColumnType type, Object value) {
        return switch (type) {
            case TEXT -> ColumnValues.text(value, ColumnText::canonical);
            case BIGINT -> ColumnValues.whole(value);
            case NUMERIC, BIGNUMERIC -> numericText(value);
            case DOUBLE -> doubleText(value);
            case BOOLEAN -> Boolean.toString(ColumnValues.truth(value));
            case TIMESTAMP -> ColumnValues.time(value).toString();
            case DATETIME -> ColumnValues.localTime(value).toString();
            case DATE -> ColumnValues.date(value).toString();
            case JSON -> json(value);
            case BYTES -> "\\x" + HexFormat.of().formatHex((byte[]) value);
        };
    }

    /** A list as the text of an array; throws any RuntimeException when it is none or one of its values does not fit. */
    static String ofList(ColumnType type, Object list) {
        StringBuilder array = new StringBuilder("{");
        for (Object element : (List<?>) list) {
            if (array.length() > 1) array.append(',');
            if (element == null) throw new IllegalArgumentException("an array holds no null");
            array.append('"')
                    .append(of(type, element).replace("\\", "\\\\").replace("\"", "\\\""))
                    .append('"');
        }
        return array.append('}').toString();
    }

    /** One text for one number, as one hash: 1, 1.0 and 1e0 are the text 1. */
    private static String canonical(BigDecimal number) {
        BigDecimal shortest = number.stripTrailingZeros();
        return (shortest.scale() < 0 && shortest.scale() > -20 ? shortest.setScale(0) : shortest).toString();
    }

    /** PostgreSQL's numeric has NaN, and since version 14 the infinities; a text that says so is none, as it mostly stands for nothing. */
    private static String numericText(Object value) {
        if (value instanceof Double number && !Double.isFinite(number)) return number.toString();
        return ColumnValues.number(value).toString();
    }

    private static String doubleText(Object value) {
        if (value instanceof Double) return value.toString();
        return Double.toString(Doubles.same(ColumnValues.number(value)));
    }

    private static String json(Object value) {
        if (value instanceof Double number && !Double.isFinite(number)) {
            throw new ArithmeticException("JSON has finite numbers only");
        }
        return withoutNul(ColumnValues.json(ColumnValues.ofJson(value)));
    }

    /** JSON can say U+0000, which a jsonb cannot hold. */
    private static String withoutNul(String json) {
        for (int at = json.indexOf("\\u0000"); at >= 0; at = json.indexOf("\\u0000", at + 1)) {
            int from = at;
            while (json.charAt(from - 1) == '\\') from--;
            // after an odd number of backslashes this one is a character of the text
            if ((at - from) % 2 == 0) throw new IllegalArgumentException("U+0000");
        }
        return json;
    }
}
