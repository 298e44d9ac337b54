package io.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** One row a sink: up to which run it got everything. A sink waits for every record that changed after that. */
public final class SinkStates {

    /** How long what was deleted is kept for a sink that was left, in days. */
    private static final int BACK_WITHIN_DAYS = 30;

    private SinkStates() {}

    /**
     * Brings the rows in step with the pipeline and tells where each sink is: a new sink and one whose generation
     * changed start from 0; a sink that left the pipeline is forgotten, and its dead letters with it. Where a sink was is
     * remembered for a while: if it is back, what was deleted meanwhile is deleted there too.
     */
    public static Map<String, Long> align(Connection c, short flow, Map<String, String> generations)
            throws SQLException {
        remember(c, flow, generations);
        Sql.update(
                c,
                "delete from ledger.adopted a where a.flow = ? and not exists (select 1 from ledger.sink_state s"
                        + " join unnest(?::text[], ?::text[]) as p (sink, generation) using (sink, generation)"
                        + " where s.flow = a.flow and s.sink = a.sink)",
                flow,
                generations.keySet().toArray(String[]::new),
                generations.keySet().stream().map(generations::get).toArray(String[]::new));
        Sql.update(
                c,
                "with gone as (delete from ledger.sink_state where flow = ? and sink <> all (?) returning sink)"
                        + " update ledger.dead_letter d set state = 'gone', updated_at = clock_timestamp() from gone g"
                        + " where d.flow = ? and d.sink = g.sink and d.state = 'open'",
                flow,
                generations.keySet().toArray(String[]::new),
                flow);
        Map<String, Long> acked = new TreeMap<>();
        for (Map.Entry<String, String> sink : generations.entrySet()) {
            Sql.each(
                    c,
                    r -> acked.put(sink.getKey(), r.getLong(1)),
                    "insert into ledger.sink_state as s (flow, sink, generation, acked_run) values (?, ?, ?, 0)"
                            + " on conflict (flow, sink) do update set"
                            + " acked_run = case when s.generation = excluded.generation then s.acked_run else 0 end,"
                            + " marker = case when s.generation = excluded.generation or s.generation = ''"
                            + " then s.marker end,"
                            + " generation = excluded.generation returning acked_run",
                    flow,
                    sink.getKey(),
                    sink.getValue());
        }
        return acked;
    }

    /** The same; {@code former}: by sink, what older Caravans call the same generation. */
    public static Map<String, Long> align(
            Connection c, short flow, Map<String, String> generations, Map<String, List<String>> former)
            throws SQLException {
        for (Map.Entry<String, List<String>> sink : former.entrySet()) {
            String now = generations.get(sink.getKey());
            if (now == null) continue;
            for (String before : sink.getValue()) {
                Sql.update(
                        c,
                        "update ledger.sink_state set generation = ? where flow = ? and sink = ? and generation = ?",
                        now,
                        flow,
                        sink.getKey(),
                        before);
            }
        }
        return align(c, flow, generations);
    }

    private static void remember(Connection c, short flow, Map<String, String> generations) throws SQLException {
        String[] sinks = generations.keySet().toArray(String[]::new);
        String[] present = generations.keySet().stream().map(generations::get).toArray(String[]::new);
        Sql.update(
                c,
                "insert into ledger.former_sink as f (flow, sink, generation, acked_run)"
                        + " select s.flow, s.sink, s.generation, s.acked_run from ledger.sink_state s"
                        + " where s.flow = ? and s.generation <> '' and (s.sink, s.generation) not in"
                        + " (select p.sink, p.generation from unnest(?::text[], ?::text[]) as p (sink, generation))"
                        + " on conflict (flow, sink, generation) do update set"
                        + " acked_run = least(f.acked_run, excluded.acked_run), left_at = excluded.left_at",
                flow,
                sinks,
                present);
        Sql.update(
                c,
                "delete from ledger.former_sink where flow = ? and ((sink, generation) in"
                        + " (select p.sink, p.generation from unnest(?::text[], ?::text[]) as p (sink, generation))"
                        + " or left_at < clock_timestamp() - make_interval(days => ?))",
                flow,
                sinks,
                present,
                BACK_WITHIN_DAYS);
    }

    /** Where each sink of the flow is, without touching anything. */
    public static Map<String, Long> acked(Connection c, short flow) throws SQLException {
        Map<String, Long> acked = new TreeMap<>();
        Sql.each(
                c,
                r -> acked.put(r.getString(1), r.getLong(2)),
                "select sink, acked_run from ledger.sink_state where flow = ?",
                flow);
        return acked;
    }

    /** The sink got everything up to and with this run, false when somebody wrote to it late, see {@link LateWrites}. */
    public static boolean ack(Connection c, short flow, String sink, long run) throws SQLException {
        boolean acked = Sql.update(
                        c,
                        "update ledger.sink_state set acked_run = ? where flow = ? and sink = ? and generation <> ''",
                        run,
                        flow,
                        sink)
                == 1;
        Adoptions.forget(c, flow, Set.of(sink));
        return acked;
    }

    /**
     * The sink got everything of the objects that this run saw, while it left others alone; false as of {@link #ack}. Where it waits for
     * nothing of the others, it got everything.
     */
    public static boolean ackSeen(Connection c, short flow, String sink, long acked, long run) throws SQLException {
        if (Adoptions.sawAll(c, flow, sink, acked, run)) return ack(c, flow, sink, run);
        Adoptions.keepSeen(c, flow, sink, acked, run);
        return Sql.first(
                        c,
                        r -> true,
                        "select 1 from ledger.sink_state where flow = ? and sink = ? and generation <> ''",
                        flow,
                        sink)
                .isPresent();
    }

    /** By sink, what its store should hold as a marker; none for a sink that nothing was written to yet. */
    public static Map<String, Marker> markers(Connection c, short flow) throws SQLException {
        Map<String, Marker> markers = new TreeMap<>();
        Sql.each(
                c,
                r -> markers.put(r.getString(1), Marker.parse(r.getString(2))),
                "select sink, marker from ledger.sink_state where flow = ? and marker is not null",
                flow);
        return markers;
    }

    /** The sink's store holds this marker now. */
    public static void marked(Connection c, short flow, String sink, String marker) throws SQLException {
        Sql.update(c, "update ledger.sink_state set marker = ? where flow = ? and sink = ?", marker, flow, sink);
    }

    /**
     * The sink's store does not show the marker: it is marked again before it is written, and starts from nothing if it should
     * hold a record. Returns whether it should.
     */
    public static boolean lost(Connection c, short flow, String sink) throws SQLException {
        boolean held = Adoptions.forget(c, flow, Set.of(sink)) > 0 || holds(c, flow, sink);
        Sql.update(
                c,
                "update ledger.sink_state set marker = null, acked_run = case when ? then 0 else acked_run end"
                        + " where flow = ? and sink = ?",
                held,
                flow,
                sink);
        return held;
    }

    /** Whether it got a record in the form that it should hold now: not one that is dead, nor one it has a letter of. */
    public static boolean holds(Connection c, short flow, String sink) throws SQLException {
        String held = "select 1 from ledger.sink_state k join ledger.record_state s on s.flow = k.flow"
                + " where k.flow = ? and k.sink = ? and not s.dead and s.changed_run <= k.acked_run"
                + " and not exists (select 1 from ledger.dead_letter d where d.flow = k.flow and d.sink in ('', k.sink)"
                + " and d.identity = ('key ' || s.key) collate \"default\""
                + " and d.state in ('open', 'accepted', 'discarded')) and not exists (select 1 from ledger.dropped p"
                + " where p.flow = k.flow and p.sink = k.sink and p.key = s.key) limit 1";
        return Sql.ofAll(c, all -> Sql.first(all, r -> true, held, flow, sink)).isPresent();
    }

    /** The pipeline has another name from now on; its markers stand in the stores under the old one until the next run. */
    static void renamed(Connection c, short flow, String old) throws SQLException {
        Sql.update(
                c,
                "update ledger.sink_state set marker = marker || ? where flow = ? and position(? in marker) = 0",
                Marker.SEPARATOR + old,
                flow,
                Marker.SEPARATOR);
    }

    /** These sinks get everything again by the next run, deletes included. */
    public static void reset(Connection c, short flow, Collection<String> sinks) throws SQLException {
        Sql.update(
                c,
                "update ledger.sink_state set acked_run = 0 where flow = ? and sink = any(?)",
                flow,
                sinks.toArray(String[]::new));
        Adoptions.forget(c, flow, sinks);
    }

    /** By sink: how many records it may hold; not those that it never had any form of. */
    public static Map<String, Long> held(Connection c, short flow) throws SQLException {
        Map<String, Long> held = new TreeMap<>();
        String count = "select k.sink, (select count(*) from ledger.record_state s where s.flow = k.flow and not s.dead"
                + " and not exists (select 1 from ledger.dead_letter d where d.flow = k.flow and d.sink in ('', k.sink)"
                + " and d.identity = ('key ' || s.key) collate \"default\" and d.unheld"
                + " and d.state in ('open', 'accepted', 'discarded')) and not exists (select 1 from ledger.dropped p"
                + " where p.flow = k.flow and p.sink = k.sink and p.key = s.key)) from ledger.sink_state k where k.flow = ?";
        Sql.ofAll(c, all -> {
            Sql.each(all, r -> held.put(r.getString(1), r.getLong(2)), count, flow);
            return null;
        });
        return held;
    }

    /** The sinks that hold everything there is to hold, by the rules of these generations. */
    public static Set<String> settled(Connection c, short flow, Map<String, String> generations) throws SQLException {
        Set<String> settled = new TreeSet<>();
        Sql.each(
                c,
                r -> {
                    if (r.getString(2).equals(generations.get(r.getString(1)))) settled.add(r.getString(1));
                },
                "select sink, generation from ledger.sink_state where flow = ? and acked_run > 0",
                flow);
        return settled;
    }

    /** Tombstones up to this run no sink waits for, not even one that was left and may be back. */
    public static long low(Connection c, short flow) throws SQLException {
        return Sql.first(
                        c,
                        r -> r.getLong(1),
                        "select coalesce(min(acked_run), 0) from (select acked_run from ledger.sink_state where flow = ?"
                                + " union all select acked_run from ledger.former_sink where flow = ?) as sinks",
                        flow,
                        flow)
                .orElse(0L);
    }
}
