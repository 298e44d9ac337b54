package io.caravan.ledger;

import io.caravan.local.Endpoint;
import io.caravan.local.Endpoints;
import io.caravan.pool.DatabasePool;
import io.caravan.pool.OwnConnections;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;

/**
 * The ledger's database, opened and brought to its newest schema at the first connection: a command that asks nothing
 * of the ledger does not need it to be up. {@code laptop} as URI means the local PostgreSQL.
 */
public final class LedgerDataSource implements OwnConnections, AutoCloseable {

    /** How long connecting may take when nobody says otherwise. */
    public static final int CONNECT_TIMEOUT_MILLIS = 5_000;
    /** How long a statement may be left unanswered when nobody says otherwise. */
    public static final int TIMEOUT_MILLIS = 60_000;

    private final String uri;
    private final String user;
    private final String password;
    private final int connectTimeoutMillis;
    private final int timeoutMillis;
    private DatabasePool pool;

    /** With the time limits that ship. */
    public LedgerDataSource(String uri, Object user, Object password) {
        this(uri, user, password, CONNECT_TIMEOUT_MILLIS, TIMEOUT_MILLIS);
    }

    /** The time limits are those of {@link LedgerDatabase}. */
    // user and password are Object as Camel makes numbers of texts of digits, and then finds no constructor
    public LedgerDataSource(String uri, Object user, Object password, int connectTimeoutMillis, int timeoutMillis) {
        this.uri = uri;
        this.user = user.toString();
        this.password = password.toString();
        this.connectTimeoutMillis = connectTimeoutMillis;
        this.timeoutMillis = timeoutMillis;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return pool().getConnection();
    }

    @Override
    public Connection beside() throws SQLException {
        return pool().beside();
    }

    private synchronized DatabasePool pool() {
        if (pool == null) {
            Endpoint endpoint = Endpoints.resolve("ledger", "postgres", uri, user, password);
            pool = LedgerDatabase.open(
                    endpoint.uri(), endpoint.user(), endpoint.password(), connectTimeoutMillis, timeoutMillis);
        }
        return pool;
    }

    @Override
    public synchronized void close() {
        if (pool != null) pool.close();
        pool = null;
    }

    @Override
    public Connection getConnection(String otherUser, String otherPassword) throws SQLException {
        throw new SQLFeatureNotSupportedException("ledger: one user only");
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
        return pool().unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }
}
