package io.caravan.ledger;

import io.caravan.record.Hash;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/** One row a batch: its fingerprint says that its records are, in this form, the rows of record_state. */
public final class BatchStates {

    public record State(long changedRun, long seenRun, boolean duplicates, int records) {}

    /** What an object that is skipped holds: records, and rows that are known to be unreadable. */
    public record Skipped(long records, long unreadable) {}

    /** Batches that end, remembered with their object as long as rows may name them. */
    private static final String KEPT = ", kept as (insert into ledger.former_batch (flow, fingerprint, object)"
            + " select flow, fingerprint, object from ended on conflict do nothing)";

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

    public static void markSeen(Connection c, short flow, Collection<Hash> fingerprints, long run) throws SQLException {
        if (fingerprints.isEmpty()) return;
        Sql.update(
                c,
                "update ledger.batch_state set seen_run = ? where flow = ? and fingerprint = any(?)",
                run,
                flow,
                fingerprints.stream().map(Hash::bytes).toArray(byte[][]::new));
    }

    /** A fingerprint seen twice in one run: its records are duplicates, so it is never skipped. */
    public static void hasDuplicates(Connection c, short flow, Hash fingerprint) throws SQLException {
        Sql.update(
                c,
                "update ledger.batch_state set duplicates = true where flow = ? and fingerprint = ?",
                flow,
                fingerprint.bytes());
    }

    /**
     * Deletes batches of which a row moved to another batch; the objects of those batches must
     * be read again, so their etags are forgotten.
     */
    public static void invalidateBatches(Connection c, short flow, Collection<Hash> fingerprints) throws SQLException {
        if (fingerprints.isEmpty()) return;
        Sql.update(
                c,
                "with ended as (delete from ledger.batch_state where flow = ? and fingerprint = any(?)"
                        + " returning flow, fingerprint, object)" + KEPT
                        + " update ledger.object_state o set complete = false from ended b"
                        + " where o.flow = b.flow and o.object = b.object",
                flow,
                fingerprints.stream().map(Hash::bytes).toArray(byte[][]::new));
        unswept(c, flow);
    }

    /** Drops the object's batches that this run's reading of it did not see. */
    public static void dropUnseen(Connection c, short flow, String object, long run) throws SQLException {
        drop(c, flow, "object = ? and seen_run <> ?", object, run);
    }

    /** Of those, drops the ones with a change that some sink waits for, as it was not seen. */
    public static void dropUnsent(Connection c, short flow, String object, long run, long acked) throws SQLException {
        drop(c, flow, "object = ? and seen_run <> ? and changed_run > ?", object, run, acked);
    }

    /** Drops all batches that this run did not see, once every object was read. */
    public static void dropUnseen(Connection c, short flow, long run) throws SQLException {
        Sql.ofAll(c, all -> {
            drop(all, flow, "seen_run <> ?", run);
            return null;
        });
    }

    private static void drop(Connection c, short flow, String which, Object... values) throws SQLException {
        long dropped = Sql.first(
                        c,
                        r -> r.getLong(1),
                        "with ended as (delete from ledger.batch_state where flow = ? and " + which
                                + " returning flow, fingerprint, object)" + KEPT + " select count(*) from ended",
                        Stream.concat(Stream.of(flow), Stream.of(values)).toArray())
                .orElseThrow();
        if (dropped > 0) unswept(c, flow);
    }

    /** Marks all batches of an object as seen without reading it. */
    public static Skipped markSeen(Connection c, short flow, String object, long run) throws SQLException {
        return Sql.first(
                        c,
                        r -> new Skipped(r.getLong(1), r.getLong(2)),
                        "with seen as (update ledger.batch_state set seen_run = ? where flow = ? and object = ?"
                                + " returning records) select (select coalesce(sum(records), 0) from seen),"
                                + " (select count(*) from ledger.dead_letter where flow = ? and object = ?"
                                + " and stage = 'source' and key is null and line > 0"
                                + " and state in ('open', 'accepted', 'discarded'))",
                        run,
                        flow,
                        object,
                        flow,
                        object)
                .orElseThrow();
    }

    /** How many records the batches contain. */
    public static long records(Connection c, short flow) throws SQLException {
        return Sql.first(
                        c,
                        r -> r.getLong(1),
                        "select coalesce(sum(records), 0) from ledger.batch_state where flow = ?",
                        flow)
                .orElseThrow();
    }

    /** Whether batches were dropped since the last sweep, so that records without a batch may exist. */
    public static boolean isUnswept(Connection c, short flow) throws SQLException {
        return Sql.first(c, r -> r.getBoolean(1), "select unswept from ledger.flow where id = ?", flow)
                .orElse(false);
    }

    /** Every record that no batch contains was marked deleted: nothing of former batches is left to know. */
    public static void swept(Connection c, short flow) throws SQLException {
        Sql.update(c, "delete from ledger.former_batch where flow = ?", flow);
        Sql.update(c, "update ledger.flow set unswept = false where id = ?", flow);
    }

    private static void unswept(Connection c, short flow) throws SQLException {
        Sql.update(c, "update ledger.flow set unswept = true where id = ? and not unswept", flow);
    }
}
