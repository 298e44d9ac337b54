package io.caravan.error;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who holds the locks that a connection to a PostgreSQL waits for: never with the text of a statement, which may hold data. */
public final class LockHolders {

    private static final int NAMED = 3;

    private static final String SQL = """
            select b.pid, a.application_name, a.usename, host(a.client_addr), a.state,
              extract(epoch from clock_timestamp() - a.state_change)::bigint,
              extract(epoch from clock_timestamp() - a.xact_start)::bigint
            from (select distinct unnest(pg_blocking_pids(?)) as pid) b left join pg_stat_activity a using (pid)
            order by a.xact_start, b.pid""";

    private LockHolders() {}

    /**
     * In words that follow "waits for"; empty when that connection waits for no lock.
     *
     * @param other a connection of its own
     * @param pid the server's process of the one that waits
     */
    public static Optional<String> of(Connection other, int pid) throws SQLException {
        List<String> holders = new ArrayList<>();
        try (PreparedStatement statement = other.prepareStatement(SQL)) {
            statement.setInt(1, pid);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) holders.add(holder(row));
            }
        }
        if (holders.isEmpty()) return Optional.empty();
        String named = String.join(", and of ", holders.subList(0, Math.min(NAMED, holders.size())));
        String more = holders.size() > NAMED ? ", and of " + (holders.size() - NAMED) + " more" : "";
        return Optional.of("a lock of " + named + more);
    }

    private static String holder(ResultSet row) throws SQLException {
        int process = row.getInt(1);
        if (process == 0) return "a prepared transaction";
        String application = row.getString(2);
        List<String> facts = new ArrayList<>();
        facts.add("process " + process);
        if (row.getString(3) != null) facts.add("user " + ServerErrors.line(row.getString(3)));
        if (row.getString(4) != null) facts.add("from " + row.getString(4));
        if (row.getString(5) != null) facts.add(row.getString(5) + " for " + row.getLong(6) + " s");
        if (row.getString(7) != null) facts.add("its transaction began " + row.getLong(7) + " s ago");
        String name =
                application == null || application.isBlank() ? "another" : "'" + ServerErrors.line(application) + "'";
        return name + " (" + String.join(", ", facts) + ")";
    }
}
