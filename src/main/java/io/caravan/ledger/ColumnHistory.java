package io.caravan.ledger;

import io.caravan.record.ColumnChange;
import io.caravan.record.ColumnKind;
import io.caravan.record.KnownColumn;
import io.caravan.record.KnownColumn.Change;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which columns a source had, of which kind, and in which run each came, went or became another. */
public final class ColumnHistory {

    /** A change as it is kept; {@code began}: when its run did. */
    public record Entry(long run, Instant began, String pipeline, ColumnChange change) {}

    private ColumnHistory() {}

    /** The columns by name, as the last change left each, in the order in which they came. */
    public static Map<String, KnownColumn> known(Connection c, short flow) throws SQLException {
        Map<String, KnownColumn> known = new LinkedHashMap<>();
        Sql.each(
                c,
                r -> known.put(
                        r.getString(1),
                        new KnownColumn(
                                r.getString(1),
                                ColumnKind.named(r.getString(2)),
                                Change.named(r.getString(3)),
                                r.getLong(4))),
                "select name, kind, change, run from ledger.column_change where flow = ? order by id",
                flow);
        return known;
    }

    public static void add(Connection c, short flow, long run, List<ColumnChange> changes) throws SQLException {
        for (ColumnChange change : changes) {
            Sql.update(
                    c,
                    "insert into ledger.column_change (flow, run, began, name, change, kind, former, object)"
                            + " values (?, ?, (select started_at from ledger.run where id = ?), ?, ?, ?, ?, ?)",
                    flow,
                    run,
                    run,
                    change.name(),
                    change.change().word(),
                    change.kind().word(),
                    change.former().word(),
                    change.object());
        }
    }

    /** Of one pipeline with all its parts, the newest first. */
    public static List<Entry> newest(Connection c, String pipeline, int most) throws SQLException {
        return Sql.list(
                c,
                r -> new Entry(
                        r.getLong(1),
                        r.getObject(2, OffsetDateTime.class).toInstant(),
                        r.getString(3),
                        new ColumnChange(
                                r.getString(4),
                                Change.named(r.getString(5)),
                                ColumnKind.named(r.getString(6)),
                                ColumnKind.named(r.getString(7)),
                                r.getString(8))),
                "select h.run, h.began, f.name, h.name, h.change, h.kind, h.former, h.object"
                        + " from ledger.column_change h join ledger.flow f on f.id = h.flow"
                        + " where " + Flows.OF_A_PIPELINE + " order by h.id desc limit ?",
                pipeline,
                pipeline,
                most);
    }
}
