package io.caravan.version;

import io.caravan.error.UnavailableException;
import io.caravan.object.ObjectStore;
import io.caravan.object.Together;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Writes objects of which none is relied on before {@link #finish}, several at a time; with one worker each in its order. Not
 * thread-safe.
 */
final class Uploads implements AutoCloseable {

    private final Together store;
    private final int workers;
    private final Queue<Future<?>> underWay = new ArrayDeque<>();
    private ExecutorService threads;

    Uploads(ObjectStore store, int workers) {
        this.store = store.together();
        this.workers = workers;
    }

    void begin(Consumer<Together> call) {
        if (workers == 1) {
            call.accept(store);
            return;
        }
        if (threads == null) {
            threads = Executors.newFixedThreadPool(workers, work -> {
                Thread thread = new Thread(work, "caravan-versions");
                thread.setDaemon(true);
                return thread;
            });
        }
        while (underWay.size() >= 2 * workers) await();
        underWay.add(threads.submit(() -> call.accept(store)));
    }

    /** Until all are done; throws what one of them threw. */
    void finish() {
        while (!underWay.isEmpty()) await();
        store.finish();
    }

    private void await() {
        try {
            underWay.remove().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("versions-sink: interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failed) throw failed;
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Returns when none is under way, whatever became of it. */
    @Override
    public void close() {
        try (store) {
            stop();
        }
    }

    private void stop() {
        if (threads == null) return;
        threads.shutdown();
        while (!underWay.isEmpty()) {
            try {
                await();
            } catch (RuntimeException e) {
                if (Thread.currentThread().isInterrupted()) return;
            }
        }
    }
}
