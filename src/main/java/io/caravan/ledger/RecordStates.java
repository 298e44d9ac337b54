package io.caravan.ledger;

import io.caravan.record.Hash;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One row a record: its newest hash, the run that saw it first in this form, and the batch that contains it. */
public final class RecordStates {

    /**
     * A row; {@code batchSeen} is the run in which its batch was last seen, 0 when the batch is no more; {@code missed}: some whole
     * reading since has lacked it.
     */
    public record State(
            Hash hash, long firstRun, long changedRun, boolean dead, Hash batch, long batchSeen, boolean missed) {}

    /** A row to write; its batch is the one being written. */
    public record Change(String key, Hash hash, long firstRun, long changedRun) {}

    /** A record that is gone from its source; {@code unheldBy} are the sinks that never had any form of it. */
    public record Tombstone(String key, long changedRun, Set<String> unheldBy) {}

    /**
     * Live records that no batch contains any more: those that are gone, those that too few readings have lacked, how many of the
     * others wait by object, see {@link #HELD}, and how many of all have a form that some sink waits for.
     */
    public record Orphans(long gone, long missing, Map<String, Long> waiting, long unsent) {

        public static final Orphans NONE = new Orphans(0, 0, Map.of(), 0);

        public long all() {
            return gone + missing + waiting.values().stream().mapToLong(n -> n).sum();
        }
    }

    private RecordStates() {}

    public static Map<String, State> find(Connection c, short flow, List<String> keys) throws SQLException {
        Map<String, State> found = new HashMap<>(keys.size() * 2);
        Sql.each(
                c,
                r -> found.put(
                        r.getString(1),
                        new State(
                                Hash.of(r.getBytes(2)),
                                r.getLong(3),
                                r.getLong(4),
                                r.getBoolean(5),
                                Hash.of(r.getBytes(6)),
                                r.getLong(7),
                                r.getInt(8) > 0)),
                "select s.key, s.hash, s.first_run, s.changed_run, s.dead, s.batch, coalesce(b.seen_run, 0), s.missed"
                        + " from ledger.record_state s"
                        + " left join ledger.batch_state b on b.flow = s.flow and b.fingerprint = s.batch"
                        + " where s.flow = ? and s.key = any(?)",
                flow,
                keys.toArray(String[]::new));
        return found;
    }

    /** By key: the object of the batch that contains the record. */
    public static Map<String, String> objects(Connection c, short flow, List<String> keys) throws SQLException {
        Map<String, String> found = new HashMap<>(keys.size() * 2);
        Sql.each(
                c,
                r -> found.put(r.getString(1), r.getString(2)),
                "select s.key, b.object from ledger.record_state s"
                        + " join ledger.batch_state b on b.flow = s.flow and b.fingerprint = s.batch"
                        + " where s.flow = ? and s.key = any(?)",
                flow,
                keys.toArray(String[]::new));
        return found;
    }

    /** Writes rows of keys that have none; half the cost of {@link #write}, which looks each of them up again. */
    public static void insert(Connection c, short flow, Hash batch, List<Change> changes) throws SQLException {
        write(c, flow, batch, changes, "");
    }

    /** Writes rows, whether their keys have some or not. */
    public static void write(Connection c, short flow, Hash batch, List<Change> changes) throws SQLException {
        write(
                c,
                flow,
                batch,
                changes,
                " on conflict (flow, key) do update set hash = excluded.hash,"
                        + " first_run = excluded.first_run, changed_run = excluded.changed_run,"
                        + " batch = excluded.batch, dead = false, missed = 0");
    }

    private static void write(Connection c, short flow, Hash batch, List<Change> changes, String onConflict)
            throws SQLException {
        if (changes.isEmpty()) return;
        int n = changes.size();
        String[] keys = new String[n];
        byte[][] hashes = new byte[n][];
        Long[] first = new Long[n];
        Long[] changed = new Long[n];
        for (int i = 0; i < n; i++) {
            Change change = changes.get(i);
            keys[i] = change.key();
            hashes[i] = change.hash().bytes();
            first[i] = change.firstRun();
            changed[i] = change.changedRun();
        }
        Sql.update(
                c,
                "insert into ledger.record_state (flow, key, hash, first_run, changed_run, batch)"
                        + " select ?, k, h, f, r, ? from unnest(?, ?, ?, ?) as t (k, h, f, r)" + onConflict,
                flow,
                batch.bytes(),
                keys,
                hashes,
                first,
                changed);
    }

    public static long live(Connection c, short flow) throws SQLException {
        return count(c, "select count(*) from ledger.record_state where flow = ? and not dead", flow);
    }

    /** The live records that no batch contains any more; gone are those that so many whole readings have lacked. */
    public static Orphans orphans(Connection c, short flow, long acked, int deletesAfter) throws SQLException {
        Map<String, Long> waiting = new TreeMap<>();
        long[] sums = new long[3];
        String sql = "with held as materialized (" + HELD + ") select h.object, count(*),"
                + " count(*) filter (where s.changed_run > ?), count(*) filter (where s.missed < ?) from held h"
                + " right join ledger.record_state s on h.fingerprint = s.batch where " + ORPHAN + " group by h.object";
        Sql.RowSink counted = r -> {
            if (r.getString(1) == null) {
                sums[0] = r.getLong(2) - r.getLong(4);
                sums[2] = r.getLong(4);
            } else {
                waiting.put(r.getString(1), r.getLong(2));
            }
            sums[1] += r.getLong(3);
        };
        Sql.ofAll(c, all -> {
            Sql.each(all, counted, sql, flow, acked, noted(deletesAfter), flow, flow);
            return null;
        });
        return new Orphans(sums[0], sums[2], waiting, sums[1]);
    }

    /** The same by kind, the first part of the key of records that have kinds: of each how many are gone, and how many are live. */
    public static Map<String, Share> goneByKind(Connection c, short flow, int deletesAfter) throws SQLException {
        Map<String, Share> kinds = new TreeMap<>();
        String sql = "with held as materialized (" + HELD
                + ") select substring(s.key from '^(?:[^|\\\\]|\\\\.)*'), count(*),"
                + " count(*) filter (where " + ORPHAN + " and s.missed >= ?"
                + " and s.batch not in (select fingerprint from held))"
                + " from ledger.record_state s where s.flow = ? and not s.dead group by 1";
        Sql.ofAll(c, all -> {
            Sql.each(
                    all,
                    r -> kinds.put(r.getString(1), new Share(r.getLong(3), r.getLong(2))),
                    sql,
                    flow,
                    flow,
                    flow,
                    noted(deletesAfter),
                    flow);
            return null;
        });
        return kinds;
    }

    /** Some of all. */
    public record Share(long some, long of) {}

    /** Notes that one more whole reading lacked the records that no batch contains, but for those that wait; once a run. */
    public static void miss(Connection c, short flow, int deletesAfter) throws SQLException {
        if (noted(deletesAfter) == 0) return;
        String miss = "with held as materialized (" + HELD
                + ") update ledger.record_state s set missed = s.missed + 1 where " + ORPHAN
                + " and s.missed < ? and s.batch not in (select fingerprint from held)";
        Sql.ofAll(c, all -> Sql.update(all, miss, flow, flow, flow, noted(deletesAfter)));
    }

    /** The first of those that too few whole readings have lacked, by key. */
    public static List<String> missing(Connection c, short flow, int deletesAfter, int most) throws SQLException {
        String sql = "with held as materialized (" + HELD + ") select s.key from ledger.record_state s where " + ORPHAN
                + " and s.missed < ? and s.batch not in (select fingerprint from held) order by s.key limit ?";
        return Sql.ofAll(
                c, all -> Sql.list(all, r -> r.getString(1), sql, flow, flow, flow, noted(deletesAfter), most));
    }

    /** How often a record must have been noted as missed; where one reading is enough, none is noted. */
    private static int noted(int deletesAfter) {
        return deletesAfter > 1 ? deletesAfter : 0;
    }

    /**
     * Forgets the content of live records that no batch contains and some sink waits for: it was not seen in this run, so
     * that no sink got it. When they are seen again, they are news for every sink.
     */
    public static void forgetUnsent(Connection c, short flow, long acked) throws SQLException {
        String forget = "update ledger.record_state s set hash = ? where " + ORPHAN + " and s.changed_run > ?";
        Sql.ofAll(c, all -> Sql.update(all, forget, Hash.NONE.bytes(), flow, flow, acked));
    }

    /** Makes tombstones of the live records that no batch contains and so many readings have lacked, but for those that wait. */
    public static void markDeleted(Connection c, short flow, long run, int deletesAfter) throws SQLException {
        String delete = "with held as materialized (" + HELD
                + ") update ledger.record_state s set dead = true, changed_run = ? where " + ORPHAN
                + " and s.missed >= ? and s.batch not in (select fingerprint from held)";
        Sql.ofAll(c, all -> Sql.update(all, delete, flow, run, flow, flow, noted(deletesAfter)));
    }

    /** Makes tombstones of the live ones among these records. */
    public static void markDeleted(Connection c, short flow, long run, List<String> keys) throws SQLException {
        if (keys.isEmpty()) return;
        Sql.update(
                c,
                "update ledger.record_state set dead = true, changed_run = ?"
                        + " where flow = ? and key = any(?) and not dead",
                run,
                flow,
                keys.toArray(String[]::new));
    }

    /** Forgets the former batches that no live record names. */
    public static void forgetFormerBatches(Connection c, short flow) throws SQLException {
        String forget = "delete from ledger.former_batch where flow = ? and fingerprint not in"
                + " (select s.batch from ledger.record_state s where " + ORPHAN + ")";
        Sql.ofAll(c, all -> Sql.update(all, forget, flow, flow, flow));
    }

    /** Tombstones some sink waits for, by key, after {@code afterKey}. */
    public static List<Tombstone> tombstones(Connection c, short flow, long acked, String afterKey, int most)
            throws SQLException {
        return Sql.list(
                c,
                r -> new Tombstone(r.getString(1), r.getLong(2), Set.of((String[])
                        r.getArray(3).getArray())),
                "select s.key, s.changed_run, array(select d.sink from ledger.dead_letter d where d.flow = ?"
                        + " and d.identity = ('key ' || s.key) collate \"default\""
                        + " and d.unheld and d.state in ('open', 'accepted', 'discarded')"
                        + " union select p.sink from ledger.dropped p where p.flow = s.flow and p.key = s.key)"
                        + " from ledger.record_state s where s.flow = ? and s.dead and s.changed_run > ? and s.key > ?"
                        + " order by s.key limit ?",
                flow,
                flow,
                acked,
                afterKey,
                most);
    }

    /** Forgets the tombstones that every sink is past. */
    public static void purge(Connection c, short flow, long acked) throws SQLException {
        String purge = "delete from ledger.record_state where flow = ? and dead and changed_run <= ?";
        Sql.ofAll(c, all -> Sql.update(all, purge, flow, acked));
        Dropped.purge(c, flow);
    }

    /** The run that first saw each of these records in its present life. */
    public static Map<String, Long> firstRuns(Connection c, short flow, List<String> keys) throws SQLException {
        Map<String, Long> found = new HashMap<>();
        Sql.each(
                c,
                r -> found.put(r.getString(1), r.getLong(2)),
                "select key, first_run from ledger.record_state where flow = ? and key = any(?)",
                flow,
                new ArrayList<>(keys).toArray(String[]::new));
        return found;
    }

    /**
     * Former batches of objects that hold rows which cannot be read or have no key: a record that is missed there may be one
     * of these rows, so that its delete waits.
     */
    private static final String HELD = "select f.fingerprint, f.object from ledger.former_batch f where f.flow = ?"
            + " and (exists (select 1 from ledger.dead_letter d where d.flow = f.flow and d.object = f.object"
            + " and d.stage = 'source' and d.state = 'open' and (d.key is null or d.identity like 'row %'))"
            + " or exists (select 1 from ledger.object_state o where o.flow = f.flow and o.object = f.object"
            + " and o.aside))";

    /**
     * A live record that no batch contains; looked up by the former batches, as a look at all records would cost each run that has any
     * news as much as there are records. Of a flow, twice.
     */
    private static final String ORPHAN = "s.flow = ? and not s.dead and s.batch = any(array(select o.fingerprint"
            + " from ledger.former_batch o where o.flow = ? and not exists (select 1 from ledger.batch_state b"
            + " where b.flow = o.flow and b.fingerprint = o.fingerprint)))";

    private static long count(Connection c, String sql, short flow) throws SQLException {
        return Sql.ofAll(c, all -> Sql.first(all, r -> r.getLong(1), sql, flow)).orElse(0L);
    }
}
