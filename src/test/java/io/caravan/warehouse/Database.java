package io.caravan.warehouse;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A real PostgreSQL of the tests of one class, with password login, and what they ask of it. */
final class Database implements AutoCloseable {

    static final String USER = "postgres";
    static final String PASSWORD = "s3cret \"of, the' test)";

    private final EmbeddedPostgres server;

    Database() throws IOException, SQLException {
        server = EmbeddedPostgres.builder().start();
        run("alter system set password_encryption = 'scram-sha-256'");
        run("alter user postgres password '" + PASSWORD.replace("'", "''") + "'");
        Path hba = Path.of(cell("show hba_file"));
        Files.writeString(hba, "host all all 127.0.0.1/32 scram-sha-256\n");
        run("select pg_reload_conf()");
    }

    String uri() {
        return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres";
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(uri(), USER, PASSWORD);
    }

    void run(String sql) throws SQLException {
        try (Connection c = connect();
                Statement s = c.createStatement()) {
            s.execute(sql);
        }
    }

    /** The rows, the cells of each joined by '|', nulls as '-'. */
    List<String> rows(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection c = connect();
                Statement s = c.createStatement();
                ResultSet row = s.executeQuery(sql)) {
            while (row.next()) {
                List<String> cells = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    cells.add(row.getString(i) == null ? "-" : row.getString(i));
                }
                rows.add(String.join("|", cells));
            }
        }
        return rows;
    }

    String cell(String sql) throws SQLException {
        return rows(sql).get(0);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
