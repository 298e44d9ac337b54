package io.caravan.run;

import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.record.Hash;
import io.caravan.record.Record;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A store for tests of the core that keeps nothing before it is flushed; hashes by key, shared by all its writers. */
final class GatheringSink implements Sink {

    final Map<String, Hash> held;
    /** Called in the middle of a flush and behind it. */
    volatile IntConsumer meddler = position -> {};

    private final String name;
    private final Map<String, Record> gathered = new LinkedHashMap<>();

    GatheringSink(String name) {
        this(name, new TreeMap<>());
    }

    /** Another process's writer to the same store. */
    GatheringSink(String name, Map<String, Hash> held) {
        this.name = name;
        this.held = held;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean gathers() {
        return true;
    }

    @Override
    public List<Refusal> write(List<Record> batch) {
        batch.forEach(r -> gathered.put(r.key(), r));
        return List.of();
    }

    @Override
    public List<Refusal> flush() {
        int position = 0;
        for (Record r : gathered.values()) {
            if (position++ == gathered.size() / 2) meddler.accept(0);
            synchronized (held) {
                if (r.deleted()) held.remove(r.key());
                else held.put(r.key(), r.hash());
            }
        }
        gathered.clear();
        meddler.accept(1);
        return List.of();
    }

    @Override
    public void discard() {
        gathered.clear();
    }

    @Override
    public Stream<String> keys() {
        return List.copyOf(held.keySet()).stream();
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
        return Optional.empty();
    }
}
