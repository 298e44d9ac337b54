package io.caravan.ledger;

import java.sql.Connection;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The slices of a flow's history, each read by a run of its own; while one is open, other runs leave it alone. */
public final class Backfills {

    public static final String WAITING = "waiting";
    public static final String PAUSED = "paused";
    public static final String DONE = "done";
    public static final String CANCELLED = "cancelled";

    /**
     * One slice.
     *
     * @param until the day after its last
     * @param run the last run of it
     * @param outcome what that run says: {@code running}, {@code succeeded}, {@code partial} or {@code failed}
     * @param records how many that run has read
     */
    public record Slice(
            LocalDate since,
            LocalDate until,
            String state,
            int tries,
            Optional<Long> run,
            Optional<String> outcome,
            long records,
            Optional<String> problem) {

        /** One that nobody has read yet. */
        public static Slice waiting(LocalDate since, LocalDate until) {
            return new Slice(since, until, WAITING, 0, Optional.empty(), Optional.empty(), 0, Optional.empty());
        }

        /** Whether it is still to be read, by nobody but its own run. */
        public boolean open() {
            return state.equals(WAITING) || state.equals(PAUSED);
        }
    }

    private static final String OPEN = " and state in ('waiting', 'paused')";

    private Backfills() {}

    /** All of a flow, in order. */
    public static List<Slice> of(Connection c, short flow) throws SQLException {
        return Sql.list(
                c,
                Backfills::slice,
                "select b.since, b.until, b.state, b.tries, case when b.tries > 0 then b.run end, r.status, r.records_read, r.problem"
                        + " from ledger.backfill b left join ledger.run r on r.id = b.run and b.tries > 0 where b.flow = ?"
                        + " order by b.since",
                flow);
    }

    /** By the name of their flow, in order, all that there are. */
    public static Map<String, List<Slice>> all(Connection c) throws SQLException {
        Map<String, List<Slice>> all = new TreeMap<>();
        for (String name : Sql.list(
                c,
                r -> r.getString(1),
                "select f.name from ledger.flow f where exists (select 1 from ledger.backfill b where b.flow = f.id)")) {
            all.put(name, of(c, Flows.find(c, name).orElseThrow().id()));
        }
        return all;
    }

    /** The last run that read a slice of the flow's backfill, or of an earlier one; 0 when none did. */
    public static long lastRun(Connection c, short flow) throws SQLException {
        return Sql.first(c, r -> r.getLong(1), "select coalesce(max(run), 0) from ledger.backfill where flow = ?", flow)
                .orElse(0L);
    }

    /** Makes them those of the flow, whose earlier ones must be over. Their last run stays known, as a sink may wait for what it read. */
    public static void plan(Connection c, short flow, List<Slice> slices) throws SQLException {
        long last = lastRun(c, flow);
        Sql.update(c, "delete from ledger.backfill where flow = ?", flow);
        for (Slice slice : slices) {
            Sql.update(
                    c,
                    "insert into ledger.backfill (flow, since, until, run) values (?, ?, ?, nullif(?, 0))",
                    flow,
                    Date.valueOf(slice.since()),
                    Date.valueOf(slice.until()),
                    last);
        }
    }

    /** A run of this slice has begun. */
    public static void begun(Connection c, short flow, LocalDate since, long run) throws SQLException {
        Sql.update(
                c,
                "update ledger.backfill set tries = tries + 1, run = ?, updated_at = clock_timestamp()"
                        + " where flow = ? and since = ?",
                run,
                flow,
                Date.valueOf(since));
    }

    /** Every sink has what the slice holds, or its dead letter. */
    public static void done(Connection c, short flow, LocalDate since) throws SQLException {
        Sql.update(
                c,
                "update ledger.backfill set state = 'done', updated_at = clock_timestamp()"
                        + " where flow = ? and since = ?" + OPEN,
                flow,
                Date.valueOf(since));
    }

    /** Those that are open become that; returns how many. */
    public static int become(Connection c, short flow, String state) throws SQLException {
        return Sql.update(
                c,
                "update ledger.backfill set state = ?, updated_at = clock_timestamp() where flow = ? and state <> ?"
                        + OPEN,
                state,
                flow,
                state);
    }

    private static Slice slice(ResultSet r) throws SQLException {
        long run = r.getLong(5);
        Optional<Long> last = r.wasNull() ? Optional.empty() : Optional.of(run);
        return new Slice(
                r.getDate(1).toLocalDate(),
                r.getDate(2).toLocalDate(),
                r.getString(3),
                r.getInt(4),
                last,
                Optional.ofNullable(r.getString(6)),
                r.getLong(7),
                Optional.ofNullable(r.getString(8)));
    }
}
