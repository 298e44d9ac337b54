package io.caravan.run;

import io.caravan.ledger.DeadLetters;
import io.caravan.ledger.RecordStates.Tombstone;
import io.caravan.record.Record;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What a run counted before any sink: each of these records counts for every sink. */
final class SourceTally {

    final LongAdder read = new LongAdder();
    final LongAdder unchanged = new LongAdder();
    final LongAdder dead = new LongAdder();
    /** Records of a key of which another object's record is meant to win; among those read, and for no sink. */
    final LongAdder passedOver = new LongAdder();
    /** Tombstones sent on their way; not among the records read. */
    final LongAdder gone = new LongAdder();
    /** By key of such a tombstone: the sinks that never had any form of the record. */
    private final Map<String, Set<String>> unheld = new ConcurrentHashMap<>();

    void gone(List<Tombstone> tombstones) {
        gone.add(tombstones.size());
        for (Tombstone t : tombstones) if (!t.unheldBy().isEmpty()) unheld.put(t.key(), t.unheldBy());
    }

    /** How many of these are tombstones of records that the sink never had: there is nothing to delete. */
    long unheld(String sink, List<Record> records) {
        if (unheld.isEmpty()) return 0;
        return records.stream()
                .filter(r -> r.deleted() && r.droppedBy().isEmpty())
                .map(r -> unheld.getOrDefault(r.key(), Set.of()))
                .filter(by -> by.contains(sink) || by.contains(DeadLetters.EVERY_SINK))
                .count();
    }
}
