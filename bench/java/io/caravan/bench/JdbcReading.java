package io.caravan.bench;

import io.caravan.endpoint.TestContext;
import io.caravan.jdbc.JdbcSource;
import io.caravan.local.Endpoint;
import io.caravan.source.Source;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A table of PostgreSQL. */
final class JdbcReading implements Reading {

    private static final String QUERY = "select * from orders";
    private static final int FETCH_SIZE = 1_000;

    private final Databases databases;
    private final Endpoint database;

    JdbcReading(Databases databases) throws SQLException {
        this.databases = databases;
        this.database = databases.fresh();
    }

    Endpoint database() {
        return database;
    }

    @Override
    public String name() {
        return "jdbc-source";
    }

    @Override
    public void prepare(int records) throws SQLException {
        try (Connection c = Databases.open(database);
                Statement s = c.createStatement()) {
            s.execute("drop table if exists orders");
            s.execute("create table orders as select 'order-' || lpad(i::text, 9, '0') as order_id,"
                    + " 'customer-' || i % 10000 as customer_id, 'product ' || i % 1000 as product,"
                    + " (1 + i % 20)::bigint as quantity, (i % 50000)::numeric(10, 2) / 100 as price, i % 2 = 0 as paid,"
                    + " timestamptz '2025-01-01' + i * interval '1 second' as ordered_at,"
                    + " 'gift wrapped call before größer ' || i % 7 as note from generate_series(1, " + records
                    + ") i");
            s.execute("vacuum analyze orders");
        }
    }

    @Override
    public Source source() {
        return TestContext.knownTo(new JdbcSource(
                database.uri(),
                database.user(),
                database.password(),
                "orders",
                QUERY,
                Orders.KEY,
                "",
                "",
                0,
                0,
                FETCH_SIZE,
                5_000,
                60_000));
    }

    @Override
    public long bare() throws SQLException {
        try (Connection c = Databases.open(database)) {
            c.setAutoCommit(false);
            try (Statement s = c.createStatement()) {
                s.setFetchSize(FETCH_SIZE);
                try (ResultSet row = s.executeQuery(QUERY)) {
                    return count(row);
                }
            }
        }
    }

    private static long count(ResultSet row) throws SQLException {
        int columns = row.getMetaData().getColumnCount();
        Object[] values = new Object[columns];
        long records = 0;
        for (; row.next(); records++) {
            for (int i = 0; i < columns; i++) values[i] = row.getObject(i + 1);
        }
        return records;
    }

    @Override
    public void close() throws SQLException {
        databases.drop(database);
    }
}
