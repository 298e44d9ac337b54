package io.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Forgets what ended more than so many days ago and nobody needs any more. Whatever goes on meanwhile may go on: nothing that a
 * run looks at is touched.
 */
public final class Retention {

    /** A condition on a time: that it is more than so many days ago. */
    private static final String OLD = " < clock_timestamp() - ? * interval '1 day'";

    /** What history says of the present: the newest of each kind, and those that something current names by number. */
    private static final String KEPT = "with kept as (select unnest(array[max(id), max(id) filter (where mode = 'run'),"
            + " max(id) filter (where mode = 'run' and status = 'succeeded')]) as id from ledger.run group by flow"
            + " union select acked_run from ledger.sink_state union select run from ledger.checkpoint"
            + " union select run from ledger.writer union select run from ledger.backfill"
            + " union select run from ledger.dead_letter where state in ('open', 'accepted', 'discarded'))";

    /** An object that its pipeline reads still, as it was when it was last read. */
    private static final String CURRENT =
            "exists (select 1 from ledger.flow f join ledger.object_state o on o.flow = f.id"
                    + " where f.name = a.pipeline and o.object = i.object) and not exists (select 1 from ledger.audit_input n"
                    + " join ledger.audit b on b.run = n.run where n.object = i.object and n.run > i.run and b.pipeline = a.pipeline)";

    private Retention() {}

    /** What there was of each, by words; nothing is forgotten twice. */
    public static Map<String, Long> forget(Connection c, int days) throws SQLException {
        return Sql.ofAll(c, all -> {
            Map<String, Long> forgotten = new LinkedHashMap<>();
            forgotten.put("runs", runs(all, days));
            forgotten.put("deadLetters", letters(all, days));
            forgotten.put("inputs", inputs(all, days));
            forgotten.put("audited", audited(all, days));
            return forgotten;
        });
    }

    /** Deliveries go with their runs. */
    private static long runs(Connection c, int days) throws SQLException {
        return Sql.update(
                c,
                KEPT + " delete from ledger.run r where r.finished_at" + OLD
                        + " and not exists (select 1 from kept k where k.id = r.id)",
                days);
    }

    /** A discarded one stays: it is why the same record is not refused aloud again. */
    private static long letters(Connection c, int days) throws SQLException {
        return Sql.update(
                c, "delete from ledger.dead_letter where state in ('delivered', 'gone') and updated_at" + OLD, days);
    }

    private static long inputs(Connection c, int days) throws SQLException {
        return Sql.update(
                c,
                "delete from ledger.audit_input i using ledger.audit a where a.run = i.run and a.finished_at" + OLD
                        + " and not exists (select 1 from ledger.run r where r.id = i.run) and not (" + CURRENT + ")",
                days);
    }

    /** Settings go when no run had them; whoever begins one waits for that, or it for him. */
    private static long audited(Connection c, int days) throws SQLException {
        long audited = Sql.first(
                        c,
                        r -> r.getLong(1),
                        "with gone as (delete from ledger.audit a where a.finished_at" + OLD
                                + " and not exists (select 1 from ledger.run r where r.id = a.run)"
                                + " and not exists (select 1 from ledger.audit_input i where i.run = a.run) returning run),"
                                + " outputs as (delete from ledger.audit_output o using gone where o.run = gone.run)"
                                + " select count(*) from gone",
                        days)
                .orElseThrow();
        Sql.update(c, "lock table ledger.audit in share mode");
        Sql.update(
                c,
                "delete from ledger.audit_configuration f where not exists"
                        + " (select 1 from ledger.audit a where a.configuration = f.hash)");
        return audited;
    }
}
