package io.caravan.pool;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A pool that gives connections beside it too, to those who would keep others waiting. */
public interface OwnConnections extends DataSource {

    /** A connection of the caller's own, outside of the pool and its number; the caller closes it. */
    Connection beside() throws SQLException;

    /** The same of any data source; of one that has no pool it is a connection like others. */
    static Connection of(DataSource database) throws SQLException {
        return database instanceof OwnConnections pool ? pool.beside() : database.getConnection();
    }
}
