package io.caravan.run;

import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a preview saw: the records that were read, what would reach each sink, and what was refused. Thread-safe. */
public final class Preview {

    /**
     * A row or record that would be a dead letter.
     *
     * @param stage {@code source}, or the step that refused it
     * @param key empty for a row that is no record
     */
    public record Refused(String stage, Origin origin, Optional<String> key, String reason) {}

    private final List<Record> read = new ArrayList<>();
    private final Map<String, List<Record>> arrived = new TreeMap<>();
    private final List<Refused> refused = new ArrayList<>();
    private List<String> keyFields = List.of();

    synchronized void begin(List<String> keys, Iterable<String> sinks) {
        keyFields = List.copyOf(keys);
        sinks.forEach(sink -> arrived.put(sink, new ArrayList<>()));
    }

    synchronized void read(List<Record> records) {
        read.addAll(records);
    }

    synchronized void arrived(String sink, List<Record> records) {
        arrived.computeIfAbsent(sink, name -> new ArrayList<>()).addAll(records);
    }

    synchronized void refused(Refused one) {
        refused.add(one);
    }

    /** The fields that identify a record, as the source says. */
    public synchronized List<String> keyFields() {
        return keyFields;
    }

    /** As the source gave them. */
    public synchronized List<Record> read() {
        return List.copyOf(read);
    }

    /** By sink, as the steps left them. */
    public synchronized Map<String, List<Record>> arrived() {
        Map<String, List<Record>> copy = new TreeMap<>();
        arrived.forEach((sink, records) -> copy.put(sink, List.copyOf(records)));
        return copy;
    }

    public synchronized List<Refused> refused() {
        return List.copyOf(refused);
    }
}
