package io.caravan.object;

import io.caravan.error.UnavailableException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Does work in a thread of its own, one piece after the other, while its caller goes on. Not thread-safe.
 *
 * <ul>
 *   <li>errors: what a piece threw is thrown by the next call, and by every one after it until {@link #forget}: nothing is
 *       done behind a piece that was not
 * </ul>
 */
final class BackgroundWork implements AutoCloseable {

    private final String name;
    private ExecutorService thread;
    private Future<?> work;
    private UnavailableException failure;

    BackgroundWork(String name) {
        this.name = name;
    }

    /** Begins a piece once the one before is done. */
    void begin(Runnable piece) {
        settle();
        if (thread == null) {
            thread = Executors.newSingleThreadExecutor(task -> {
                Thread made = new Thread(task, "caravan-" + name);
                made.setDaemon(true);
                return made;
            });
        }
        work = thread.submit(piece);
    }

    /** Waits until what was begun is done. */
    void settle() {
        if (failure != null) throw failure;
        if (work == null) return;
        try {
            work.get();
            work = null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException(name + ": interrupted", e);
        } catch (ExecutionException e) {
            work = null;
            // any other kind would blame the records that the caller has come with meanwhile
            failure = e.getCause() instanceof UnavailableException away
                    ? away
                    : new UnavailableException(name + ": gathering failed: " + e.getCause(), e.getCause());
            throw failure;
        }
    }

    /** Waits until nothing is under way, and forgets what failed. */
    void forget() {
        boolean interrupted = false;
        while (work != null) {
            try {
                work.get();
                work = null;
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                work = null;
            }
        }
        failure = null;
        if (interrupted) Thread.currentThread().interrupt();
    }

    @Override
    public void close() {
        forget();
        if (thread != null) thread.shutdown();
        thread = null;
    }
}
