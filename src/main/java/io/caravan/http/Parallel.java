package io.caravan.http;

import io.caravan.error.UnavailableException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** Does one thing for many, a few at a time. Thread-safe; its threads begin with the first use and end with {@link #close}. */
final class Parallel implements AutoCloseable {

    private final String name;
    private final int most;
    private ExecutorService threads;

    Parallel(String name, int most) {
        this.name = name;
        this.most = most;
    }

    /**
     * The results, in order. When one fails, no more begin; the first failure is thrown once none is under way, so that nothing
     * happens after this has ended.
     */
    <A, B> List<B> map(List<A> all, Function<A, B> work) {
        if (all.size() == 1) return Collections.singletonList(work.apply(all.get(0)));
        AtomicBoolean failed = new AtomicBoolean();
        List<Future<B>> futures = new ArrayList<>(all.size());
        for (A one : all) {
            futures.add(threads().submit(() -> {
                if (failed.get()) return null;
                try {
                    return work.apply(one);
                } catch (RuntimeException | Error e) {
                    failed.set(true);
                    throw e;
                }
            }));
        }
        List<B> results = new ArrayList<>(all.size());
        RuntimeException failure = null;
        boolean interrupted = false;
        for (Future<B> future : futures) {
            while (true) {
                try {
                    results.add(future.get());
                } catch (InterruptedException e) {
                    interrupted = true;
                    failed.set(true);
                    continue;
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof Error error) throw error;
                    if (failure == null) failure = (RuntimeException) e.getCause();
                }
                break;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
            throw new UnavailableException(name + ": interrupted", null);
        }
        if (failure != null) throw failure;
        return results;
    }

    private synchronized ExecutorService threads() {
        if (threads == null) {
            threads = Executors.newFixedThreadPool(most, task -> {
                Thread thread = new Thread(task, "caravan-" + name);
                thread.setDaemon(true);
                return thread;
            });
        }
        return threads;
    }

    @Override
    public synchronized void close() {
        if (threads != null) threads.shutdown();
        threads = null;
    }
}
