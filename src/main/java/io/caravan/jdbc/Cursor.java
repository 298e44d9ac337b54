package io.caravan.jdbc;

import io.caravan.error.BadRecordException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.source.CursorTime;
import io.caravan.source.Days;
import io.caravan.source.StoreClock;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * The column by which an incremental source tells what is new, and positions of it as text that comes back exactly:
 * whole numbers, decimals, times to their last digit, dates and texts.
 */
final class Cursor {

    private static final String REMEDY = "; correct it at the source, or leave such rows out in the query";
    /** From this version on PostgreSQL's numeric has infinities. */
    private static final int INFINITE_DECIMALS = 14;

    private final String unit;
    private final String column;
    private final ColumnReading type;
    private final CursorTime moment;
    private final long lookbackSeconds;
    private final long lookbackNumber;

    /** {@link ConfigurationException} when the column's type is no cursor, or has no use for a lookback that is set. */
    Cursor(
            String unit,
            String column,
            ColumnReading type,
            CursorTime moment,
            long lookbackSeconds,
            long lookbackNumber) {
        boolean number = type == ColumnReading.WHOLE || type == ColumnReading.DECIMAL;
        boolean time = type == ColumnReading.INSTANT || type == ColumnReading.LOCAL_TIME || type == ColumnReading.DATE;
        new SettingChecks(unit)
                .must(
                        number || time || type == ColumnReading.TEXT,
                        "cursorField",
                        "name a column of whole numbers, decimals, times, dates or texts",
                        column)
                .must(
                        !moment.counts() || number,
                        "cursorTime",
                        "be blank or a zone as " + column + " is no number",
                        "what numbers count")
                .must(
                        !moment.zoned() || (type != ColumnReading.INSTANT && !number),
                        "cursorTime",
                        "be no zone as " + column + " is no time without one",
                        "a zone")
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
        this.moment = moment;
        this.lookbackSeconds = lookbackSeconds;
        this.lookbackNumber = lookbackNumber;
    }

    /** A value of PostgreSQL's that comes before all others and is no position, as SQL; empty where there is none. */
    Optional<String> lowest(Connection connection) {
        try {
            if (!ColumnReading.isPostgres(connection)) return Optional.empty();
            if (type == ColumnReading.DECIMAL
                    && connection.getMetaData().getDatabaseMajorVersion() < INFINITE_DECIMALS) {
                return Optional.empty();
            }
            boolean text = type == ColumnReading.TEXT || type == ColumnReading.WHOLE;
            return text ? Optional.empty() : Optional.of("'-infinity'");
        } catch (SQLException e) {
            return Optional.empty(); // a connection that is lost is met again when it is used
        }
    }

    /** {@link BadRecordException} when others cannot be compared with the value. */
    void check(Object value, String origin) {
        if (value == null) {
            throw new BadRecordException(
                    SettingChecks.sentence(origin, column, "not be null, as it tells what is new", "null") + REMEDY);
        }
        if (value instanceof Double) { // what is no decimal: NaN and the infinities
            throw new BadRecordException(
                    SettingChecks.sentence(origin, column, "be a number that others can be compared with", value)
                            + REMEDY);
        }
    }

    /** Why a position is none to read on from, in words. */
    Optional<String> distrusts(String position, StoreClock clock) {
        String kept = "the position '" + position + "' of " + column;
        try {
            return clock.farAhead(value(position))
                    ? Optional.of(kept + " lies ahead of the database's time, " + clock.began())
                    : Optional.empty();
        } catch (ConfigurationException e) {
            return Optional.of(kept + " is no value that others can be compared with");
        }
    }

    /** The text of a value of the column. */
    String text(Object value) {
        return value instanceof BigDecimal number ? number.toPlainString() : value.toString();
    }

    /** Sets a statement's only parameter to where reading begins: the position less the lookback. */
    void bind(PreparedStatement statement, String position) throws SQLException {
        if (type == ColumnReading.TEXT) text(statement, position);
        else bind(statement, 1, start(position));
    }

    private void bind(PreparedStatement statement, int at, Object value) throws SQLException {
        switch (type) {
            case WHOLE -> statement.setLong(at, (Long) value);
            case INSTANT -> statement.setObject(at, ((Instant) value).atOffset(ZoneOffset.UTC));
            default -> statement.setObject(at, value);
        }
    }

    /** Sets a statement's parameters to the first moments of ranges of days and of the days behind them. */
    void bind(PreparedStatement statement, List<Days.Range> ranges) throws SQLException {
        int at = 1;
        for (Days.Range range : ranges) {
            bind(statement, at++, first(range.since()));
            bind(statement, at++, first(range.until()));
        }
    }

    /** {@link ConfigurationException} when its values lie on no day. */
    void mustSayDays() {
        boolean number = type == ColumnReading.WHOLE || type == ColumnReading.DECIMAL;
        new SettingChecks("backfill")
                .must(
                        !number || moment.counts(),
                        "cursorTime of " + unit,
                        "say what the numbers of " + column + " count, seconds, millis or micros, to be cut by days",
                        "")
                .must(
                        type != ColumnReading.TEXT,
                        "cursorField of " + unit,
                        "name a date or time to be cut by days: cast it in the query, as " + column
                                + "::timestamp does, or name another column",
                        column)
                .check();
    }

    /** The least value of a day: midnight, in UTC where the column says moments. */
    private Object first(LocalDate day) {
        return switch (type) {
            case WHOLE -> moment.number(day).longValueExact();
            case DECIMAL -> moment.number(day);
            case INSTANT -> day.atStartOfDay().toInstant(ZoneOffset.UTC);
            case LOCAL_TIME -> day.atStartOfDay();
            default -> day;
        };
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
