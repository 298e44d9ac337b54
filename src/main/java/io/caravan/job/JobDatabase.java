package io.caravan.job;

import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.JdbcUrl;
import io.caravan.error.Launcher;
import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import io.caravan.error.SqlServer;
import io.caravan.error.UnavailableException;
import io.caravan.error.Words;
import io.caravan.ledger.Schema;
import io.caravan.ledger.Sql;
import io.caravan.ledger.SqlWork;
import io.caravan.local.Endpoint;
import io.caravan.local.Endpoints;
import io.caravan.pool.DatabasePool;
import io.caravan.pool.Place;
import io.caravan.pool.Session;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;

/**
 * A PostgreSQL database with a {@link JobTable}, which unqualified names mean there; opened and brought to its newest schema at
 * the first use. Thread-safe.
 */
public final class JobDatabase implements AutoCloseable {

    private static final int TRIES = 6;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final String LAPTOP = "; on a laptop start it with: " + Launcher.command("stores start");
    private static final String TIMEOUT = "caravan.jobs.timeoutMillis";
    private static final int CONNECT_MILLIS = 5_000;

    private final JobTable table;
    private final String uri;
    private final String user;
    private final String password;
    private final int timeoutMillis;
    private volatile DatabasePool pool;

    /** Of books. */
    public JobDatabase(String uri, Object user, Object password, int timeoutMillis) {
        this(JobTable.BOOKS, uri, user, password, timeoutMillis);
    }

    /**
     * @param uri {@code laptop} or a JDBC URL of PostgreSQL
     * @param timeoutMillis how long it may leave a statement unanswered, and a call with all its new tries may take
     */
    // user and password are Object as Camel makes numbers of texts of digits, and then finds no constructor
    public JobDatabase(JobTable table, String uri, Object user, Object password, int timeoutMillis) {
        SettingChecks settings = new SettingChecks("jobs")
                .must(
                        uri.equals(Endpoints.LAPTOP) || uri.startsWith("jdbc:postgresql:"),
                        "uri",
                        "be laptop or jdbc:postgresql://<host>:<port>/<database>",
                        uri.replaceAll("[?;].*", ""))
                .between("timeoutMillis", timeoutMillis, 1_000, 3_600_000);
        if (uri.startsWith("jdbc:")) JdbcUrl.check(settings, "uri", uri);
        settings.check();
        this.table = table;
        this.uri = uri;
        this.user = user.toString();
        this.password = password.toString();
        this.timeoutMillis = timeoutMillis;
    }

    /**
     * Does the work in one transaction: all of it or nothing.
     *
     * <ul>
     *   <li>errors: {@link UnavailableException} when the database cannot be reached, {@link ConfigurationException} when it
     *       refuses the user, {@link JobException} for any other refusal; what the work throws itself
     * </ul>
     */
    public <T> T in(SqlWork<T> work) {
        return in(work, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis));
    }

    private <T> T in(SqlWork<T> work, long deadline) {
        try {
            return Sql.transaction(pool(), c -> {
                c.setNetworkTimeout(Runnable::run, (int) Math.max(1, millisTo(deadline)));
                return work.on(c);
            });
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /**
     * The same, again and again with growing pauses while the database is away, but no longer than the limit of a call; the work
     * may have been done before.
     */
    public <T> T patiently(SqlWork<T> work) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        for (int attempt = 0; ; attempt++) {
            try {
                return in(work, deadline);
            } catch (UnavailableException e) {
                // what a new try may take before it knows the deadline
                int start = pool == null ? timeoutMillis / 2 : connectMillis();
                if (attempt == TRIES || millisTo(deadline) < start + (FIRST_PAUSE_MILLIS << attempt)) throw e;
                pause(attempt, e);
            }
        }
    }

    private static long millisTo(long deadline) {
        return TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    }

    private int connectMillis() {
        return Math.min(CONNECT_MILLIS, timeoutMillis / 2);
    }

    private static void pause(int attempt, UnavailableException why) {
        try {
            TimeUnit.MILLISECONDS.sleep(FIRST_PAUSE_MILLIS << attempt);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw why;
        }
    }

    /** Why it cannot be opened, with the setting to correct. */
    private CaravanException unopened(Endpoint endpoint, SQLException e) {
        String address = endpoint.uri().replaceAll("\\?.*", "");
        SqlServer server = new SqlServer(
                new ServerErrors("jobs", table.settings() + ".uri", "a PostgreSQL", address), endpoint.user());
        return server.failure("", SqlServer.deepest(e))
                .<CaravanException>map(failure -> failure instanceof UnavailableException
                        ? new UnavailableException(failure.getMessage() + LAPTOP, e)
                        : failure)
                .orElseGet(() -> failure(e));
    }

    private CaravanException failure(SQLException e) {
        SQLException deepest = SqlServer.deepest(e);
        String state = deepest.getSQLState() == null ? "" : deepest.getSQLState();
        String message = "jobs: " + ServerErrors.line(deepest.getMessage());
        if (state.startsWith("28") || state.equals("3D000") || state.equals("42501")) {
            return new ConfigurationException(message + "; correct " + table.settings() + ".uri, user and password");
        }
        if (SqlServer.late(deepest)) {
            return new UnavailableException(
                    message + "; look at its load, at who holds locks there and at the network between, or raise '"
                            + TIMEOUT + "'",
                    e);
        }
        // a deadlock or a serialisation failure passes too
        if (Sql.away(deepest) || state.startsWith("40") || state.equals("08001")) {
            return new UnavailableException(message + LAPTOP, e);
        }
        return new JobException(message, e);
    }

    private synchronized DatabasePool pool() {
        if (pool != null) return pool;
        Endpoint endpoint = Endpoints.resolve("jobs", "postgres", uri, user, password);
        Place place = new Place(endpoint.uri(), endpoint.user(), endpoint.password());
        int answerMillis = Math.max(1_000, timeoutMillis / 2);
        DatabasePool opened =
                DatabasePool.of(place, new Session("caravan jobs", table.schema(), "", answerMillis), connectMillis());
        try {
            migrate(opened, place.direct("caravan jobs", connectMillis(), answerMillis));
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

    private void migrate(DataSource database, DataSource direct) throws SQLException {
        try {
            Schema.migrate(database, direct, table.schema(), table.migrations(), table.newest());
        } catch (FlywayException e) {
            throw new JobException("jobs: schema " + table.schema() + " cannot be migrated: " + Words.other(e), e);
        }
    }

    @Override
    public synchronized void close() {
        if (pool != null) pool.close();
        pool = null;
    }
}
