package io.caravan.object;

import io.caravan.error.UnavailableException;
import io.caravan.error.Words;
import io.caravan.record.Hash;
import io.caravan.record.Record;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.DataType;
import org.h2.mvstore.type.StringDataType;

/**
 * Which object holds a key, and a hash of what it holds, of all objects of a sink, and where keys are to move, in a temporary
 * file. An object is read again only when its etag is another one. Not thread-safe.
 */
final class KeyIndex implements AutoCloseable {

    private static final int CACHE_MEGABYTES = 16;

    /** An object as it was when it was read; the number stands for it in the rows. */
    private record Known(String etag, int number) {}

    private final Map<String, Known> objects = new HashMap<>();
    private final Map<Integer, String> names = new HashMap<>();
    private Path file;
    private MVStore store;
    private MVMap<String, byte[]> rows; // by key: number, hash
    private MVMap<String, byte[]> others; // by key: numbers of more objects that hold it
    private MVMap<String, String> moved; // by key: the object that is to hold it, or blank
    private int numbers;

    /** Brings it up to date with the objects as they are listed now. */
    void refresh(List<SourceObject> listed, Function<SourceObject, StoredRows> open, Function<Record, Hash> hash) {
        if (store == null) create();
        try {
            Set<String> there = new HashSet<>();
            for (SourceObject object : listed) {
                there.add(object.name());
                Known known = objects.get(object.name());
                if (known == null || object.etag().isEmpty() || !known.etag().equals(object.etag())) {
                    forget(object.name());
                    read(object, open, hash);
                }
            }
            Set.copyOf(objects.keySet()).stream()
                    .filter(name -> !there.contains(name))
                    .forEach(this::forget);
        } catch (MVStoreException e) {
            throw new UnavailableException(
                    "objects-sink: the index cannot be kept on this machine: " + Words.other(e), e);
        }
    }

    /** The objects that hold the key: one, but after a flush that ended between two of them. */
    Set<String> objects(String key) {
        Set<String> holding = new LinkedHashSet<>();
        row(key).ifPresent(row -> holding.add(names.get(row.getInt(0))));
        byte[] numbers = others.get(key);
        if (numbers == null) return holding;
        for (ByteBuffer b = ByteBuffer.wrap(numbers); b.hasRemaining(); ) {
            String name = names.get(b.getInt());
            if (name != null) holding.add(name);
        }
        return holding;
    }

    /** The hash of what is held under the key. */
    Optional<Hash> hash(String key) {
        return row(key).map(row -> new Hash(row.getLong(4), row.getLong(12)));
    }

    /** Notes where a record is to be, blank for nowhere, and says where it was to be before. */
    Optional<String> move(String key, String object) {
        return Optional.ofNullable(moved.put(key, object));
    }

    void forgetMoves() {
        if (moved != null) moved.clear();
    }

    private Optional<ByteBuffer> row(String key) {
        return Optional.ofNullable(rows.get(key)).map(ByteBuffer::wrap).filter(row -> names.containsKey(row.getInt(0)));
    }

    private void read(SourceObject object, Function<SourceObject, StoredRows> open, Function<Record, Hash> hash) {
        int number = ++numbers;
        try (StoredRows stored = open.apply(object)) {
            while (stored.hasNext()) {
                Record row = stored.next();
                Hash held = hash.apply(row);
                row(row.key()).ifPresent(other -> also(row.key(), other.getInt(0)));
                rows.put(
                        row.key(),
                        ByteBuffer.allocate(20)
                                .putInt(number)
                                .putLong(held.high())
                                .putLong(held.low())
                                .array());
            }
        }
        objects.put(object.name(), new Known(object.etag(), number));
        names.put(number, object.name());
    }

    private void also(String key, int number) {
        byte[] before = others.get(key);
        int length = before == null ? 0 : before.length;
        ByteBuffer all = ByteBuffer.allocate(length + 4);
        if (before != null) all.put(before);
        others.put(key, all.putInt(number).array());
    }

    /** Rows of a number that no object has are no rows. */
    private void forget(String object) {
        Known known = objects.remove(object);
        if (known != null) names.remove(known.number());
    }

    private void create() {
        try {
            file = Files.createTempFile("caravan-objects-", ".index");
        } catch (IOException e) {
            throw new UnavailableException(
                    "objects-sink: the index cannot be kept on this machine: " + Words.other(e), e);
        }
        store = new MVStore.Builder()
                .fileName(file.toString())
                .cacheSize(CACHE_MEGABYTES)
                .open();
        rows = map("rows", ByteArrayDataType.INSTANCE);
        others = map("others", ByteArrayDataType.INSTANCE);
        moved = map("moved", StringDataType.INSTANCE);
    }

    private <T> MVMap<String, T> map(String name, DataType<T> values) {
        return store.openMap(
                name,
                new MVMap.Builder<String, T>().keyType(StringDataType.INSTANCE).valueType(values));
    }

    @Override
    public void close() {
        if (store != null) {
            store.closeImmediately();
            var unused = file.toFile().delete();
        }
        store = null;
        moved = null;
        objects.clear();
        names.clear();
    }
}
