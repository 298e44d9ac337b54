package io.caravan.pool;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What a connection is like for one who uses a database; the next one who gets it may want another.
 *
 * @param application by which the server's own views show it
 * @param schema that unqualified names mean; blank for what the URL and the user say
 * @param limits further statements of SET, separated by semicolons; blank for none
 * @param timeoutMillis how long the server may leave a statement unanswered, and how long to wait for a turn
 */
public record Session(String application, String schema, String limits, int timeoutMillis) {

    /** Makes the connection so, whatever it was. */
    void begin(Connection c) throws SQLException {
        try (Statement statement = c.createStatement()) {
            // together: one way to the server and back
            statement.execute("reset all; set application_name = '" + application.replace("'", "''") + "'"
                    + (schema.isEmpty() ? "" : "; set search_path = \"" + schema.replace("\"", "\"\"") + "\"")
                    + (limits.isEmpty() ? "" : "; " + limits));
        }
    }
}
