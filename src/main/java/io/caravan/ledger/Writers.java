package io.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;

/**
 * Which runs write to which sinks, noted before their first write. A run that took the lease from one that never said that
 * it writes no more cannot know what that one still does: it gives the sink everything again, and so does every run that begins
 * before the last of its writes must have come to an end. A process that is provably gone writes nothing: if it was still there when
 * another run began, the sink gets everything again once more, else what it left behind is what the next run goes on with.
 */
public final class Writers {

    /** How long a write can be under way when its process no longer reports; every call to a store has a shorter limit. */
    private static final String A_WRITE = "interval '10 minutes'";
    /** How long a process may sleep and write then, where it has no ledger to say so; its tombstones are kept meanwhile. */
    private static final String A_SLEEP = "interval '1 day'";

    private record Writer(String sink, long run, String process, boolean suspected) {}

    private Writers() {}

    /** To be called before the run's first write to the sink. */
    public static void begin(Connection c, short flow, String sink, long run, ProcessId process) throws SQLException {
        Sql.update(
                c,
                "insert into ledger.writer (flow, sink, run, process) values (?, ?, ?, ?) on conflict do nothing",
                flow,
                sink,
                run,
                process.text());
    }

    /** The run writes nothing more. Needs no lease. */
    public static void end(Connection c, short flow, long run) throws SQLException {
        Sql.update(c, "delete from ledger.writer where flow = ? and run = ?", flow, run);
    }

    /** Makes the sinks that another run may still write to start from nothing; returns them. */
    public static List<String> startAnew(Connection c, short flow, long run) throws SQLException {
        Sql.update(
                c, "delete from ledger.writer where flow = ? and suspected_at < clock_timestamp() - " + A_SLEEP, flow);
        List<String> suspect = new ArrayList<>();
        for (Writer w : others(c, flow, run)) {
            if (ProcessId.parse(w.process()).filter(ProcessId::gone).isEmpty()) continue;
            // it may have written late before it died, if a run took over while it was alive
            if (w.suspected()) suspect.add(w.sink());
            Sql.update(c, "delete from ledger.writer where flow = ? and sink = ? and run = ?", flow, w.sink(), w.run());
        }
        suspect.addAll(Sql.list(
                c,
                r -> r.getString(1),
                "update ledger.writer set suspected_at = coalesce(suspected_at, clock_timestamp()),"
                        + " voided_at = clock_timestamp() where flow = ? and run <> ? and"
                        + " (voided_at is null or voided_at < suspected_at + " + A_WRITE + ") returning sink",
                flow,
                run));
        Sql.update(
                c,
                "update ledger.sink_state set acked_run = 0 where flow = ? and sink = any(?)",
                flow,
                suspect.toArray(String[]::new));
        if (!suspect.isEmpty()) Adoptions.forget(c, flow, suspect);
        return suspect.stream().distinct().sorted().toList();
    }

    /** What a run does that gives no sink everything again, but writes: whoever comes next must reckon with the others. */
    public static void suspect(Connection c, short flow, long run) throws SQLException {
        for (Writer w : others(c, flow, run)) {
            if (ProcessId.parse(w.process()).filter(ProcessId::gone).isPresent()) continue;
            Sql.update(
                    c,
                    "update ledger.writer set suspected_at = coalesce(suspected_at, clock_timestamp())"
                            + " where flow = ? and sink = ? and run = ?",
                    flow,
                    w.sink(),
                    w.run());
        }
    }

    /** These runs ended while nobody could be told; what came after them cannot have been overwritten by them. */
    public static void ended(Connection c, short flow, Collection<Long> runs) throws SQLException {
        Sql.update(
                c,
                "delete from ledger.writer w where w.flow = ? and w.run = any(?)"
                        + " and not exists (select 1 from ledger.run r where r.flow = w.flow and r.id > w.run)",
                flow,
                runs.toArray(Long[]::new));
    }

    private static List<Writer> others(Connection c, short flow, long run) throws SQLException {
        return Sql.list(
                c,
                r -> new Writer(r.getString(1), r.getLong(2), r.getString(3), r.getBoolean(4)),
                "select sink, run, process, suspected_at is not null from ledger.writer where flow = ? and run <> ?",
                flow,
                run);
    }

    /** The first run but this one that may still write: what was deleted since may come back, so its tombstones are kept. */
    public static OptionalLong oldest(Connection c, short flow, long run) throws SQLException {
        return Sql.first(
                        c,
                        r -> r.getLong(1),
                        "select min(run) from ledger.writer where flow = ? and run <> ? having min(run) is not null",
                        flow,
                        run)
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty());
    }
}
