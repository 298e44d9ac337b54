package io.caravan.bench;

import io.caravan.delivery.Sink;
import io.caravan.local.Endpoint;
import io.caravan.warehouse.WarehouseSink;
import java.sql.SQLException;

/** A table of PostgreSQL; the bare client copies and merges as well. */
final class WarehouseWriting implements Writing {

    private final Databases databases;
    private Endpoint database;

    WarehouseWriting(Databases databases) {
        this.databases = databases;
    }

    @Override
    public String name() {
        return "warehouse-sink";
    }

    @Override
    public int rated() {
        return 100_000;
    }

    @Override
    public int keys() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void empty() throws SQLException {
        if (database != null) databases.drop(database);
        database = databases.fresh();
    }

    @Override
    public Bare bare() throws SQLException {
        return Bare.of(new PlainWarehouse(database));
    }

    @Override
    public Sink sink() {
        return new WarehouseSink(
                "warehouse",
                database.uri(),
                database.user(),
                database.password(),
                "public",
                "bench/warehouse.yaml",
                5_000,
                60_000);
    }

    @Override
    public long held() throws SQLException {
        return Databases.count(database, "orders");
    }

    @Override
    public void close() throws SQLException {
        if (database != null) databases.drop(database);
    }
}
