package io.caravan.version;

import io.caravan.object.Glob;
import io.caravan.object.ObjectStore;
import io.caravan.object.StoredObject;
import io.caravan.source.SourceObject;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Supplier;

/** A store whose client dies at a write: right before it, or right after it was done. */
final class DyingStore implements ObjectStore {

    /** What a dead process does not do. */
    static final class Dead extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final ObjectStore store;
    private final boolean done;
    private int left;
    private int writes;
    private boolean dead;

    /**
     * @param left how many writes it lives
     * @param done whether the write at which it dies is done
     */
    DyingStore(ObjectStore store, int left, boolean done) {
        this.store = store;
        this.left = left;
        this.done = done;
    }

    int writes() {
        return writes;
    }

    private synchronized <T> T write(Supplier<T> write) {
        if (dead) throw new Dead();
        if (left-- > 0) {
            writes++;
            return write.get();
        }
        dead = true;
        T ignored = done ? write.get() : null; // nobody hears of it
        throw new Dead();
    }

    @Override
    public Iterator<SourceObject> list(String prefix, Glob name) {
        return store.list(prefix, name);
    }

    @Override
    public InputStream open(SourceObject object) {
        return store.open(object);
    }

    @Override
    public String put(String name, Content content) {
        return write(() -> store.put(name, content));
    }

    @Override
    public Optional<String> create(String name, Content content) {
        return write(() -> store.create(name, content));
    }

    @Override
    public Optional<String> replace(String name, String etag, Content content) {
        return write(() -> store.replace(name, etag, content));
    }

    @Override
    public boolean copyWithin(String object, String name) {
        return write(() -> store.copyWithin(object, name));
    }

    @Override
    public Optional<StoredObject> read(String name, int mostBytes) {
        return store.read(name, mostBytes);
    }

    @Override
    public void delete(String name) {
        write(() -> {
            store.delete(name);
            return name;
        });
    }

    @Override
    public void check() {
        store.check();
    }

    @Override
    public boolean there() {
        return store.there();
    }

    @Override
    public void make() {
        store.make();
    }
}
