package io.caravan.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.Server;
import io.caravan.error.SqlServer;
import io.caravan.error.UnavailableException;
import java.sql.SQLException;
import org.flywaydb.core.api.FlywayException;

/** Opens the ledger's database: a small pool, and the schema at its newest version. */
public final class LedgerDatabase {

    private LedgerDatabase() {}

    /**
     * Connects and migrates schema {@code ledger}.
     *
     * <ul>
     *   <li>out: a pool of at most 40 connections, as each run holds one for its lease; the caller closes it
     *   <li>errors: {@link UnavailableException} when the database cannot be reached within 5 s, {@link
     *       ConfigurationException} when it is not there or lets us not in
     * </ul>
     */
    @SuppressWarnings("MustBeClosedChecker") // closed by the caller
    public static HikariDataSource open(String jdbcUrl, String user, String password) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("caravan-ledger");
        config.setJdbcUrl(jdbcUrl);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(40);
        config.setMinimumIdle(0);
        // what a burst took goes back to the server soon: others need its connections too
        config.setIdleTimeout(30_000);
        config.setConnectionTimeout(5_000);
        config.setInitializationFailTimeout(-1);
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("ApplicationName", "caravan");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        // a network that swallows everything must not hold a run for ever; no statement of ours takes ten minutes
        config.addDataSourceProperty("socketTimeout", "600");
        HikariDataSource pool = new HikariDataSource(config);
        try {
            Schema.migrate(pool, "ledger", "classpath:db/migration", NEWEST);
            return pool;
        } catch (SQLException e) {
            pool.close();
            throw failure(jdbcUrl.replaceAll("\\?.*", ""), user, e);
        } catch (FlywayException e) {
            pool.close();
            throw new LedgerException("ledger: its schema cannot be brought up to date: " + Server.words(e), e);
        }
    }

    /** The newest migration below db/migration; a test compares it with the folder. */
    static final String NEWEST = "6";

    /** A wrong password stays wrong, however often one tries; a database that is away comes back. */
    private static CaravanException failure(String url, String user, SQLException thrown) {
        Server server = new Server("ledger", "caravan.ledger.uri", "a PostgreSQL", url);
        CaravanException failure = new SqlServer(server, user)
                .failure("", said(thrown))
                .orElseGet(() -> new ConfigurationException("ledger: " + url + " cannot be used: "
                        + Server.words(thrown) + "; correct caravan.ledger.uri"));
        return failure instanceof UnavailableException
                ? new UnavailableException(
                        failure.getMessage() + "; on a laptop start it with: ./caravan stores start", thrown)
                : failure;
    }

    /** What the server or the driver said first; the pool wraps it in its own words. */
    private static SQLException said(SQLException thrown) {
        SQLException said = thrown;
        for (Throwable e = thrown; e != null; e = e.getCause()) if (e instanceof SQLException sql) said = sql;
        return said;
    }
}
