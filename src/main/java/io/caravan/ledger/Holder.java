package io.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Who has the right to run something at this moment, by a lease that has not ended.
 *
 * @param of {@code pipeline}, or {@code key} of what runs of jobs have in common
 * @param name of the pipeline, or the key
 * @param holder what it does, process and host
 * @param since when the run began that goes on; empty for who only holds
 * @param heartbeat when the lease was renewed last
 * @param until when it ends unless it is renewed
 */
public record Holder(String of, String name, String holder, Optional<Instant> since, Instant heartbeat, Instant until) {

    /** All, by name. */
    public static List<Holder> all(Connection c) throws SQLException {
        return Sql.list(
                c,
                r -> new Holder(
                        r.getString(1),
                        r.getString(2),
                        r.getString(3),
                        Optional.ofNullable(r.getTimestamp(4)).map(Timestamp::toInstant),
                        r.getTimestamp(5).toInstant(),
                        r.getTimestamp(6).toInstant()),
                "select 'pipeline', f.name, l.holder, (select max(r.started_at) from ledger.run r where r.flow = l.flow"
                        + " and r.finished_at is null), l.renewed_at, l.expires_at from ledger.lease l"
                        + " join ledger.flow f on f.id = l.flow where l.expires_at > clock_timestamp()"
                        + " union all select 'key', key, holder, null, renewed_at, expires_at from ledger.key_lease"
                        + " where expires_at > clock_timestamp() order by 1 desc, 2");
    }
}
