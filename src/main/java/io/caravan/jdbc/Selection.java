package io.caravan.jdbc;

import io.caravan.error.CaravanException;
import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import io.caravan.source.Days;
import io.caravan.source.StoreClock;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** One prepared query on a connection of its own, its columns known and checked; it has not run yet. */
final class Selection implements AutoCloseable {

    private final Query query;
    private final Database database;
    private final Connection connection;
    private final Optional<String> position;
    private final Optional<Days> days;
    private PreparedStatement statement;
    private Columns columns;
    private Optional<Cursor> cursor = Optional.empty();
    private Optional<StoreClock> clock = Optional.empty();

    /**
     * Connects and has the server read the query. In a check it is the statement of later incremental runs that is read,
     * so that a cursor which cannot work is found before the first.
     */
    Selection(Database database, Query query, Optional<String> position, boolean check) {
        this(database, query, position, Optional.empty(), check);
    }

    /** The same, of the rows of some days. */
    Selection(Database database, Query query, Days days) {
        this(database, query, Optional.empty(), Optional.of(days), false);
    }

    private Selection(Database database, Query query, Optional<String> position, Optional<Days> days, boolean check) {
        this.database = database;
        this.query = query;
        this.position = position;
        this.days = days;
        this.connection = database.open();
        try {
            if (days.isPresent()) prepare(days.get());
            else prepare(query.incremental() && (check || position.isPresent()));
        } catch (SQLException e) {
            close();
            throw database.meaning("prepare query '" + ServerErrors.line(query.sql()) + "'", e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void prepare(boolean since) throws SQLException {
        String quote = connection.getMetaData().getIdentifierQuoteString();
        prepare(since ? query.since(quote, Optional.empty()) : query.all(quote), since ? 1 : 0);
        Optional<String> lowest = cursor.flatMap(by -> by.lowest(connection));
        if (since && lowest.isPresent()) {
            statement.close();
            prepare(query.since(quote, lowest), 1);
        }
    }

    /** All of it first, as what is no day must not be compared with one. */
    private void prepare(Days some) throws SQLException {
        String quote = connection.getMetaData().getIdentifierQuoteString();
        prepare(query.all(quote), 0);
        cursor.orElseThrow().mustSayDays();
        statement.close();
        int ranges = some.ranges().size();
        prepare(query.on(quote, ranges, some.within()), 2 * ranges);
    }

    private void prepare(String sql, int ours) throws SQLException {
        statement = connection.prepareStatement(sql, ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY);
        statement.setFetchSize(query.fetchSize());
        statement.setQueryTimeout(database.timeoutSeconds());
        SettingChecks settings = new SettingChecks(query.unit());
        int parameters = statement.getParameterMetaData().getParameterCount() - ours;
        settings.must(parameters == 0, "query", "hold no ?, and the operator ? as ??", parameters + " of them");
        settings.must(statement.getMetaData() != null, "query", "give rows", "a statement that gives none");
        settings.check();
        boolean postgres = ColumnReading.isPostgres(connection);
        columns = Columns.of(query.unit(), statement.getMetaData(), postgres, query.keyFields());
        if (query.incremental()) {
            ColumnReading type = columns.cursor(query.unit(), query.cursorField());
            cursor = Optional.of(new Cursor(
                    query.unit(),
                    query.cursorField(),
                    type,
                    query.cursorTime(),
                    query.lookbackSeconds(),
                    query.lookbackNumber()));
        }
    }

    Columns columns() {
        return columns;
    }

    /** {@link io.caravan.error.BadRecordException} when others cannot be compared with the cursor's value. */
    void check(Object value, String origin) {
        cursor.orElseThrow().check(value, origin);
    }

    /** Where the cursor's value stands in a row; -1 when there is no cursor. */
    int cursorAt() {
        return columns.fields().indexOf(query.cursorField());
    }

    /** Runs it; rows come as they are asked for. */
    ResultSet execute() throws SQLException {
        if (cursor.isPresent()) clock = Optional.of(time());
        if (position.isPresent()) cursor.orElseThrow().bind(statement, position.get());
        if (days.isPresent()) cursor.orElseThrow().bind(statement, days.get().ranges());
        return statement.executeQuery();
    }

    /** Why the position is none to read on from. */
    Optional<String> distrusts() {
        try {
            return cursor.orElseThrow().distrusts(position.orElseThrow(), time());
        } catch (SQLException e) {
            throw database.meaning("ask for the time", e);
        }
    }

    private StoreClock time() throws SQLException {
        return database.clock(connection).of(query.cursorTime());
    }

    /** Whether nobody says what the cursor's numbers count. */
    boolean uncounted() {
        return query.incremental() && !query.cursorTime().counts();
    }

    /** The database's time as the query ran, of an incremental source. */
    StoreClock clock() {
        return clock.orElseThrow();
    }

    /** The text of a value of the cursor. */
    String text(Object value) {
        return cursor.orElseThrow().text(value);
    }

    /** Where the next reading begins when this value was the last that was seen. */
    String later(Object seen) {
        return cursor.orElseThrow().later(position, seen);
    }

    CaravanException meaning(String action, SQLException e) {
        return database.meaning(action, e);
    }

    /** Ends the connection, and with it what the server still does for it. */
    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // nothing was written, so nothing is lost
        }
    }
}
