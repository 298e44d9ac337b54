package io.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/**
 * A schema that migrations bring to its newest version. A process may be killed at any moment of it: each migration and the
 * row that says so are one transaction.
 */
public final class Schema {

    /**
     * With its other lock Flyway writes that row on a connection of its own: whoever is killed in between leaves tables that no
     * later start can make.
     */
    private static final Map<String, String> ONE_CONNECTION = Map.of("flyway.postgresql.transactional.lock", "false");

    private Schema() {}

    /**
     * Migrates when there is anything to do: Flyway costs 300 ms, a look at its own table 2 ms.
     *
     * <ul>
     *   <li>in: the schema's name, where its migrations are, the version of the newest
     *   <li>errors: {@link SQLException} when the database cannot be asked, {@link
     *       org.flywaydb.core.api.FlywayException} when a migration fails
     * </ul>
     */
    public static void migrate(DataSource database, String schema, String location, String newest) throws SQLException {
        migrate(database, database, schema, location, newest);
    }

    /** The same; {@code patient}: connections for the migrations themselves, which may take longer than other statements. */
    public static void migrate(DataSource database, DataSource patient, String schema, String location, String newest)
            throws SQLException {
        try (Connection c = database.getConnection()) {
            if (current(c, schema, newest)) return;
        }
        Flyway.configure()
                .dataSource(patient)
                .locations(location)
                .defaultSchema(schema)
                .schemas(schema)
                .configuration(ONE_CONNECTION)
                .load()
                .migrate();
    }

    private static boolean current(Connection c, String schema, String newest) throws SQLException {
        String table = schema + ".flyway_schema_history";
        boolean exists = Sql.first(c, r -> r.getBoolean(1), "select to_regclass(?) is not null", table)
                .orElse(false);
        return exists
                && Sql.first(c, r -> true, "select 1 from " + table + " where version = ? and success", newest)
                        .isPresent();
    }
}
