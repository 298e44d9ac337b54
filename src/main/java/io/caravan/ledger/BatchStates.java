package io.caravan.ledger;

import io.caravan.record.Hash;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Optional;

/** One row a batch: its fingerprint is the promise that its records are, in this form, the rows of record_state. */
public final class BatchStates {

    public record State(long changedRun, long seenRun, boolean duplicates, int records) {}

    private BatchStates() {}

    public static Optional<State> find(Connection c, short flow, Hash fingerprint) throws SQLException {
        return Sql.first(
                c,
                r -> new State(r.getLong(1), r.getLong(2), r.getBoolean(3), r.getInt(4)),
                "select changed_run, seen_run, duplicates, records from ledger.batch_state"
                        + " where flow = ? and fingerprint = ?",
                flow,
                fingerprint.bytes());
    }

    public static void write(Connection c, short flow, Hash fingerprint, String object, State state)
            throws SQLException {
        Sql.update(
                c,
                "insert into ledger.batch_state values (?, ?, ?, ?, ?, ?, ?) on conflict (flow, fingerprint) do update"
                        + " set object = excluded.object, changed_run = excluded.changed_run,"
                        + " seen_run = excluded.seen_run, duplicates = excluded.duplicates,"
                        + " records = excluded.records",
                flow,
                fingerprint.bytes(),
                object,
                state.changedRun(),
                state.seenRun(),
                state.duplicates(),
                state.records());
    }

    public static void seen(Connection c, short flow, Collection<Hash> fingerprints, long run) throws SQLException {
        if (fingerprints.isEmpty()) return;
        Sql.update(
                c,
                "update ledger.batch_state set seen_run = ? where flow = ? and fingerprint = any(?)",
                run,
                flow,
                fingerprints.stream().map(Hash::bytes).toArray(byte[][]::new));
    }

    /** A fingerprint met twice in one run: its records are duplicates, so it is never skipped. */
    public static void hasDuplicates(Connection c, short flow, Hash fingerprint) throws SQLException {
        Sql.update(
                c,
                "update ledger.batch_state set duplicates = true where flow = ? and fingerprint = ?",
                flow,
                fingerprint.bytes());
    }

    /**
     * Takes back promises that no longer hold, because a row moved to another batch; the objects of those batches must
     * be read again, so their etags are forgotten.
     */
    public static void breakPromises(Connection c, short flow, Collection<Hash> fingerprints) throws SQLException {
        if (fingerprints.isEmpty()) return;
        Sql.update(
                c,
                "with broken as (delete from ledger.batch_state where flow = ? and fingerprint = any(?)"
                        + " returning flow, object)"
                        + " update ledger.object_state o set complete = false from broken b"
                        + " where o.flow = b.flow and o.object = b.object",
                flow,
                fingerprints.stream().map(Hash::bytes).toArray(byte[][]::new));
        unswept(c, flow);
    }

    /** Drops the object's batches that this run's reading of it did not meet. */
    public static void dropUnmet(Connection c, short flow, String object, long run) throws SQLException {
        int dropped = Sql.update(
                c, "delete from ledger.batch_state where flow = ? and object = ? and seen_run <> ?", flow, object, run);
        if (dropped > 0) unswept(c, flow);
    }

    /** Drops all batches that this run did not meet, once every object was read. */
    public static void dropUnmet(Connection c, short flow, long run) throws SQLException {
        String drop = "delete from ledger.batch_state where flow = ? and seen_run <> ?";
        int dropped = Sql.ofAll(c, all -> Sql.update(all, drop, flow, run));
        if (dropped > 0) unswept(c, flow);
    }

    /** Marks all batches of an object as met without reading it; how many records they hold. */
    public static long meetAll(Connection c, short flow, String object, long run) throws SQLException {
        return Sql.first(
                        c,
                        r -> r.getLong(1),
                        "with met as (update ledger.batch_state set seen_run = ? where flow = ? and object = ?"
                                + " returning records) select coalesce(sum(records), 0) from met",
                        run,
                        flow,
                        object)
                .orElse(0L);
    }

    /** Whether batches were dropped since the last sweep, so that records without a batch may exist. */
    public static boolean isUnswept(Connection c, short flow) throws SQLException {
        return Sql.first(c, r -> r.getBoolean(1), "select unswept from ledger.flow where id = ?", flow)
                .orElse(false);
    }

    public static void swept(Connection c, short flow) throws SQLException {
        Sql.update(c, "update ledger.flow set unswept = false where id = ?", flow);
    }

    private static void unswept(Connection c, short flow) throws SQLException {
        Sql.update(c, "update ledger.flow set unswept = true where id = ? and not unswept", flow);
    }
}
