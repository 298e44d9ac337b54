package io.caravan.jdbc;

import com.zaxxer.hikari.util.DriverDataSource;
import io.caravan.endpoint.Client;
import io.caravan.endpoint.Clients;
import io.caravan.endpoint.DataSources;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.JdbcUrl;
import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import io.caravan.error.SqlServer;
import io.caravan.error.UnavailableException;
import io.caravan.local.Endpoint;
import io.caravan.local.Endpoints;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.StoreClock;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;

/**
 * Connects to one database, by the data source that the Camel context has for the settings, of the driver the URL names, and says what an {@link SQLException} means for Caravan. No
 * message holds the password, nor what stands in the URL behind the database or before the host.
 */
final class Database {

    private static final String POSTGRESQL = "jdbc:postgresql:";
    /** By how much a server or driver that ends something in time is ahead of us giving up. */
    private static final int SLACK_MILLIS = 2_000;

    private final String unit;
    private final String uri;
    private final String user;
    private final String password;
    private final int connectTimeoutMillis;
    private final int timeoutMillis;
    private CamelContext context;

    /** Adds what is wrong with the settings to {@code settings}; connects nowhere. */
    Database(
            SettingChecks settings,
            String unit,
            String uri,
            String user,
            String password,
            int connectTimeoutMillis,
            int timeoutMillis) {
        settings.must(
                Endpoints.LAPTOP.equals(uri) || uri.startsWith("jdbc:"),
                "uri",
                "be 'laptop' or jdbc:<driver>:<what the driver asks for>",
                "another form");
        if (uri.startsWith("jdbc:")) JdbcUrl.check(settings, "uri", uri);
        settings.between("connectTimeoutMillis", connectTimeoutMillis, 1, 600_000);
        settings.between("timeoutMillis", timeoutMillis, 1, 86_400_000);
        this.unit = unit;
        this.uri = uri;
        this.user = user;
        this.password = password;
        this.connectTimeoutMillis = connectTimeoutMillis;
        this.timeoutMillis = timeoutMillis;
    }

    /** How long a statement may take, in whole seconds. */
    int timeoutSeconds() {
        return seconds(timeoutMillis);
    }

    /** Takes its data source from this context. */
    synchronized void in(CamelContext newContext) {
        context = newContext;
    }

    synchronized CamelContext context() {
        return context;
    }

    /** A new read-only connection in a transaction that sees one snapshot; the caller closes it. */
    Connection open() {
        Client<DataSource> source = dataSource(); // without a limit: it may start the laptop's store
        try {
            return TimedConnect.within(connectTimeoutMillis + (long) SLACK_MILLIS, () -> opened(source));
        } catch (SQLTimeoutException e) {
            throw server().server()
                    .late(
                            "connect",
                            "connectTimeoutMillis",
                            connectTimeoutMillis,
                            ServerErrors.words(clean(e)),
                            clean(e));
        } catch (SQLException e) {
            throw meaning("connect", e);
        }
    }

    private void ask() {
        try {
            open().close();
        } catch (SQLException e) {
            throw meaning("connect", e);
        }
    }

    private Connection opened(Client<DataSource> source) throws SQLException {
        Connection connection = source.use().getConnection();
        // a driver that took the URL and then did not want it
        if (connection == null) throw noDriver(uri);
        try {
            prepare(connection);
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private Client<DataSource> dataSource() {
        CamelContext known = context();
        if (known == null) throw new IllegalStateException(unit + ": the Camel context must be known first");
        Client<DataSource> source = Clients.of(known)
                .get(
                        DataSources.KIND,
                        List.of(unit, uri, user, password, connectTimeoutMillis, timeoutMillis),
                        this::newDataSource);
        Clients.of(known).watch(source, "", this::ask);
        return source;
    }

    private DataSource newDataSource() {
        Endpoint endpoint = Endpoints.resolve(unit, "postgres", uri, user, password);
        String url = endpoint.uri();
        try {
            DriverManager.getDriver(url);
        } catch (SQLException e) {
            throw noDriver(url);
        }
        return new DriverDataSource(url, null, properties(endpoint), null, null);
    }

    private void prepare(Connection connection) throws SQLException {
        try {
            connection.setNetworkTimeout(Runnable::run, timeoutMillis + SLACK_MILLIS);
        } catch (SQLFeatureNotSupportedException e) {
            // then only the statement has a time limit
        }
        // a pool of the user's may hand it out in a transaction that it began to see whether it lives
        if (!connection.getAutoCommit()) connection.rollback();
        connection.setReadOnly(true);
        if (connection.getMetaData().supportsTransactionIsolationLevel(Connection.TRANSACTION_REPEATABLE_READ)) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        }
        connection.setAutoCommit(false);
    }

    private Properties properties(Endpoint endpoint) {
        Properties properties = new Properties();
        if (!endpoint.user().isEmpty()) properties.setProperty("user", endpoint.user());
        if (!endpoint.password().isEmpty()) properties.setProperty("password", endpoint.password());
        // other drivers refuse properties they do not know, and disagree about their units
        if (endpoint.uri().startsWith(POSTGRESQL)) {
            String connectSeconds = Integer.toString(seconds(connectTimeoutMillis));
            properties.setProperty("connectTimeout", connectSeconds);
            properties.setProperty("loginTimeout", connectSeconds);
            properties.setProperty("tcpKeepAlive", "true");
            properties.setProperty("ApplicationName", "caravan " + unit);
        }
        return properties;
    }

    private ConfigurationException noDriver(String url) {
        String scheme = url.replaceFirst("^(jdbc:[A-Za-z0-9_.+-]*).*$", "$1");
        return new ConfigurationException(SettingChecks.sentence(
                        unit, "uri", "be a URL that a JDBC driver on the class path reads", scheme + "...")
                + "; look at its form, or put the driver's jar beside Caravan's");
    }

    /**
     * What to throw for a failed call: the server or the network ({@link UnavailableException}), what was configured
     * ({@link ConfigurationException}), or data at which the query stopped ({@link IncompleteSourceException}).
     */
    CaravanException meaning(String action, SQLException e) {
        if (SqlServer.late(e)) {
            SQLException clean = clean(e);
            return server().server().late(action, "timeoutMillis", timeoutMillis, ServerErrors.words(clean), clean);
        }
        Optional<CaravanException> server = server().failure(action, clean(e));
        if (server.isPresent()) return server.get();
        String state = e.getSQLState();
        String message = unit + ": cannot " + action + ": " + ServerErrors.line(withoutSecrets(e.getMessage()))
                + " (SQLSTATE " + state + ")";
        boolean passing = e instanceof SQLTransientException
                || e instanceof SQLRecoverableException
                || e instanceof SQLNonTransientConnectionException;
        if (passing) return new UnavailableException(message, e);
        return switch (state.substring(0, 2)) {
            case "25", "26", "40", "55", "57", "58", "XX" -> new UnavailableException(message, e);
            case "21", "22", "54", "P0" -> new IncompleteSourceException(message, e);
            default -> new ConfigurationException(message + "; correct 'query'");
        };
    }

    private SqlServer server() {
        return new SqlServer(new ServerErrors(unit, "uri", "a database", address()), user);
    }

    /** The database's own time, in the transaction of what is read next; ours where it does not say. */
    StoreClock clock(Connection connection) throws SQLException {
        // at PostgreSQL the moment that the transaction sees, too
        String time = ColumnReading.isPostgres(connection) ? "select clock_timestamp()" : "select current_timestamp";
        try (Statement statement = connection.createStatement();
                ResultSet now = statement.executeQuery(time)) {
            now.next();
            return new StoreClock(now.getObject(1, OffsetDateTime.class).toInstant());
        } catch (SQLException e) {
            if (ColumnReading.isPostgres(connection)) throw e;
            return new StoreClock(Instant.now());
        }
    }

    private String address() {
        Client<DataSource> source = dataSource();
        return Clients.of(context()).made(source) ? shown(uri) : "bean " + source.name();
    }

    /** The same without secrets, should the driver repeat them. */
    private SQLException clean(SQLException e) {
        String message = String.valueOf(e.getMessage());
        String clean = withoutSecrets(message);
        return clean.equals(message) ? e : new SQLException(clean, e.getSQLState(), e.getErrorCode(), e.getCause());
    }

    private String withoutSecrets(String message) {
        String clean = uri.startsWith("jdbc:") ? message.replace(uri, shown(uri)) : message;
        for (String parameter : uri.split("[?&;]")) {
            String[] pair = parameter.split("=", 2);
            boolean secret =
                    pair.length == 2 && pair[0].toLowerCase(Locale.ROOT).matches(".*(password|pwd|secret|token|key).*");
            if (secret && !pair[1].isEmpty()) clean = clean.replace(pair[1], "***");
        }
        return password.isEmpty() ? clean : clean.replace(password, "***");
    }

    /** The URI up to its parameters, without a user or password before the host. */
    private static String shown(String uri) {
        String place = uri.split("[?;]", 2)[0];
        int at = place.lastIndexOf('@');
        int slashes = place.indexOf("//");
        return at < 0 ? place : (slashes < 0 ? "" : place.substring(0, slashes + 2)) + place.substring(at + 1);
    }

    private static int seconds(int millis) {
        return (millis + 999) / 1000;
    }
}
