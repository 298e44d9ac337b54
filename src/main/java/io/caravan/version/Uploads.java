package io.caravan.version;

import io.caravan.error.UnavailableException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Makes calls of a store, several at a time; with one worker each is made at once, in its order. Not thread-safe. */
final class Uploads implements AutoCloseable {

    private final int workers;
    private final Queue<Future<?>> underWay = new ArrayDeque<>();
    private ExecutorService threads;

    Uploads(int workers) {
        this.workers = workers;
    }

    void begin(Runnable call) {
        if (workers == 1) {
            call.run();
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
        underWay.add(threads.submit(call));
    }

    /** Until all are done; throws what one of them threw. */
    void finish() {
        while (!underWay.isEmpty()) await();
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
