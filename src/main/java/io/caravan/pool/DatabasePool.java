package io.caravan.pool;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;

/**
 * Connections of one user of a database, out of the pool that all in this process have together: with ledger, jobs, warehouse and
 * query API in one database a process has at most {@link #most} in it. Who waits for a turn gets it in the order of asking.
 *
 * <p>Two kinds of connection are beside the pool, so that nobody who has one of its connections waits for another: what is held as
 * long as a run, and what looks who blocks a connection of the pool ({@link #beside}). Thread-safe.
 */
public final class DatabasePool implements OwnConnections, AutoCloseable {

    /** The setting of the command line that says how many. */
    public static final String SETTING = "caravan.database.connections";
    /** So many, where nobody says otherwise. */
    public static final int MOST = 10;
    /** So many in a worker for each job that it does at once. */
    public static final int MOST_OF_A_WORKER = 3;

    private final SharedPool shared;
    private final Place place;
    private final Session session;
    private final int connectMillis;
    private boolean closed;

    private DatabasePool(SharedPool shared, Place place, Session session, int connectMillis) {
        this.shared = shared;
        this.place = place;
        this.session = session;
        this.connectMillis = connectMillis;
    }

    /**
     * Connects nowhere yet.
     *
     * @param connectMillis 250 or more: how long connecting may take; of several users of a pool the least counts
     */
    public static DatabasePool of(Place place, Session session, int connectMillis) {
        return new DatabasePool(
                SharedPool.join(place, connectMillis, session.timeoutMillis()), place, session, connectMillis);
    }

    /** How many connections the pools have that are opened from now on. */
    public static void most(int connections) {
        SharedPool.most(connections);
    }

    @Override
    public Connection getConnection() throws SQLException {
        return shared.take(session);
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // closed by the caller
    public Connection beside() throws SQLException {
        Connection own = place.direct(session.application(), connectMillis, session.timeoutMillis())
                .getConnection();
        try {
            session.begin(own);
            return own;
        } catch (SQLException | RuntimeException | Error e) {
            own.close();
            throw e;
        }
    }

    /** How many of the pool's connections somebody has now. */
    public int lent() {
        return shared.lent();
    }

    /** Its connections are the others' now; the last one ends them. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) return;
            closed = true;
        }
        shared.leave();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("one user only");
    }

    @Override
    public PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) return type.cast(this);
        throw new SQLException("no " + type.getName());
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }
}
