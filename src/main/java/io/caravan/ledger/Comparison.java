package io.caravan.ledger;

import io.caravan.record.Hash;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;

/** Compares the keys a sink holds with those the ledger says it should hold; works inside the database, flat in memory. */
public final class Comparison {

    /**
     * {@code missing} from the sink, {@code extra} in it: how many, and the first of each by key; {@code compared}: those that the
     * ledger knows or the sink holds.
     */
    public record Difference(long compared, long missing, long extra, List<String> keys) {}

    private static final int AT_ONCE = 5_000;
    /** The hash of a record whose form the ledger forgot, as no sink got it. */
    private static final String NOTHING = HexFormat.of().formatHex(Hash.NONE.bytes());

    private Comparison() {}

    /**
     * Compares. A key with an open, accepted or discarded dead letter for the sink is left out on both sides: nobody promises
     * anything about it. A key that a filter keeps from the sink is not expected there. Neither is a record missing that its source does not show any more, while its delete waits for rows that
     * cannot be read; while it waits for another reading, every sink has it.
     */
    public static Difference of(Connection c, short flow, String sink, Iterator<String> keys, int most)
            throws SQLException {
        hold(c, keys);
        return Sql.ofAll(c, all -> compared(all, flow, sink, most));
    }

    private static Difference compared(Connection c, short flow, String sink, int most) throws SQLException {
        Sql.update(c, "analyze held");
        String live = "select key from ledger.record_state where flow = " + flow + " and not dead and not exists"
                + " (select 1 from ledger.dropped p where p.flow = " + flow
                + " and p.sink = ? and p.key = record_state.key)";
        String dead = "select key collate \"C\" from ledger.dead_letter where flow = " + flow
                + " and state in ('open', 'accepted', 'discarded') and stage <> 'source' and sink in ('', ?)";
        String contained = BatchStates.isUnswept(c, flow)
                ? " and (exists (select 1 from ledger.batch_state b where b.flow = " + flow
                        + " and b.fingerprint = batch) or (missed > 0 and hash <> '\\x" + NOTHING + "'))"
                : "";
        String missing = live + contained + " except select key from held except " + dead;
        String all = "((" + live + contained + ") union select key from held) except " + dead;
        String extra = "select key from held except (" + live + ") except " + dead;
        long compared = count(c, all, sink);
        long missingCount = count(c, missing, sink);
        long extraCount = count(c, extra, sink);
        List<String> first = new ArrayList<>(first(c, missing, sink, most));
        first.addAll(first(c, extra, sink, most - first.size()));
        Sql.update(c, "drop table held");
        return new Difference(compared, missingCount, extraCount, first);
    }

    /**
     * Keys of a sink that the ledger does not know as live and meant for it, whatever their letters say: how many, and the first; {@code others}
     * are those beside them that are live in another pipeline, which may share the store.
     */
    public record Extra(long count, List<String> keys, long others) {}

    /** Looks for keys too many, without those it lacks. */
    public static Extra extra(Connection c, short flow, String sink, Iterator<String> keys, int most)
            throws SQLException {
        hold(c, keys);
        return Sql.ofAll(c, all -> counted(all, flow, sink, most));
    }

    private static Extra counted(Connection c, short flow, String sink, int most) throws SQLException {
        Sql.update(c, "analyze held");
        Sql.update(
                c,
                "delete from held h using ledger.record_state s where s.flow = ? and s.key = h.key and not s.dead"
                        + " and not exists (select 1 from ledger.dropped p where p.flow = s.flow and p.sink = ? and p.key = s.key)",
                flow,
                sink);
        long others = Sql.update(
                c,
                "delete from held h where exists (select 1 from ledger.flow f join ledger.record_state s on s.flow = f.id"
                        + " where f.id <> ? and s.key = h.key and not s.dead)",
                flow);
        long count = Sql.first(c, r -> r.getLong(1), "select count(distinct key) from held")
                .orElse(0L);
        List<String> first = Sql.list(c, r -> r.getString(1), "select distinct key from held order by 1 limit ?", most);
        Sql.update(c, "drop table held");
        return new Extra(count, first, others);
    }

    /** A table of keys for this transaction. */
    static void hold(Connection c, Iterator<String> keys) throws SQLException {
        Sql.update(c, "create temp table held (key text collate \"C\") on commit drop");
        List<String> page = new ArrayList<>(AT_ONCE);
        while (keys.hasNext()) {
            page.add(keys.next());
            if (page.size() == AT_ONCE || !keys.hasNext()) {
                Sql.update(c, "insert into held select unnest(?)", (Object) page.toArray(String[]::new));
                page.clear();
            }
        }
    }

    /** Those of the keys with an open, accepted or discarded dead letter for the sink. */
    public static List<String> deadKeys(Connection c, short flow, String sink, List<String> keys) throws SQLException {
        return Sql.list(
                c,
                r -> r.getString(1),
                "select key from ledger.dead_letter where flow = ? and sink in ('', ?) and identity = any(?)"
                        + " and state in ('open', 'accepted', 'discarded')",
                flow,
                sink,
                keys.stream().map(DeadLetters::identity).toArray(String[]::new));
    }

    private static long count(Connection c, String keys, String sink) throws SQLException {
        return Sql.first(c, r -> r.getLong(1), "select count(*) from (" + keys + ") k", sink, sink)
                .orElse(0L);
    }

    private static List<String> first(Connection c, String keys, String sink, int most) throws SQLException {
        return Sql.list(c, r -> r.getString(1), keys + " order by 1 limit ?", sink, sink, Math.max(0, most));
    }
}
