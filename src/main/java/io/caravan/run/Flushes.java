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

    /** Hands every sink that was begun to {@code flush}, side by side; those that come last, after all others. */
    void end(Consumer<Sink> flush) {
        end(sink -> !sink.last(), flush);
        end(Sink::last, flush);
    }

    private void end(Predicate<Sink> which, Consumer<Sink> flush) {
        List<CompletableFuture<Void>> flushing = begun.values().stream()
                .filter(which)
                .map(sink -> CompletableFuture.runAsync(
                        () -> flush.accept(sink), work -> new Thread(work, "caravan-flush").start()))
                .toList();
        flushing.forEach(CompletableFuture::join);
    }
}
