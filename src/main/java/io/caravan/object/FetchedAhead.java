package io.caravan.object;

import io.caravan.source.SourceObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Objects whose bytes begin to come before somebody opens them, each by a thread of its own, up to {@link #BYTES} of each: a store that is
 * far away is waited for once, not once an object. What cannot be fetched is opened again when its turn comes, and fails there.
 */
final class FetchedAhead implements AutoCloseable {

    /** What is kept of an object until it is opened; the rest comes as it is read. */
    private static final int BYTES = 1 << 20;

    private final Map<SourceObject, FutureTask<InputStream>> coming = new IdentityHashMap<>();

    void fetch(ObjectStore store, SourceObject object) {
        FutureTask<InputStream> task = new FutureTask<>(() -> begun(store.open(object)));
        synchronized (coming) {
            coming.put(object, task);
        }
        Thread thread = new Thread(task, "caravan-fetch");
        thread.setDaemon(true);
        thread.start();
    }

    private static InputStream begun(InputStream in) throws IOException {
        byte[] first;
        try {
            first = in.readNBytes(BYTES);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
        if (first.length == BYTES) return new SequenceInputStream(new ByteArrayInputStream(first), in);
        in.close();
        return new ByteArrayInputStream(first);
    }

    /** Its bytes, fetched or not. */
    InputStream open(ObjectStore store, SourceObject object) {
        FutureTask<InputStream> task;
        synchronized (coming) {
            task = coming.remove(object);
        }
        if (task == null) return store.open(object);
        try {
            return task.get();
        } catch (ExecutionException e) {
            return store.open(object);
        } catch (InterruptedException e) {
            forget(task);
            Thread.currentThread().interrupt();
            return store.open(object);
        }
    }

    /** Nobody opens what was fetched and not opened. */
    @Override
    public void close() {
        List<FutureTask<InputStream>> rest;
        synchronized (coming) {
            rest = new ArrayList<>(coming.values());
            coming.clear();
        }
        rest.forEach(FetchedAhead::forget);
    }

    /** Closes what came, or comes still. */
    private static void forget(FutureTask<InputStream> task) {
        Thread thread = new Thread(
                () -> {
                    try (InputStream in = task.get()) {
                        return;
                    } catch (ExecutionException | InterruptedException | IOException e) {
                        // nothing is open
                    }
                },
                "caravan-fetch");
        thread.setDaemon(true);
        thread.start();
    }
}
