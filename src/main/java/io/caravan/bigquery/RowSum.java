package io.caravan.bigquery;

import com.google.cloud.bigquery.FieldValueList;
import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import io.caravan.table.ColumnType;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;

/**
 * What tells whether two heaps of rows hold the same, in any order: how many they are, and two checksums of their values, which
 * {@link #sql} asks BigQuery for. It finds what was read in another way, not what somebody forges.
 */
final class RowSum {

    private static final HashFunction FINGERPRINT = Hashing.farmHashFingerprint64();
    private static final MathContext DIGITS = new MathContext(17, RoundingMode.HALF_EVEN);

    private long rows;
    private long first;
    private long second;

    /** The answer to {@link #sql}. */
    static RowSum of(FieldValueList answer) {
        RowSum sum = new RowSum();
        sum.rows = answer.get(0).getLongValue();
        if (sum.rows == 0) return sum;
        sum.first = answer.get(1).getLongValue();
        sum.second = answer.get(2).getLongValue();
        return sum;
    }

    /** Whether values of this type have one text only, here and there. */
    static boolean sums(ColumnType type) {
        return type != ColumnType.JSON && type != ColumnType.BYTES;
    }

    /** The question for the sum of a table's rows; {@code quoted}: its columns in the order of {@code columns}. */
    static String sql(String table, List<BigQueryColumn> columns, List<String> quoted) {
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < quoted.size(); i++) {
            String text = text(columns.get(i).type(), quoted.get(i));
            if (i > 0) row.append(" || ");
            row.append("COALESCE(CAST(BYTE_LENGTH(%s) AS STRING) || ':' || %s, '-')".formatted(text, text));
        }
        return ("SELECT COUNT(*) AS counted, BIT_XOR(FARM_FINGERPRINT('1' || held)) AS one,"
                        + " BIT_XOR(FARM_FINGERPRINT('2' || held)) AS two FROM (SELECT %s AS held FROM %s)")
                .formatted(row, table);
    }

    /** Adds a row by what {@link BigQueryColumn#loaded} made of its values. */
    void add(List<BigQueryColumn> columns, Object[] loaded) {
        ByteArrayOutputStream row = new ByteArrayOutputStream(256);
        row.write('1');
        for (int i = 0; i < loaded.length; i++) {
            if (!(loaded[i] instanceof String) && !(loaded[i] instanceof Boolean)) {
                row.write('-');
                continue;
            }
            byte[] text =
                    loadedText(columns.get(i).type(), loaded[i].toString()).getBytes(StandardCharsets.UTF_8);
            row.writeBytes(Integer.toString(text.length).getBytes(StandardCharsets.US_ASCII));
            row.write(':');
            row.writeBytes(text);
        }
        byte[] bytes = row.toByteArray();
        first ^= FINGERPRINT.hashBytes(bytes).asLong();
        bytes[0] = '2';
        second ^= FINGERPRINT.hashBytes(bytes).asLong();
        rows++;
    }

    void add(RowSum other) {
        rows += other.rows;
        first ^= other.first;
        second ^= other.second;
    }

    long rows() {
        return rows;
    }

    boolean same(RowSum other) {
        return rows == other.rows && first == other.first && second == other.second;
    }

    /** A value's one text, of what is loaded for it. */
    private static String loadedText(ColumnType type, String loaded) {
        return switch (type) {
            case TIMESTAMP -> micros(Instant.parse(loaded));
            case DATETIME -> micros(LocalDateTime.parse(loaded).toInstant(ZoneOffset.UTC));
            case DOUBLE -> digits(Double.parseDouble(loaded));
            default -> loaded;
        };
    }

    private static String micros(Instant time) {
        return Long.toString(time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000);
    }

    /** As {@code %.16e} writes it in C. */
    private static String digits(double number) {
        if (!Double.isFinite(number)) {
            return Double.isNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
        }
        BigDecimal exact = new BigDecimal(number).round(DIGITS);
        String digits = exact.unscaledValue().abs().toString();
        int exponent = exact.signum() == 0 ? 0 : digits.length() - 1 - exact.scale();
        String padded = (digits + "0".repeat(DIGITS.getPrecision())).substring(0, DIGITS.getPrecision());
        return (exact.signum() < 0 ? "-" : "")
                + padded.charAt(0)
                + '.'
                + padded.substring(1)
                + 'e'
                + (exponent < 0 ? '-' : '+')
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }

    /** The same text, in SQL. */
    private static String text(ColumnType type, String column) {
        return switch (type) {
            case TEXT -> column;
            // without zeros at the end of a fraction, should the server write them
            case NUMERIC, BIGNUMERIC ->
                "CASE WHEN STRPOS(CAST(%1$s AS STRING), '.') = 0 THEN CAST(%1$s AS STRING)".formatted(column)
                        + " ELSE RTRIM(RTRIM(CAST(%s AS STRING), '0'), '.') END".formatted(column);
            case TIMESTAMP -> "CAST(UNIX_MICROS(" + column + ") AS STRING)";
            case DATETIME -> "CAST(UNIX_MICROS(CAST(" + column + " AS TIMESTAMP)) AS STRING)";
            case DOUBLE -> "FORMAT('%.16e', " + column + ")";
            default -> "CAST(" + column + " AS STRING)";
        };
    }
}
