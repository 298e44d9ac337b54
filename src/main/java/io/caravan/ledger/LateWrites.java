package io.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;

/**
 * What somebody wrote to a sink after its lease had ended, as a process does that was suspended in the middle of a bulk
 * write. Others may have written newer values before it, so what the sink holds of these keys is unknown.
 */
public final class LateWrites {

    private static final byte[] NO_HASH = new byte[16];

    private LateWrites() {}

    /**
     * Makes the next run send the sink everything again, and delete of these keys those the ledger does not know any
     * more. Needs no lease: it can only make a later run do more.
     */
    public static void note(Connection c, short flow, String sink, long run, Collection<String> keys)
            throws SQLException {
        Sql.update(
                c,
                "update ledger.sink_state set generation = '', acked_run = 0 where flow = ? and sink = ?",
                flow,
                sink);
        Sql.update(
                c,
                "insert into ledger.record_state (flow, key, hash, first_run, changed_run, batch, dead)"
                        + " select ?, k, ?, ?, ?, ?, true from unnest(?) as t (k) order by k on conflict do nothing",
                flow,
                NO_HASH,
                run,
                run,
                NO_HASH,
                keys.stream().distinct().toArray(String[]::new));
    }
}
