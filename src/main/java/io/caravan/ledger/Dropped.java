package io.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Records that a node of the route keeps from a sink, in their newest form that came as far: by sink and key, the id of the node. */
public final class Dropped {

    private Dropped() {}

    /** The sinks from which something is kept. */
    public static Set<String> sinks(Connection c, short flow) throws SQLException {
        return new TreeSet<>(Sql.list(
                c,
                r -> r.getString(1),
                "select s.sink from ledger.sink_state s where s.flow = ? and exists"
                        + " (select 1 from ledger.dropped d where d.flow = s.flow and d.sink = s.sink)",
                flow));
    }

    /** These are kept from the sink; {@code nodes}: by key. */
    public static void keep(Connection c, short flow, String sink, Map<String, String> nodes) throws SQLException {
        if (nodes.isEmpty()) return;
        Sql.update(
                c,
                "insert into ledger.dropped (flow, sink, key, node) select ?, ?, k, n from unnest(?, ?) as t (k, n)"
                        + " on conflict (flow, sink, key) do update set node = excluded.node",
                flow,
                sink,
                nodes.keySet().toArray(String[]::new),
                nodes.values().toArray(String[]::new));
    }

    /** These are not kept from the sink any more. */
    public static void end(Connection c, short flow, String sink, Collection<String> keys) throws SQLException {
        if (keys.isEmpty()) return;
        Sql.update(
                c,
                "delete from ledger.dropped where flow = ? and sink = ? and key = any(?)",
                flow,
                sink,
                keys.toArray(String[]::new));
    }

    /** Those of these keys that are kept from the sink. */
    public static Set<String> of(Connection c, short flow, String sink, List<String> keys) throws SQLException {
        return new HashSet<>(Sql.list(
                c,
                r -> r.getString(1),
                "select key from ledger.dropped where flow = ? and sink = ? and key = any(?)",
                flow,
                sink,
                keys.toArray(String[]::new)));
    }

    /** Of the records that this run saw and the sink is past, {@code acked}: by node, how many are kept from it. */
    public static Map<String, Long> before(Connection c, short flow, String sink, long acked, long run)
            throws SQLException {
        Map<String, Long> before = new TreeMap<>();
        Sql.each(
                c,
                r -> before.put(r.getString(1), r.getLong(2)),
                "select p.node, count(*) from ledger.dropped p join ledger.record_state s"
                        + " on s.flow = p.flow and s.key = p.key join ledger.batch_state b"
                        + " on b.flow = s.flow and b.fingerprint = s.batch where p.flow = ? and p.sink = ?"
                        + " and not s.dead and s.changed_run <= ? and b.seen_run = ? and not exists"
                        + " (select 1 from ledger.dead_letter d where d.flow = p.flow and d.sink in ('', p.sink)"
                        + " and d.identity = ('key ' || p.key) collate \"default\" and d.stage <> 'source'"
                        + " and d.state in ('open', 'accepted', 'discarded')) group by p.node",
                flow,
                sink,
                acked,
                run);
        return before;
    }

    /** Forgets those of records that are not known any more, and of sinks that left. */
    static void purge(Connection c, short flow) throws SQLException {
        String purge =
                "delete from ledger.dropped p where p.flow = ? and (not exists (select 1 from ledger.record_state s"
                        + " where s.flow = p.flow and s.key = p.key) or not exists (select 1 from ledger.sink_state k"
                        + " where k.flow = p.flow and k.sink = p.sink))";
        Sql.ofAll(c, all -> Sql.update(all, purge, flow));
    }
}
