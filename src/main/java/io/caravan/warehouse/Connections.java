package io.caravan.warehouse;

import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.JdbcUrl;
import io.caravan.error.ServerErrors;
import io.caravan.error.SettingChecks;
import io.caravan.error.SqlServer;
import io.caravan.error.UnavailableException;
import io.caravan.local.Endpoint;
import io.caravan.local.Endpoints;
import io.caravan.pool.DatabasePool;
import io.caravan.pool.Place;
import io.caravan.pool.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import javax.sql.DataSource;
import org.postgresql.Driver;

/**
 * Opens connections to one PostgreSQL database and says what an {@link SQLException} means for Caravan. No message
 * holds the password, nor the parameters of the URI, where one may stand.
 */
final class Connections {

    /** What a configured URI begins with. */
    private static final String SCHEME = "jdbc:postgresql:";

    private final String unit;
    private final String uri;
    private final String user;
    private final String password;
    private final int connectTimeoutMillis;
    private final int timeoutMillis;

    /** Adds what is wrong with the settings to {@code settings}; connects nowhere. */
    Connections(
            SettingChecks settings,
            String unit,
            String uri,
            String user,
            String password,
            int connectTimeoutMillis,
            int timeoutMillis) {
        boolean laptop = Endpoints.LAPTOP.equals(uri);
        settings.must(
                laptop || (uri != null && uri.startsWith(SCHEME) && Driver.parseURL(uri, new Properties()) != null),
                "uri",
                "be 'laptop' or jdbc:postgresql://<host>:<port>/<database>",
                uri == null ? null : shown(uri));
        if (uri != null && uri.startsWith(SCHEME)) JdbcUrl.check(settings, "uri", uri);
        settings.between("connectTimeoutMillis", connectTimeoutMillis, 1, 600_000);
        settings.between("timeoutMillis", timeoutMillis, 1, 86_400_000);
        this.unit = unit;
        this.uri = uri;
        this.user = user == null ? "" : user;
        this.password = password == null ? "" : password;
        this.connectTimeoutMillis = connectTimeoutMillis;
        this.timeoutMillis = timeoutMillis;
    }

    /** A new connection without auto-commit; the caller closes it. */
    Connection open() {
        try {
            Connection connection = source().getConnection();
            try (Statement statement = connection.createStatement()) {
                statement.execute(limits());
                connection.setAutoCommit(false);
                return connection;
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw meaning("connect", e);
        }
    }

    /**
     * Lets the server itself end what takes too long, a little before we give up waiting for it: a lock that others hold first,
     * then any statement. A transaction of ours that says nothing, as its process was suspended, gives back its locks before
     * somebody who waits for them gives up.
     */
    String limits() {
        return "set lock_timeout = " + share(8) + "; set statement_timeout = " + share(9)
                + "; set idle_in_transaction_session_timeout = " + share(5);
    }

    /** So many tenths of the time limit, in milliseconds; 0 would mean none. */
    private long share(int tenths) {
        return Math.max(1, timeoutMillis * (long) tenths / 10);
    }

    /** The same for those that may share connections. */
    Object key() {
        return List.of(uri, user, password, connectTimeoutMillis, timeoutMillis);
    }

    /** Where connections of one's own come from, looked up now; connects nowhere yet. */
    DataSource source() {
        return place().direct("caravan " + unit, connectTimeoutMillis, timeoutMillis);
    }

    /** Those that all in this process share, with our limits; the caller closes it. */
    DatabasePool pool() {
        return DatabasePool.of(
                place(), new Session("caravan " + unit, "", limits(), timeoutMillis), connectTimeoutMillis);
    }

    private Place place() {
        Endpoint endpoint = Endpoints.resolve(unit, "postgres", uri, user, password);
        return new Place(endpoint.uri(), endpoint.user(), endpoint.password());
    }

    /**
     * What to throw for a failed statement, by its SQLSTATE: the values were at fault ({@link BadRecordException}), the
     * server or the network ({@link UnavailableException}), or what was configured ({@link ConfigurationException}).
     */
    CaravanException meaning(String action, SQLException e) {
        if (SqlServer.late(e)) {
            return server().server().late(action, "timeoutMillis", timeoutMillis, ServerErrors.words(e), e);
        }
        Optional<CaravanException> server = server().failure(action, e);
        if (server.isPresent()) return server.get();
        String state = e.getSQLState();
        String message =
                unit + ": cannot " + action + ": " + ServerErrors.line(e.getMessage()) + " (SQLSTATE " + state + ")";
        return switch (state.substring(0, 2)) {
            case "21", "22", "23", "44", "54", "P0" -> new BadRecordException(message, e);
            case "25", "26", "40", "55", "57", "58", "XX" -> new UnavailableException(message, e);
            default -> new ConfigurationException(message);
        };
    }

    /** What is asked, for messages. */
    SqlServer server() {
        return new SqlServer(new ServerErrors(unit, "uri", "a PostgreSQL", shown(uri)), user);
    }

    /** The URI up to its parameters, without a user or password before the host. */
    static String shown(String uri) {
        String place = uri.split("[?;]", 2)[0];
        int at = place.lastIndexOf('@');
        int slashes = place.indexOf("//");
        return at < 0 ? place : (slashes < 0 ? "" : place.substring(0, slashes + 2)) + place.substring(at + 1);
    }
}
