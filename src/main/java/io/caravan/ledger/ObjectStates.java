package io.caravan.ledger;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

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
    public static void setAside(Connection c, short flow, String object, long run, AuditInput input)
            throws SQLException {
        write(c, flow, object, "", false, true, run, input);
    }

    /** {@code etag}: by which it is known, which may be more than its own. */
    public static void read(Connection c, short flow, String object, String etag, long run, AuditInput input)
            throws SQLException {
        write(c, flow, object, etag, true, false, run, input);
    }

    public static void skipped(Connection c, short flow, String object, long run) throws SQLException {
        Sql.update(c, "update ledger.object_state set seen_run = ? where flow = ? and object = ?", run, flow, object);
    }

    /** Which of these fields records of an object had when it was last read to its end. */
    public static Set<String> fields(Connection c, short flow, String object) throws SQLException {
        return names(
                c,
                "select unnest(coalesce(read_fields, fields)) from ledger.object_state where flow = ? and object = ?",
                flow,
                object);
    }

    /** The same of all objects, up to the last run that settled them. */
    public static Set<String> settledFields(Connection c, short flow) throws SQLException {
        return names(c, "select distinct unnest(fields) from ledger.object_state where flow = ?", flow);
    }

    /** The same of the objects that a run saw; empty when nobody knows them of one. */
    public static Optional<Set<String>> seenFields(Connection c, short flow, long run) throws SQLException {
        boolean unknown = Sql.first(
                        c,
                        r -> r.getBoolean(1),
                        "select exists (select 1 from ledger.object_state where flow = ? and seen_run = ?"
                                + " and fields is null and read_fields is null)",
                        flow,
                        run)
                .orElseThrow();
        if (unknown) return Optional.empty();
        return Optional.of(names(
                c,
                "select distinct unnest(coalesce(read_fields, fields)) from ledger.object_state where flow = ? and seen_run = ?",
                flow,
                run));
    }

    /** Notes the fields that records of an object have which was read to its end; {@link #settleFields} makes them count. */
    public static void readFields(Connection c, short flow, String object, Set<String> fields) throws SQLException {
        Array names = c.createArrayOf("text", fields.toArray());
        Sql.update(
                c, "update ledger.object_state set read_fields = ? where flow = ? and object = ?", names, flow, object);
    }

    /** What was noted is what records have from now on. */
    public static void settleFields(Connection c, short flow) throws SQLException {
        Sql.update(
                c,
                "update ledger.object_state set fields = read_fields, read_fields = null"
                        + " where flow = ? and read_fields is not null",
                flow);
    }

    private static Set<String> names(Connection c, String sql, Object... values) throws SQLException {
        return new TreeSet<>(Sql.list(c, r -> r.getString(1), sql, values));
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

    private static final String WRITE =
            "insert into ledger.object_state (flow, object, etag, complete, aside, seen_run)"
                    + " values (?, ?, ?, ?, ?, ?) on conflict (flow, object) do update set etag = excluded.etag,"
                    + " complete = excluded.complete, aside = excluded.aside, seen_run = excluded.seen_run";

    private static void write(
            Connection c, short flow, String object, String etag, boolean complete, boolean aside, long run)
            throws SQLException {
        Sql.update(c, WRITE, flow, object, etag, complete, aside, run);
    }

    /** The same, and in the same statement what the run read. */
    private static void write(
            Connection c,
            short flow,
            String object,
            String etag,
            boolean complete,
            boolean aside,
            long run,
            AuditInput input)
            throws SQLException {
        Sql.update(
                c,
                "with read as (" + AuditInput.INSERT + ") " + WRITE,
                run,
                input.object(),
                input.etag(),
                input.size(),
                aside,
                flow,
                object,
                etag,
                complete,
                aside,
                run);
    }
}
