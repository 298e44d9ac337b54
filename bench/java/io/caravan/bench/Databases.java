package io.caravan.bench;

import io.caravan.local.Endpoint;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Makes empty databases in a PostgreSQL server and drops them again. */
final class Databases {

    private final Endpoint server;
    private int made;

    Databases(Endpoint server) {
        this.server = server;
    }

    /** An empty database; all that earlier ones wrote is on the disk before. */
    Endpoint fresh() throws SQLException {
        String name = "bench_" + ++made;
        execute("drop database if exists " + name + " with (force)", "create database " + name, "checkpoint");
        return new Endpoint(server.uri().replaceFirst("[^/]*$", name), server.user(), server.password());
    }

    void drop(Endpoint database) throws SQLException {
        execute("drop database " + database.uri().replaceFirst(".*/", "") + " with (force)");
    }

    static long count(Endpoint database, String table) throws SQLException {
        try (Connection c = open(database);
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery("select count(*) from " + table)) {
            r.next();
            return r.getLong(1);
        }
    }

    static Connection open(Endpoint database) throws SQLException {
        return DriverManager.getConnection(database.uri(), database.user(), database.password());
    }

    private void execute(String... statements) throws SQLException {
        try (Connection c = open(server);
                Statement s = c.createStatement()) {
            for (String statement : statements) s.execute(statement);
        }
    }
}
