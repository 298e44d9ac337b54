package io.caravan.run;

import io.caravan.ledger.Dropped;
import io.caravan.ledger.RecordStates;
import io.caravan.ledger.Runs;
import io.caravan.record.Record;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What the nodes of a route keep from the sinks of a run, as the ledger knows it. */
final class Drops {

    private final OpenedRun run;
    private final long before;
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    Drops(OpenedRun run) {
        this.run = run;
        this.before = run.ledger().in(c -> {
            known.addAll(Dropped.sinks(c, run.flow()));
            return Runs.before(c, run.flow(), run.id());
        });
    }

    /**
     * What a sink is to be told of these: not what was dropped and it cannot hold, as it had everything before this run, which sees the
     * record for the first time.
     */
    List<Record> toSend(SinkTally tally, List<Record> waiting) {
        List<String> dropped = waiting.stream()
                .filter(r -> r.droppedBy().isPresent() && r.changedRun() == run.id())
                .map(Record::key)
                .toList();
        if (dropped.isEmpty() || tally.acked < before) return waiting;
        Map<String, Long> first = run.ledger().read(c -> RecordStates.firstRuns(c, run.flow(), dropped));
        return waiting.stream()
                .filter(r -> r.droppedBy().isEmpty() || first.getOrDefault(r.key(), 0L) != run.id())
                .toList();
    }

    /** Whether the ledger must hear of these. */
    boolean concern(String sink, List<Record> batch) {
        return known.contains(sink)
                || batch.stream().anyMatch(r -> r.droppedBy().isPresent());
    }

    /** The sink has answered for these. */
    void settle(Connection c, String sink, List<Record> batch) throws SQLException {
        Map<String, String> nodes = new TreeMap<>();
        List<String> others = new ArrayList<>();
        for (Record r : batch) {
            if (r.droppedBy().isPresent()) nodes.put(r.key(), r.droppedBy().get());
            else others.add(r.key());
        }
        if (known.contains(sink)) Dropped.end(c, run.flow(), sink, others);
        if (nodes.isEmpty()) return;
        Dropped.keep(c, run.flow(), sink, nodes);
        known.add(sink);
    }

    /** Counts for a sink what was dropped by an earlier run and is as it was. */
    void countKnown(Connection c, String sink, SinkTally tally) throws SQLException {
        if (!known.contains(sink)) return;
        tally.droppedBefore(Dropped.before(c, run.flow(), sink, tally.acked, run.id()));
    }
}
