package io.caravan.local;

import io.caravan.error.UnavailableException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Properties;

/** What a connection to a PostgreSQL endpoint tells about it. */
final class PostgresDatabase {

    private PostgresDatabase() {}

    /** Connects once; empty when the database answers, else what it said. */
    static Optional<SQLException> attempt(Endpoint endpoint) {
        try (Connection connection = connect(endpoint)) {
            return connection.isValid(5) ? Optional.empty() : Optional.of(new SQLException("does not answer", "08000"));
        } catch (SQLException e) {
            return Optional.of(e);
        }
    }

    /** The name of the cluster that answers; empty when none accepts the user. */
    static Optional<String> cluster(Endpoint endpoint) {
        try (Connection connection = connect(endpoint);
                Statement statement = connection.createStatement();
                ResultSet name = statement.executeQuery("SHOW cluster_name")) {
            name.next();
            return Optional.of(name.getString(1));
        } catch (SQLException e) {
            return Optional.empty();
        }
    }

    /** Whether the server starts, recovers or is not there yet: worth another attempt. */
    static boolean comesUp(Optional<SQLException> said) {
        return said.filter(e -> state(e).equals("57P03") || state(e).startsWith("08"))
                .isPresent();
    }

    static boolean refusesPassword(SQLException said) {
        return state(said).startsWith("28");
    }

    static void createIfMissing(Endpoint endpoint) {
        if (attempt(endpoint).filter(e -> state(e).equals("3D000")).isEmpty()) return;
        int slash = endpoint.uri().lastIndexOf('/');
        Endpoint server =
                new Endpoint(endpoint.uri().substring(0, slash) + "/postgres", endpoint.user(), endpoint.password());
        String database = endpoint.uri().substring(slash + 1);
        try (Connection connection = connect(server);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + statement.enquoteIdentifier(database, true));
        } catch (SQLException e) {
            throw new UnavailableException("postgres: database " + database + " cannot be created", e);
        }
    }

    static Connection connect(Endpoint endpoint) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", endpoint.user());
        properties.setProperty("password", endpoint.password());
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "60");
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        return DriverManager.getConnection(endpoint.uri(), properties);
    }

    private static String state(SQLException e) {
        return String.valueOf(e.getSQLState());
    }
}
