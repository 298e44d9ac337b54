package io.caravan.jdbc;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * The column by which an incremental source tells what is new, and positions of it as text that comes back exactly:
 * whole numbers, decimals, times to their last digit, dates and texts.
 */
final class Cursor {

    private final String unit;
    private final String column;
    private final ColumnReading type;
    private final long lookbackSeconds;
    private final long lookbackNumber;

    /** {@link ConfigurationException} when the column's type is no cursor, or has no use for a lookback that is set. */
    Cursor(String unit, String column, ColumnReading type, long lookbackSeconds, long lookbackNumber) {
        boolean number = type == ColumnReading.WHOLE || type == ColumnReading.DECIMAL;
        boolean time = type == ColumnReading.INSTANT || type == ColumnReading.LOCAL_TIME || type == ColumnReading.DATE;
        new SettingChecks(unit)
                .must(
                        number || time || type == ColumnReading.TEXT,
                        "cursorField",
                        "name a column of whole numbers, decimals, times, dates or texts",
                        column)
                .must(
                        time || lookbackSeconds == 0,
                        "lookbackSeconds",
                        "be 0 as " + column + " is no time",
                        lookbackSeconds)
                .must(
                        number || lookbackNumber == 0,
                        "lookbackNumber",
                        "be 0 as " + column + " is no number",
                        lookbackNumber)
                .check();
        this.unit = unit;
        this.column = column;
        this.type = type;
        this.lookbackSeconds = lookbackSeconds;
        this.lookbackNumber = lookbackNumber;
    }

    /** The text of a value of the column. */
    String text(Object value) {
        return value instanceof BigDecimal number ? number.toPlainString() : value.toString();
    }

    /** Sets a statement's only parameter to where reading begins: the position less the lookback. */
    void bind(PreparedStatement statement, String position) throws SQLException {
        switch (type) {
            case WHOLE -> statement.setLong(1, (Long) start(position));
            case INSTANT -> statement.setObject(1, ((Instant) start(position)).atOffset(ZoneOffset.UTC));
            case TEXT -> text(statement, position);
            default -> statement.setObject(1, start(position));
        }
    }

    private static void text(PreparedStatement statement, String position) throws SQLException {
        boolean postgres = ColumnReading.isPostgres(statement.getConnection());
        // without a type PostgreSQL takes it as what the column is, be it a uuid or an enum
        if (postgres) statement.setObject(1, position, Types.OTHER);
        else statement.setString(1, position);
    }

    /** The later of a position and the greatest value that was seen since; a lookback sees values before it. */
    String later(Optional<String> position, Object seen) {
        String text = text(seen);
        if (position.isEmpty() || type == ColumnReading.TEXT) return text;
        return compare(value(position.get()), value(text)) > 0 ? position.get() : text;
    }

    @SuppressWarnings("unchecked") // both are values of this column
    private static int compare(Object a, Object b) {
        return ((Comparable<Object>) a).compareTo(b);
    }

    private Object start(String position) {
        Object value = value(position);
        Duration back = Duration.ofSeconds(lookbackSeconds);
        return switch (type) {
            case WHOLE ->
                (Long) value < Long.MIN_VALUE + lookbackNumber ? Long.MIN_VALUE : (Long) value - lookbackNumber;
            case DECIMAL -> ((BigDecimal) value).subtract(BigDecimal.valueOf(lookbackNumber));
            case INSTANT -> ((Instant) value).minus(back);
            case LOCAL_TIME -> ((LocalDateTime) value).minus(back);
            case DATE -> ((LocalDate) value).minusDays((lookbackSeconds + 86_399) / 86_400);
            default -> value;
        };
    }

    private Object value(String position) {
        try {
            return switch (type) {
                case WHOLE -> Long.valueOf(position);
                case DECIMAL -> new BigDecimal(position);
                case INSTANT -> Instant.parse(position);
                case LOCAL_TIME -> LocalDateTime.parse(position);
                case DATE -> LocalDate.parse(position);
                default -> position;
            };
        } catch (NumberFormatException | DateTimeException e) {
            throw new ConfigurationException(
                    SettingChecks.sentence(unit, "position", "be a value of " + column, position)
                            + "; if the column's type has changed, run once in full");
        }
    }
}
