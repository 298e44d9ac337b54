package io.caravan.run;

import io.caravan.change.Changes;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.BadRow;
import io.caravan.source.RecordReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** The records of an object of which the source itself says that they are gone: read by one thread, told the ledger by another. */
final class SaidDeleted {

    private static final int AT_ONCE = 2_000;

    private final Queue<Record> records = new ConcurrentLinkedQueue<>();

    /** The other records; the reader stays the caller's. */
    RecordReader of(RecordReader reader) {
        return new RecordReader() {
            @Override
            public Optional<Record> read(Consumer<BadRow> bad) {
                Optional<Record> record = reader.read(bad);
                while (record.isPresent() && record.get().deleted()) {
                    records.add(record.get());
                    record = reader.read(bad);
                }
                return record;
            }

            @Override
            public void close() {
                reader.close();
            }
        };
    }

    /** Tells the ledger of those that were read so far; returns those whose key the object has twice, and where it has it first. */
    Map<Record, Optional<Origin>> settle(Changes changes, FirstMet met) {
        Map<Record, Optional<Origin>> twice = new LinkedHashMap<>();
        List<String> some = new ArrayList<>();
        for (Record record = records.poll(); record != null; record = records.poll()) {
            Optional<Origin> first = met.met(record);
            if (first.filter(met::here).isPresent()) twice.put(record, first);
            else some.add(record.key());
            if (some.size() < AT_ONCE) continue;
            changes.deleted(some);
            some.clear();
        }
        if (!some.isEmpty()) changes.deleted(some);
        return twice;
    }
}
