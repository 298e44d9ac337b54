package io.caravan.embedding;

import io.caravan.error.UnavailableException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waits for what another thread makes. */
final class Waits {

    private Waits() {}

    /** What was made; what the other thread threw is thrown. */
    static <T> T on(CompletableFuture<T> made) throws InterruptedException {
        try {
            return made.get();
        } catch (CancellationException e) {
            throw new UnavailableException("embedder: it ends; try again later", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) throw known;
            if (e.getCause() instanceof Error error) throw error;
            throw new IllegalStateException(e.getCause());
        }
    }
}
