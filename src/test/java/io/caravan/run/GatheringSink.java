package io.caravan.run;

import io.caravan.delivery.Fence;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.UnavailableException;
import io.caravan.record.Hash;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A store for tests of the core that keeps nothing before it is flushed; hashes by key, shared by all its writers. */
final class GatheringSink implements Sink {

    final Map<String, Hash> held;
    /** Called in the middle of a flush and behind it. */
    volatile IntConsumer meddler = position -> {};

    /** Hears what it is asked to do with what it gathered. */
    volatile Consumer<String> hearer = call -> {};

    /** What it may ask before it publishes. */
    volatile Fence fence;

    volatile boolean down;
    volatile boolean last;
    /** Nobody can ask what it holds. */
    volatile boolean silent;
    /** What it refuses when it is flushed. */
    volatile Predicate<Record> poison = r -> false;

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
    public void fencedBy(Fence right) {
        fence = right;
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
        hearer.accept("flush " + name);
        if (down) throw new UnavailableException(name + ": the store is down", null);
        List<Refusal> refused = new ArrayList<>();
        int position = 0;
        for (Record r : gathered.values()) {
            if (position++ == gathered.size() / 2) meddler.accept(0);
            if (poison.test(r)) refused.add(new Refusal(r, "cannot hold this"));
            else hold(r);
        }
        gathered.clear();
        meddler.accept(1);
        return refused;
    }

    private void hold(Record r) {
        synchronized (held) {
            if (r.deleted()) held.remove(r.key());
            else held.put(r.key(), r.hash());
        }
    }

    @Override
    public void complete() {
        hearer.accept("complete " + name);
    }

    @Override
    public void discard() {
        hearer.accept("discard " + name);
        gathered.clear();
    }

    @Override
    public boolean last() {
        return last;
    }

    @Override
    public Stream<String> keys() {
        mustNotBeSilent();
        return List.copyOf(held.keySet()).stream();
    }

    @Override
    public Set<String> differing(List<Record> batch) {
        mustNotBeSilent();
        return batch.stream()
                .filter(r -> r.deleted() ? held.containsKey(r.key()) : !r.hash().equals(held.get(r.key())))
                .map(Record::key)
                .collect(Collectors.toSet());
    }

    private void mustNotBeSilent() {
        if (silent) throw new UnsupportedOperationException(name + ": cannot be verified");
    }

    @Override
    public Optional<String> check() {
        return Optional.empty();
    }
}
