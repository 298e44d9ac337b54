package io.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** One row an object: the etag it had when it was last read to its end. */
public final class ObjectStates {

    private static final String SETTLED = " from ledger.object_state o where o.flow = ? and o.object = ?"
            + " and o.complete and o.etag <> '' and not exists (select 1 from ledger.batch_state b"
            + " where b.flow = o.flow and b.object = o.object and (b.changed_run > ? or b.duplicates))";

    private ObjectStates() {}

    /** The etag of an object that was read whole and that no sink waits for a record of. */
    public static Optional<String> etag(Connection c, short flow, String object, long acked) throws SQLException {
        return Sql.first(c, r -> r.getString(1), "select o.etag" + SETTLED, flow, object, acked);
    }

    /** Forgets the etag before the object is read: until it is read to its end, nobody may skip it. */
    public static void reading(Connection c, short flow, String object, long run) throws SQLException {
        write(c, flow, object, "", false, false, run);
    }

    /** Too much of the object cannot be read: nothing of it is deleted, and it is read again by the next run. */
    public static void setAside(Connection c, short flow, String object, long run) throws SQLException {
        write(c, flow, object, "", false, true, run);
    }

    public static void read(Connection c, short flow, String object, String etag, long run) throws SQLException {
        write(c, flow, object, etag, true, false, run);
    }

    public static void skipped(Connection c, short flow, String object, long run) throws SQLException {
        Sql.update(c, "update ledger.object_state set seen_run = ? where flow = ? and object = ?", run, flow, object);
    }

    /** Forgets the objects that this run did not see; source dead letters of objects that are not there end. */
    public static void forgetUnseen(Connection c, short flow, long run) throws SQLException {
        Sql.update(c, "delete from ledger.object_state where flow = ? and seen_run <> ?", flow, run);
        Sql.update(
                c,
                "update ledger.dead_letter d set state = 'gone', updated_at = clock_timestamp()"
                        + " where d.flow = ? and d.stage = 'source' and d.state in ('open', 'accepted')"
                        + " and not exists (select 1 from ledger.object_state o"
                        + " where o.flow = d.flow and o.object = d.object)",
                flow);
    }

    private static void write(
            Connection c, short flow, String object, String etag, boolean complete, boolean aside, long run)
            throws SQLException {
        Sql.update(
                c,
                "insert into ledger.object_state (flow, object, etag, complete, aside, seen_run)"
                        + " values (?, ?, ?, ?, ?, ?) on conflict (flow, object) do update set etag = excluded.etag,"
                        + " complete = excluded.complete, aside = excluded.aside, seen_run = excluded.seen_run",
                flow,
                object,
                etag,
                complete,
                aside,
                run);
    }
}
