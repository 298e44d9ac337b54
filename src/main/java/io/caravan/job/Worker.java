package io.caravan.job;

import io.caravan.ledger.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/**
 * Who holds jobs at this moment.
 *
 * @param name host and process
 * @param jobs how many
 * @param since when the first of them was claimed
 * @param until when the last claim ends unless it is renewed
 */
public record Worker(String name, long jobs, Instant since, Instant until) {

    /** All, by name. */
    public static List<Worker> all(Connection c) throws SQLException {
        return Sql.list(
                c,
                r -> new Worker(
                        r.getString(1),
                        r.getLong(2),
                        r.getTimestamp(3).toInstant(),
                        r.getTimestamp(4).toInstant()),
                "select j.worker, count(*), min(a.started_at), max(j.leased_until) from job j"
                        + " join attempt a on a.job = j.id and a.attempt = j.attempts"
                        + " where j.status = 'processing' and j.leased_until > clock_timestamp() group by 1 order by 1");
    }
}
