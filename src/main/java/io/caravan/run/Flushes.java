package io.caravan.run;

import io.caravan.delivery.Sink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Makes durable what a run wrote, sink by sink, side by side. */
final class Flushes {

    private final Writes writes;

    Flushes(Writes writes) {
        this.writes = writes;
    }

    /** Does this with every sink that was begun and does not come last. */
    void first(Consumer<Sink> work) {
        each(sink -> !sink.last() && !sink.veryLast(), work);
    }

    /** Does this with every sink that was begun and comes last. */
    void last(Consumer<Sink> work) {
        each(sink -> sink.last() && !sink.veryLast(), work);
    }

    /** Does this with every sink that was begun and comes even behind those. */
    void veryLast(Consumer<Sink> work) {
        each(Sink::veryLast, work);
    }

    /** Also when not every thread could be started, none goes on when this returns. */
    private void each(Predicate<Sink> which, Consumer<Sink> work) {
        List<CompletableFuture<Void>> working = new ArrayList<>();
        try {
            for (Sink sink : writes.begun().values()) {
                if (!which.test(sink)) continue;
                working.add(CompletableFuture.runAsync(
                        () -> work.accept(sink), task -> new Thread(task, "caravan-flush").start()));
            }
        } finally {
            working.forEach(CompletableFuture::join);
        }
    }
}
