package io.caravan.ledger;

import io.caravan.ledger.RecordStates.Change;
import io.caravan.ledger.RecordStates.State;
import io.caravan.record.Hash;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The records of a flow that the ledger knows none of, while a run is only thought through: beside the ledger, in a temporary table of
 * the transaction. Millions of rows in the ledger's own would be written to its log and rolled back, and would leave their room to be cleaned up.
 */
public final class PlannedRecords {

    private PlannedRecords() {}

    /** Makes the table, unless the ledger knows records of the flow; whether it did. */
    public static boolean begin(Connection c, short flow) throws SQLException {
        boolean known = Sql.first(c, r -> true, "select 1 from ledger.record_state where flow = ? limit 1", flow)
                .isPresent();
        if (known) return false;
        Sql.update(
                c,
                "create temp table planned_record (key text collate \"C\" primary key, hash bytea not null,"
                        + " batch bytea not null) on commit drop");
        return true;
    }

    /** Adds those of a batch that are new, of several with one key the first; by key, what was there of the others. */
    public static Map<String, State> add(Connection c, long run, Hash batch, List<Change> records) throws SQLException {
        int n = records.size();
        String[] keys = new String[n];
        byte[][] hashes = new byte[n][];
        for (int i = 0; i < n; i++) {
            keys[i] = records.get(i).key();
            hashes[i] = records.get(i).hash().bytes();
        }
        // no look at them before: the planner knows nothing of a table that was empty a moment ago
        Set<String> added = new HashSet<>(Sql.list(
                c,
                r -> r.getString(1),
                "insert into pg_temp.planned_record select k, h, ? from unnest(?, ?) as t (k, h)"
                        + " on conflict do nothing returning key",
                batch.bytes(),
                keys,
                hashes));
        List<String> others = new ArrayList<>();
        for (String key : keys) if (!added.contains(key)) others.add(key);
        return others.isEmpty() ? Map.of() : found(c, run, others);
    }

    private static Map<String, State> found(Connection c, long run, List<String> keys) throws SQLException {
        Map<String, State> found = new HashMap<>();
        Sql.each(
                c,
                r -> found.put(
                        r.getString(1),
                        new State(Hash.of(r.getBytes(2)), run, run, false, Hash.of(r.getBytes(3)), run, false)),
                "select p.key, p.hash, p.batch from unnest(?) as t (k)"
                        + " cross join lateral (select * from pg_temp.planned_record where key = t.k limit 1) p",
                (Object) keys.toArray(String[]::new));
        return found;
    }
}
