package io.caravan.ledger;

import io.caravan.error.CaravanException;
import io.caravan.error.ServerErrors;
import io.caravan.error.SqlServer;
import io.caravan.error.UnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/** The few JDBC moves that the ledger and the jobs need; values are always parameters. */
public final class Sql {

    /** Reads one row of a result. */
    @FunctionalInterface
    public interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Takes one row of a result. */
    @FunctionalInterface
    public interface RowSink {
        void take(ResultSet row) throws SQLException;
    }

    /** Work that grows with all records may take so many times longer than other work. */
    static final int OF_ALL = 10;

    private static final String IDLE_TOO_LONG = "25P03";
    /** A row of this key is there, and two who wait for each other. */
    private static final Set<String> CONFLICTS = Set.of("23505", "40P01");

    private Sql() {}

    /** Does the work in one transaction on a connection of its own: all of it or nothing. */
    public static <T> T transaction(DataSource database, SqlWork<T> work) throws SQLException {
        try (Connection c = database.getConnection()) {
            c.setAutoCommit(false);
            try {
                T result = work.on(c);
                c.commit();
                return result;
            } catch (SQLException | RuntimeException | Error e) {
                rollback(c, e);
                throw e;
            }
        }
    }

    private static void rollback(Connection c, Throwable cause) {
        try {
            c.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /** Does work that grows with all records on this connection: its server may be silent for longer meanwhile. */
    static <T> T ofAll(Connection c, SqlWork<T> work) throws SQLException {
        int limit = c.getNetworkTimeout();
        c.setNetworkTimeout(Runnable::run, (int) Math.min(Integer.MAX_VALUE, (long) OF_ALL * limit));
        try {
            return work.on(c);
        } finally {
            if (!c.isClosed()) c.setNetworkTimeout(Runnable::run, limit);
        }
    }

    public static void each(Connection c, RowSink sink, String sql, Object... values) throws SQLException {
        try (PreparedStatement s = prepare(c, sql, values);
                ResultSet r = s.executeQuery()) {
            while (r.next()) sink.take(r);
        }
    }

    public static int update(Connection c, String sql, Object... values) throws SQLException {
        try (PreparedStatement s = prepare(c, sql, values)) {
            return s.executeUpdate();
        }
    }

    public static <T> List<T> list(Connection c, Row<T> row, String sql, Object... values) throws SQLException {
        List<T> all = new ArrayList<>();
        each(c, r -> all.add(row.read(r)), sql, values);
        return all;
    }

    public static <T> Optional<T> first(Connection c, Row<T> row, String sql, Object... values) throws SQLException {
        try (PreparedStatement s = prepare(c, sql, values);
                ResultSet r = s.executeQuery()) {
            return r.next() ? Optional.of(row.read(r)) : Optional.empty();
        }
    }

    /** What a failed statement means to the caller. */
    static CaravanException translated(SQLException e) {
        if (SqlServer.late(e)) {
            return new UnavailableException(
                    "ledger: the database must answer within caravan.ledger.timeoutMillis, got '"
                            + ServerErrors.line(e.getMessage())
                            + "'; look at its load, at who holds locks there and at the network between, or raise it",
                    e);
        }
        if (CONFLICTS.contains(state(e)))
            return new ConflictException("ledger: " + ServerErrors.line(e.getMessage()), e);
        if (away(e))
            return new UnavailableException(
                    "ledger: the database cannot be reached: " + ServerErrors.line(e.getMessage()), e);
        return new LedgerException("ledger: " + ServerErrors.line(e.getMessage()), e);
    }

    /** Whether the server could not be reached or has no room: the same may work later. */
    public static boolean away(SQLException e) {
        return disconnected(e)
                || state(e).startsWith("57")
                || state(e).startsWith("53")
                || SqlServer.late(e)
                || state(e).isEmpty();
    }

    /** Whether the session is over: the connection is gone, or the server ended it. */
    static boolean disconnected(SQLException e) {
        return state(e).startsWith("08") || state(e).startsWith("57P") || IDLE_TOO_LONG.equals(state(e));
    }

    private static String state(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }

    private static PreparedStatement prepare(Connection c, String sql, Object... values) throws SQLException {
        PreparedStatement s = c.prepareStatement(sql);
        try {
            for (int i = 0; i < values.length; i++) {
                Object v = values[i];
                if (v instanceof String[] texts) s.setArray(i + 1, c.createArrayOf("text", texts));
                else if (v instanceof byte[][] blobs) s.setArray(i + 1, c.createArrayOf("bytea", blobs));
                else if (v instanceof Long[] longs) s.setArray(i + 1, c.createArrayOf("bigint", longs));
                else s.setObject(i + 1, v);
            }
            return s;
        } catch (SQLException | RuntimeException e) {
            s.close();
            throw e;
        }
    }
}
