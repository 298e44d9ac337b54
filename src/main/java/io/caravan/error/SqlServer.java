package io.caravan.error;

import java.sql.SQLException;
import java.util.Optional;

/**
 * A server that speaks SQL, and what an {@link SQLException} says of it; what it says of a statement is up to the caller.
 *
 * @param user who connects; blank for nobody
 */
public record SqlServer(ServerErrors server, String user) {

    /**
     * Whether it took longer than allowed: by a limit of the server's own on a statement or on waiting for a lock, or because
     * no byte came any more.
     */
    public static boolean late(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.equals("57014")
                || state.equals("55P03")
                || (state.startsWith("08") && ServerErrors.says(e, "Read timed out"));
    }

    /** What the server or the driver said first; a pool wraps it in its own words. */
    public static SQLException deepest(SQLException e) {
        SQLException deepest = e;
        for (Throwable t = e; t != null; t = t.getCause()) if (t instanceof SQLException sql) deepest = sql;
        return deepest;
    }

    /**
     * What to throw when the server cannot be reached, is in trouble, refuses the user or lacks the database; empty when
     * the statement is to blame.
     */
    public Optional<CaravanException> failure(String action, SQLException e) {
        String state = e.getSQLState() == null || e.getSQLState().length() < 2 ? "08000" : e.getSQLState();
        // the driver's own "connection rejected": no password given, or an unknown way to log in
        if (state.equals("08004") || state.startsWith("28")) {
            return Optional.of(
                    server.denied(false, action, ServerErrors.user(user), ServerErrors.words(e), "user", "password"));
        }
        if (state.equals("3D000")) {
            return Optional.of(new ConfigurationException(SettingChecks.sentence(
                            server.unit(), server.setting(), "name a database that exists", server.address())
                    + " (" + ServerErrors.words(e) + "); create it or correct '" + server.setting() + "'"));
        }
        if (state.equals("08P01")) return Optional.of(server.other(action, ServerErrors.words(e)));
        if (state.startsWith("08")) return Optional.of(server.away(action, e));
        boolean busy = state.startsWith("53") || state.startsWith("57P");
        return busy ? Optional.of(server.busy(action, ServerErrors.words(e), e)) : Optional.empty();
    }
}
