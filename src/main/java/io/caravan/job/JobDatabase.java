package io.caravan.job;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Server;
import io.caravan.error.Settings;
import io.caravan.error.SqlServer;
import io.caravan.error.UnavailableException;
import io.caravan.ledger.Schema;
import io.caravan.ledger.Sql;
import io.caravan.ledger.SqlWork;
import io.caravan.local.Endpoint;
import io.caravan.local.Endpoints;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.api.FlywayException;

/**
 * The PostgreSQL database of the jobs and of what they load, schema {@code books}; opened and brought to its newest schema
 * at the first use. Thread-safe.
 */
public final class JobDatabase implements AutoCloseable {

    /** The newest migration below db/books; a test compares it with the folder. */
    static final String NEWEST = "1";

    private static final int TRIES = 6;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final String LAPTOP = "; on a laptop start it with: ./caravan stores start";
    private static final int CONNECTIONS = 64; // one for each job in work, and a few for claims; made when needed

    private final String uri;
    private final String user;
    private final String password;
    private HikariDataSource pool;

    /** {@code uri}: {@code laptop} or a JDBC URL of PostgreSQL. */
    // user and password are Object as Camel makes numbers of texts of digits, and then finds no constructor
    public JobDatabase(String uri, Object user, Object password) {
        new Settings("jobs")
                .must(
                        uri.equals(Endpoints.LAPTOP) || uri.startsWith("jdbc:postgresql:"),
                        "uri",
                        "be laptop or jdbc:postgresql://<host>:<port>/<database>",
                        uri.replaceAll("[?;].*", ""))
                .check();
        this.uri = uri;
        this.user = user.toString();
        this.password = password.toString();
    }

    /**
     * Does the work in one transaction: all of it or nothing.
     *
     * <ul>
     *   <li>errors: {@link UnavailableException} when the database cannot be reached, {@link ConfigurationException} when it
     *       lets us not in, {@link JobException} for any other refusal; what the work throws itself
     * </ul>
     */
    public <T> T in(SqlWork<T> work) {
        try {
            return Sql.transaction(pool(), work);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** The same, again and again with growing pauses while the database is away; the work may have been done before. */
    public <T> T patiently(SqlWork<T> work) {
        for (int attempt = 0; ; attempt++) {
            try {
                return in(work);
            } catch (UnavailableException e) {
                if (attempt == TRIES) throw e;
                pause(attempt, e);
            }
        }
    }

    private static void pause(int attempt, UnavailableException why) {
        try {
            TimeUnit.MILLISECONDS.sleep(FIRST_PAUSE_MILLIS << attempt);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw why;
        }
    }

    /** What the server or the driver said first; the pool wraps it in its own words. */
    private static SQLException deepest(SQLException e) {
        SQLException deepest = e;
        for (Throwable t = e; t != null; t = t.getCause()) if (t instanceof SQLException sql) deepest = sql;
        return deepest;
    }

    /** Why it cannot be opened, with the setting to correct. */
    private static CaravanException unopened(Endpoint endpoint, SQLException e) {
        String address = endpoint.uri().replaceAll("\\?.*", "");
        SqlServer server =
                new SqlServer(new Server("jobs", "caravan.warehouse.uri", "a PostgreSQL", address), endpoint.user());
        return server.failure("", deepest(e))
                .<CaravanException>map(failure -> failure instanceof UnavailableException
                        ? new UnavailableException(failure.getMessage() + LAPTOP, e)
                        : failure)
                .orElseGet(() -> failure(e));
    }

    private static CaravanException failure(SQLException e) {
        SQLException deepest = deepest(e);
        String state = deepest.getSQLState() == null ? "" : deepest.getSQLState();
        String message = "jobs: " + deepest.getMessage();
        if (state.startsWith("28") || state.equals("3D000") || state.equals("42501")) {
            return new ConfigurationException(message + "; correct caravan.warehouse.uri, user and password");
        }
        // a deadlock or a serialisation failure passes too
        if (Sql.away(deepest) || state.startsWith("40") || state.equals("08001")) {
            return new UnavailableException(message + LAPTOP, e);
        }
        return new JobException(message, e);
    }

    private synchronized HikariDataSource pool() {
        if (pool != null) return pool;
        Endpoint endpoint = Endpoints.resolve("jobs", "postgres", uri, user, password);
        HikariConfig config = new HikariConfig();
        config.setPoolName("caravan-jobs");
        config.setJdbcUrl(endpoint.uri());
        config.setUsername(endpoint.user());
        config.setPassword(endpoint.password());
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(0);
        config.setIdleTimeout(30_000);
        config.setConnectionTimeout(5_000);
        config.setInitializationFailTimeout(-1);
        config.addDataSourceProperty("ApplicationName", "caravan jobs");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        // no statement of ours takes a minute; a network that swallows everything must not hold a worker for ever
        config.addDataSourceProperty("socketTimeout", "60");
        HikariDataSource opened = new HikariDataSource(config);
        try {
            migrate(opened);
        } catch (SQLException e) {
            opened.close();
            throw unopened(endpoint, e);
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
        pool = opened;
        return pool;
    }

    private static void migrate(HikariDataSource database) throws SQLException {
        try {
            Schema.migrate(database, "books", "classpath:db/books", NEWEST);
        } catch (FlywayException e) {
            throw new JobException("jobs: schema books cannot be brought up to date: " + e.getMessage(), e);
        }
    }

    @Override
    public synchronized void close() {
        if (pool != null) pool.close();
        pool = null;
    }
}
