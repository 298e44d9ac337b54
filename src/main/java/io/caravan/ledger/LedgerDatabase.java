package io.caravan.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.JdbcUrl;
import io.caravan.error.Launcher;
import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import io.caravan.error.SqlServer;
import io.caravan.error.UnavailableException;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.ds.PGSimpleDataSource;

/** Opens the ledger's database: a small pool, and the schema at its newest version. */
public final class LedgerDatabase {

    private LedgerDatabase() {}

    /**
     * Connects and migrates schema {@code ledger}.
     *
     * <ul>
     *   <li>in: how long connecting may take, and how long the database may leave a statement unanswered; a statement whose
     *       work grows with all records has ten times that, a migration too
     *   <li>out: a pool of at most 40 connections, as each run holds one for its lease; the caller closes it
     *   <li>errors: {@link UnavailableException} when the database cannot be reached in time, {@link
     *       ConfigurationException} when it is not there or refuses the user
     * </ul>
     */
    @SuppressWarnings("MustBeClosedChecker") // closed by the caller
    public static HikariDataSource open(
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
        HikariConfig config = new HikariConfig();
        config.setPoolName("caravan-ledger");
        config.setJdbcUrl(jdbcUrl);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(40);
        config.setMinimumIdle(0);
        // what a burst took goes back to the server soon: others need its connections too
        config.setIdleTimeout(30_000);
        config.setConnectionTimeout(connectTimeoutMillis);
        config.setValidationTimeout(connectTimeoutMillis);
        // who waits for a lock is told by the server, before it takes the server for silent
        config.setConnectionInitSql("set lock_timeout = " + timeoutMillis * 8L / 10
                + "; set idle_in_transaction_session_timeout = " + Sql.OF_ALL * (long) timeoutMillis);
        config.setInitializationFailTimeout(-1);
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("ApplicationName", "caravan");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("connectTimeout", seconds(connectTimeoutMillis));
        config.addDataSourceProperty("loginTimeout", seconds(connectTimeoutMillis));
        // a network that swallows everything must not hold a run for ever
        config.addDataSourceProperty("socketTimeout", seconds(timeoutMillis));
        HikariDataSource pool = new HikariDataSource(config);
        try {
            Schema.migrate(pool, patient(config, timeoutMillis), "ledger", "classpath:db/migration", NEWEST);
            return pool;
        } catch (SQLException e) {
            pool.close();
            throw failure(jdbcUrl.replaceAll("\\?.*", ""), user, e);
        } catch (FlywayException e) {
            pool.close();
            throw new LedgerException("ledger: its schema cannot be migrated: " + ServerErrors.words(e), e);
        }
    }

    /** Connections of their own for migrations, which may take long. */
    private static DataSource patient(HikariConfig like, int timeoutMillis) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(like.getJdbcUrl());
        source.setUser(like.getUsername());
        source.setPassword(like.getPassword());
        source.setApplicationName("caravan");
        source.setTcpKeepAlive(true);
        source.setSocketTimeout((int) Math.min(Integer.MAX_VALUE / 1000, Sql.OF_ALL * (long) timeoutMillis / 1000));
        return source;
    }

    private static String seconds(int millis) {
        return Integer.toString((millis + 999) / 1000);
    }

    /** The newest migration below db/migration; a test compares it with the folder. */
    static final String NEWEST = "18";

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
