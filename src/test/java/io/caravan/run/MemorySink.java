package io.caravan.run;

import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.UnavailableException;
import io.caravan.record.Hash;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A store for tests of the core: keeps hashes by key, can be down, can refuse records, counts what it is asked. */
public class MemorySink implements Sink {

    public final Map<String, Hash> held;
    public volatile boolean down;
    public volatile Predicate<Record> poison = r -> false;
    /** Called before each record of a bulk write with its position, and with their number after the last. */
    public volatile IntConsumer meddler = position -> {};

    /** What it holds that no key names. */
    public final List<String> strays = new ArrayList<>();

    /** Whether it keeps markers; as in a real store, they are gone with the last record. */
    public volatile boolean marking;

    public final Map<String, String> markers = new TreeMap<>();
    public int calls;
    public int written;

    private final String name;

    public MemorySink(String name) {
        this(name, new TreeMap<>());
    }

    /** Another process's writer to the same store. */
    MemorySink(String name, Map<String, Hash> held) {
        this.name = name;
        this.held = held;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized List<Refusal> write(List<Record> batch) {
        calls++;
        if (down) throw new UnavailableException(name + ": the store is down", null);
        if (batch.stream().anyMatch(poison)) throw new IllegalStateException("cannot hold this batch");
        for (int i = 0; i < batch.size(); i++) {
            meddler.accept(i);
            Record r = batch.get(i);
            written++;
            if (r.deleted()) held.remove(r.key());
            else held.put(r.key(), r.hash());
        }
        meddler.accept(batch.size());
        return List.of();
    }

    @Override
    public boolean marks() {
        return marking;
    }

    @Override
    public Optional<String> marker(String owner) {
        if (down) throw new UnavailableException(name + ": the store is down", null);
        return held.isEmpty() ? Optional.empty() : Optional.ofNullable(markers.get(owner));
    }

    @Override
    public void mark(String owner, String marker) {
        if (down) throw new UnavailableException(name + ": the store is down", null);
        markers.put(owner, marker);
    }

    @Override
    public void unmark(String owner) {
        markers.remove(owner);
    }

    @Override
    public Stream<String> keys() {
        return held.keySet().stream();
    }

    @Override
    public Stream<String> strays() {
        return strays.stream();
    }

    @Override
    public void removeStrays() {
        strays.clear();
    }

    @Override
    public Set<String> differing(List<Record> batch) {
        return batch.stream()
                .filter(r -> r.deleted() ? held.containsKey(r.key()) : !r.hash().equals(held.get(r.key())))
                .map(Record::key)
                .collect(Collectors.toSet());
    }

    @Override
    public Optional<String> check() {
        return down ? Optional.of("the store is down") : Optional.empty();
    }
}
