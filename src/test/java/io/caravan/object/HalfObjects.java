package io.caravan.object;

import io.caravan.format.Compression;
import io.caravan.format.JsonlForm;
import io.caravan.source.IncompleteSourceException;
import io.caravan.source.SourceObject;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Reads all packed JSON lines of a store again and again in a thread of its own, and remembers what was not whole. */
final class HalfObjects implements AutoCloseable {

    private static final Pattern REPLACED = Pattern.compile("since it was listed|bytes that were listed");

    private final List<String> halves = new CopyOnWriteArrayList<>();
    private final AtomicInteger read = new AtomicInteger();
    private final JsonlForm form = new JsonlForm(Compression.GZIP);
    private final Thread thread;
    private volatile boolean closed;

    HalfObjects(Supplier<ObjectStore> store, String prefix) {
        thread = new Thread(() -> {
            try (ObjectStore own = store.get()) {
                while (!closed) readAll(own, prefix);
            }
        });
        thread.start();
    }

    /** What was seen of objects that were neither the old nor the new one whole. */
    List<String> halves() {
        return halves;
    }

    /** How many objects were read to their end. */
    int read() {
        return read.get();
    }

    private void readAll(ObjectStore store, String prefix) {
        for (Iterator<SourceObject> all = store.list(prefix, new Glob("*")); all.hasNext(); ) {
            SourceObject object = all.next();
            // it refuses what is cut, not packed to its end, or not sorted as the sink writes it
            try (StoredRows rows =
                    new StoredRows(object.name(), form.open(store.open(object), object.name(), List.of("_key")))) {
                while (rows.hasNext()) rows.next();
                read.incrementAndGet();
            } catch (IncompleteSourceException e) {
                // replaced or removed between listing and reading
                if (!REPLACED.matcher(e.getMessage()).find()) halves.add(e.getMessage());
            } catch (RuntimeException e) {
                halves.add(e.toString());
            }
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
    }
}
