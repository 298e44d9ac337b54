package io.caravan.warehouse;

import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** An empty database of a real PostgreSQL, and what tests ask of it. */
record Database(Endpoint endpoint) {

    static Database fresh() {
        return new Database(TestStores.freshDatabase());
    }

    String uri() {
        return endpoint.uri();
    }

    String user() {
        return endpoint.user();
    }

    String password() {
        return endpoint.password();
    }

    void run(String sql) throws SQLException {
        try (Connection c = TestStores.dataSource(endpoint).getConnection();
                Statement s = c.createStatement()) {
            s.execute(sql);
        }
    }

    /** The rows, the cells of each joined by '|', nulls as '-'. */
    List<String> rows(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection c = TestStores.dataSource(endpoint).getConnection();
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
}
