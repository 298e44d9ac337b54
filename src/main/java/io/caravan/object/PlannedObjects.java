package io.caravan.object;

import io.caravan.record.Overlay;
import io.caravan.source.SourceObject;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Optional;
import java.util.TreeMap;

/** What a store holds, and what a plan would put there beside it; for reading. */
final class PlannedObjects implements ObjectStore {

    private static final String ETAG = "planned";

    private final ObjectStore store;
    private final Overlay overlay;

    PlannedObjects(ObjectStore store, Overlay overlay) {
        this.store = store;
        this.overlay = overlay;
    }

    @Override
    public String place() {
        return store.place();
    }

    @Override
    public Iterator<SourceObject> list(String prefix, Glob name) {
        TreeMap<String, SourceObject> all = new TreeMap<>();
        if (store.there()) store.list(prefix, name).forEachRemaining(object -> all.put(object.name(), object));
        for (String planned : overlay.ids(place())) {
            if (planned.startsWith(prefix) && name.matches(planned))
                all.putIfAbsent(planned, new SourceObject(planned, ETAG, bytes(planned).length));
        }
        return all.values().iterator();
    }

    @Override
    public InputStream open(SourceObject object) {
        return object.etag().equals(ETAG) ? new ByteArrayInputStream(bytes(object.name())) : store.open(object);
    }

    private byte[] bytes(String planned) {
        return overlay.document(place(), planned).orElseThrow();
    }

    @Override
    public Optional<StoredObject> read(String name, int mostBytes) {
        return store.read(name, mostBytes);
    }

    @Override
    public void check() {
        if (store.there()) store.check();
    }

    @Override
    public String put(String name, Content content) {
        throw written();
    }

    @Override
    public Optional<String> create(String name, Content content) {
        throw written();
    }

    @Override
    public Optional<String> replace(String name, String etag, Content content) {
        throw written();
    }

    @Override
    public void delete(String name) {
        throw written();
    }

    private static IllegalStateException written() {
        return new IllegalStateException("plan: no object may be written");
    }

    @Override
    public void close() {
        store.close();
    }
}
