package io.caravan.ledger;

import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.JdbcUrl;
import io.caravan.error.Launcher;
import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import io.caravan.error.SqlServer;
import io.caravan.error.UnavailableException;
import io.caravan.pool.DatabasePool;
import io.caravan.pool.Place;
import io.caravan.pool.Session;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;

/** Opens the ledger's database: connections, and the schema at its newest version. */
public final class LedgerDatabase {

    private LedgerDatabase() {}

    /**
     * Connects and migrates schema {@code ledger}.
     *
     * <ul>
     *   <li>in: how long connecting may take, and how long the database may leave a statement unanswered; a statement whose
     *       work grows with all records has ten times that, a migration too
     *   <li>out: a part of the process's pool, and connections beside it for leases; the caller closes it
     *   <li>errors: {@link UnavailableException} when the database cannot be reached in time, {@link
     *       ConfigurationException} when it is not there or refuses the user
     * </ul>
     */
    @SuppressWarnings("MustBeClosedChecker") // closed by the caller
    public static DatabasePool open(
            String jdbcUrl, String user, String password, int connectTimeoutMillis, int timeoutMillis) {
        SettingChecks settings = new SettingChecks("ledger")
                .must(
                        jdbcUrl.startsWith("jdbc:postgresql:"),
                        "caravan.ledger.uri",
                        "be laptop or jdbc:postgresql://<host>:<port>/<database>",
                        jdbcUrl.replaceFirst("(?s)^((?:jdbc:)?[A-Za-z0-9+.-]*).*", "$1:..."))
                .between("caravan.ledger.connectTimeoutMillis", connectTimeoutMillis, 250, 600_000)
                .between("caravan.ledger.timeoutMillis", timeoutMillis, 1_000, 86_400_000);
        if (jdbcUrl.startsWith("jdbc:")) JdbcUrl.check(settings, "caravan.ledger.uri", jdbcUrl);
        settings.check();
        Place place = new Place(jdbcUrl, user, password);
        // who waits for a lock is told by the server, before it takes the server for silent
        String limits = "set lock_timeout = " + timeoutMillis * 8L / 10 + "; set idle_in_transaction_session_timeout = "
                + Sql.OF_ALL * (long) timeoutMillis;
        DatabasePool pool =
                DatabasePool.of(place, new Session("caravan", "", limits, timeoutMillis), connectTimeoutMillis);
        try {
            DataSource patient = place.direct("caravan", connectTimeoutMillis, Sql.OF_ALL * (long) timeoutMillis);
            Schema.migrate(pool, patient, "ledger", "classpath:db/migration", NEWEST);
            return pool;
        } catch (SQLException e) {
            pool.close();
            throw failure(jdbcUrl.replaceAll("\\?.*", ""), user, e);
        } catch (FlywayException e) {
            pool.close();
            throw new LedgerException("ledger: its schema cannot be migrated: " + ServerErrors.words(e), e);
        }
    }

    /** The newest migration below db/migration; a test compares it with the folder. */
    static final String NEWEST = "21";

    /** A wrong password stays wrong, however often one tries; a database that is away comes back. */
    private static CaravanException failure(String url, String user, SQLException thrown) {
        ServerErrors server = new ServerErrors("ledger", "caravan.ledger.uri", "a PostgreSQL", url);
        CaravanException failure = new SqlServer(server, user)
                .failure("", SqlServer.deepest(thrown))
                .orElseGet(() -> new ConfigurationException("ledger: " + url + " cannot be used: "
                        + ServerErrors.words(thrown) + "; correct caravan.ledger.uri"));
        return failure instanceof UnavailableException
                ? new UnavailableException(
                        failure.getMessage() + "; on a laptop start it with: " + Launcher.command("stores start"),
                        thrown)
                : failure;
    }
}
