package io.caravan.record;

import io.caravan.error.UnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What the sinks of a plan would leave in their stores, by place and id: whoever plans what reads there next lays it over what the store
 * holds. The ids are in memory, the documents in a temporary file, which goes when this is closed or the process ends. Thread-safe.
 */
public final class Overlay implements AutoCloseable {

    private final Map<String, NavigableMap<String, Entry>> places = new ConcurrentHashMap<>();
    private FileChannel file;
    private long end;

    /** Where a document stands in the file. */
    private record Entry(long from, int length) {

        static final Entry GONE = new Entry(-1, 0);
    }

    /** The place is there, also if nothing is put there. */
    public void open(String place) {
        entries(place);
    }

    /** Whether something would be there, or the place itself. */
    public boolean has(String place) {
        return places.containsKey(place);
    }

    public void put(String place, String id, ByteBuffer document) {
        int length = document.remaining();
        entries(place).put(id, new Entry(append(document), length));
    }

    public void delete(String place, String id) {
        entries(place).put(id, Entry.GONE);
    }

    /** Whether the document of this id would be another, or gone. */
    public boolean changes(String place, String id) {
        return places.containsKey(place) && places.get(place).containsKey(id);
    }

    /** The ids of what would be written or deleted, in order. */
    public List<String> ids(String place) {
        return places.containsKey(place) ? List.copyOf(places.get(place).keySet()) : List.of();
    }

    /** The document that would be there; empty where it would be gone, and where nothing would change. */
    public Optional<byte[]> document(String place, String id) {
        Entry entry = places.containsKey(place) ? places.get(place).get(id) : null;
        return entry == null || entry == Entry.GONE ? Optional.empty() : Optional.of(read(entry));
    }

    private NavigableMap<String, Entry> entries(String place) {
        return places.computeIfAbsent(place, p -> new ConcurrentSkipListMap<>());
    }

    private synchronized long append(ByteBuffer document) {
        try {
            if (file == null) {
                Path path = Files.createTempFile("caravan-plan-", ".documents");
                file = FileChannel.open(
                        path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
            }
            long from = end;
            while (document.hasRemaining()) end += file.write(document, end);
            return from;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private synchronized byte[] read(Entry entry) {
        ByteBuffer document = ByteBuffer.allocate(entry.length());
        try {
            while (document.hasRemaining()) {
                if (file.read(document, entry.from() + document.position()) < 0) throw new IOException("it is cut off");
            }
        } catch (IOException e) {
            throw failed(e);
        }
        return document.array();
    }

    private static UnavailableException failed(IOException e) {
        return new UnavailableException(
                "the temporary folder: documents of a plan could not be kept or read: " + e.getMessage(), e);
    }

    @Override
    public synchronized void close() {
        places.clear();
        if (file == null) return;
        try (FileChannel closed = file) {
            file = null;
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
