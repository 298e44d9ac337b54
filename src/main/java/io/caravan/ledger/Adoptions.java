package io.caravan.ledger;

import io.caravan.record.Record;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a sink that waits for it was seen to hold already, in exactly the form that it waits for: by key, the run that changed the
 * record last. A run leaves it out. It ends with the sink's acknowledgement, and whenever the sink starts from nothing.
 */
public final class Adoptions {

    private static final String SEEN = "exists (select 1 from ledger.batch_state b where b.flow = s.flow"
            + " and b.fingerprint = s.batch and b.seen_run = ?)";

    private Adoptions() {}

    /** The sinks of which something is known to be held. */
    public static Set<String> sinks(Connection c, short flow) throws SQLException {
        return new TreeSet<>(Sql.list(
                c,
                r -> r.getString(1),
                "select s.sink from ledger.sink_state s where s.flow = ? and exists"
                        + " (select 1 from ledger.adopted a where a.flow = s.flow and a.sink = s.sink)",
                flow));
    }

    /** The sink holds these records, as they are. */
    public static void keep(Connection c, short flow, String sink, List<Record> records) throws SQLException {
        Sql.update(
                c,
                "insert into ledger.adopted (flow, sink, key, changed_run) select ?, ?, k, r from unnest(?, ?) as t (k, r)"
                        + " on conflict (flow, sink, key) do update set changed_run = excluded.changed_run",
                flow,
                sink,
                keys(records),
                records.stream().map(Record::changedRun).toArray(Long[]::new));
    }

    /**
     * A run that leaves objects alone has given the sink all it waits for of those that it saw, deletes included: whether there is
     * nothing else, so that it may be acknowledged.
     */
    static boolean sawAll(Connection c, short flow, String sink, long acked, long run) throws SQLException {
        String others = "select 1 from ledger.record_state s where s.flow = ? and not s.dead and s.changed_run > ?"
                + " and not " + SEEN + " and not exists (select 1 from ledger.adopted a where a.flow = s.flow"
                + " and a.sink = ? and a.key = s.key and a.changed_run = s.changed_run) limit 1";
        return Sql.ofAll(c, all -> Sql.first(all, r -> true, others, flow, acked, run, sink))
                .isEmpty();
    }

    /** The sink holds what such a run saw and gave it. */
    static void keepSeen(Connection c, short flow, String sink, long acked, long run) throws SQLException {
        String keep = "insert into ledger.adopted (flow, sink, key, changed_run) select s.flow, ?, s.key, s.changed_run"
                + " from ledger.record_state s where s.flow = ? and s.changed_run > ? and (s.dead or " + SEEN + ")"
                + " on conflict (flow, sink, key) do update set changed_run = excluded.changed_run";
        Sql.ofAll(c, all -> Sql.update(all, keep, sink, flow, acked, run));
    }

    /** The sink does not hold these, whatever was seen before. */
    public static void drop(Connection c, short flow, String sink, Collection<String> keys) throws SQLException {
        Sql.update(
                c,
                "delete from ledger.adopted where flow = ? and sink = ? and key = any(?)",
                flow,
                sink,
                keys.toArray(String[]::new));
    }

    /** The keys of those of these records that the sink was seen to hold in this form. */
    public static Set<String> held(Connection c, short flow, String sink, List<Record> records) throws SQLException {
        return new HashSet<>(Sql.list(
                c,
                r -> r.getString(1),
                "select a.key from unnest(?, ?) as t (k, r) join ledger.adopted a"
                        + " on a.flow = ? and a.sink = ? and a.key = t.k and a.changed_run = t.r",
                keys(records),
                records.stream().map(Record::changedRun).toArray(Long[]::new),
                flow,
                sink));
    }

    /** Nothing is known any more of what these sinks hold; returns of how many records it was known. */
    static int forget(Connection c, short flow, Collection<String> sinks) throws SQLException {
        String forget = "delete from ledger.adopted where flow = ? and sink = any(?)";
        return Sql.ofAll(c, all -> Sql.update(all, forget, flow, sinks.toArray(String[]::new)));
    }

    /**
     * What a sink holds, beside what the ledger says.
     *
     * @param missing how many of the records that it waits for it has in no form
     * @param surplus how many keys it holds that no live record has, of this pipeline or another, and the first of them
     * @param twice how many keys it holds more than once, and the first of them
     */
    public record Holding(long missing, long surplus, List<String> firstSurplus, long twice, List<String> firstTwice) {}

    /** Compares all keys that a sink holds; works inside the database, flat in memory. {@code acked}: where it is. */
    public static Holding compare(Connection c, short flow, String sink, long acked, Iterator<String> keys, int most)
            throws SQLException {
        Comparison.hold(c, keys);
        return Sql.ofAll(c, all -> compared(all, flow, sink, acked, most));
    }

    private static Holding compared(Connection c, short flow, String sink, long acked, int most) throws SQLException {
        Sql.update(c, "analyze held");
        String missing =
                "select count(*) from ledger.record_state s where s.flow = ? and not s.dead and s.changed_run > ?"
                        + " and exists (select 1 from ledger.batch_state b where b.flow = s.flow and b.fingerprint = s.batch)"
                        + " and not exists (select 1 from held h where h.key = s.key) and not exists (select 1 from"
                        + " ledger.dropped p where p.flow = s.flow and p.sink = ? and p.key = s.key)";
        String surplus = " from held h where not exists (select 1 from ledger.flow f join ledger.record_state s"
                + " on s.flow = f.id where s.key = h.key and not s.dead)";
        String twice = "select key from held group by key having count(*) > 1";
        Holding holding = new Holding(
                count(c, missing, flow, acked, sink),
                count(c, "select count(distinct h.key)" + surplus),
                first(c, "select distinct h.key" + surplus, most),
                count(c, "select count(*) from (" + twice + ") t"),
                first(c, twice, most));
        Sql.update(c, "drop table held");
        return holding;
    }

    private static long count(Connection c, String sql, Object... values) throws SQLException {
        return Sql.first(c, r -> r.getLong(1), sql, values).orElse(0L);
    }

    private static List<String> first(Connection c, String keys, int most) throws SQLException {
        return Sql.list(c, r -> r.getString(1), keys + " order by 1 limit ?", most);
    }

    private static String[] keys(List<Record> records) {
        return records.stream().map(Record::key).toArray(String[]::new);
    }
}
