package io.caravan.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;

/**
 * Where the next incremental reading of a source begins. It moves only when every sink has everything up to it, as the
 * ledger cannot give a sink what the source does not show any more.
 */
public final class Checkpoints {

    /**
     * A position, the run after which every sink had everything before it, and the keys that every reading from it on shows until their
     * rows are corrected or deleted.
     */
    public record Checkpoint(String position, long run, Set<String> owed) {}

    private Checkpoints() {}

    /** {@code source}: a hash of its settings; a position in one that was read by others means nothing. */
    public static Optional<Checkpoint> find(Connection c, short flow, String source) throws SQLException {
        return Sql.first(
                c,
                r -> new Checkpoint(r.getString(1), r.getLong(2), Set.of((String[])
                        r.getArray(3).getArray())),
                "select position, run, owed from ledger.checkpoint where flow = ? and source = ?",
                flow,
                source);
    }

    public static void move(Connection c, short flow, String source, Checkpoint to) throws SQLException {
        Sql.update(c, "delete from ledger.checkpoint where flow = ? and source <> ?", flow, source);
        Sql.update(
                c,
                "insert into ledger.checkpoint (flow, source, position, run, owed) values (?, ?, ?, ?, ?)"
                        + " on conflict (flow, source) do update set position = excluded.position,"
                        + " run = excluded.run, owed = excluded.owed",
                flow,
                source,
                to.position(),
                to.run(),
                to.owed().toArray(String[]::new));
    }

    /** The next run reads the source whole. */
    public static void forget(Connection c, short flow) throws SQLException {
        Sql.update(c, "delete from ledger.checkpoint where flow = ?", flow);
    }
}
