package io.caravan.object;

import io.caravan.source.SourceObject;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;

/** The keys of objects, one object open at a time. */
final class StoredKeys implements Iterator<String>, AutoCloseable {

    private final Iterator<SourceObject> objects;
    private final Function<SourceObject, StoredRows> open;
    private StoredRows rows;

    StoredKeys(Iterator<SourceObject> objects, Function<SourceObject, StoredRows> open) {
        this.objects = objects;
        this.open = open;
    }

    @Override
    public boolean hasNext() {
        while (rows == null || !rows.hasNext()) {
            close();
            if (!objects.hasNext()) return false;
            rows = open.apply(objects.next());
        }
        return true;
    }

    @Override
    public String next() {
        if (!hasNext()) throw new NoSuchElementException("no more keys");
        return rows.next().key();
    }

    @Override
    public void close() {
        if (rows != null) rows.close();
        rows = null;
    }
}
