package io.caravan;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** Cases of a campaign that wait more than they work and have nothing in common: several at a time. */
public final class SideBySide {

    private static final int AT_A_TIME = 8;

    /** One of them; {@code seed} is 0 for the first. */
    @FunctionalInterface
    public interface Case {
        void prove(int seed) throws Exception;
    }

    private SideBySide() {}

    /** Returns when all are proven; fails with the first that is not, and begins no other then. */
    public static void all(int cases, Case of) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
        AtomicBoolean failed = new AtomicBoolean();
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < cases; i++) {
                int seed = i;
                running.add(threads.submit(() -> {
                    if (failed.get()) return null;
                    boolean proven = false;
                    try {
                        of.prove(seed);
                        proven = true;
                    } finally {
                        if (!proven) failed.set(true);
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) one.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) throw error;
            throw (Exception) e.getCause();
        } finally {
            threads.shutdownNow();
        }
    }
}
