package io.caravan.run;

import io.caravan.delivery.Sink;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The sinks a run writes to: what one gathered of an earlier run is forgotten before, and made durable after. */
final class Flushes {

    private final Map<String, Sink> begun = new ConcurrentHashMap<>();

    /** To be called before a sink is written; from one thread at a time for one sink. */
    void begin(Sink sink) {
        if (begun.containsKey(sink.name())) return;
        sink.discard();
        begun.put(sink.name(), sink);
    }

    /** Does this with every sink that was begun and does not come last, side by side. */
    void first(Consumer<Sink> work) {
        each(sink -> !sink.last(), work);
    }

    /** Does this with every sink that was begun and comes last, side by side. */
    void last(Consumer<Sink> work) {
        each(Sink::last, work);
    }

    private void each(Predicate<Sink> which, Consumer<Sink> work) {
        List<CompletableFuture<Void>> working = begun.values().stream()
                .filter(which)
                .map(sink -> CompletableFuture.runAsync(
                        () -> work.accept(sink), task -> new Thread(task, "caravan-flush").start()))
                .toList();
        working.forEach(CompletableFuture::join);
    }
}
