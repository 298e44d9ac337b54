package io.caravan.run;

import io.caravan.change.Changes;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The objects that a reading reads, in the source's order. Where several slices are read side by side it looks as many ahead, and tells
 * the source which come soon. That only fetches: when an object's turn comes it is looked up, read and decided on as ever, after those
 * before it. For one thread.
 */
final class ObjectsAhead implements Iterator<SourceObject>, AutoCloseable {

    private final Reading reading;
    private final Changes changes;
    private final int most;
    private final Iterator<SourceObject> listed;
    private final Deque<SourceObject> ahead = new ArrayDeque<>();

    /** {@code most}: how many are looked at at once, the present one included. */
    ObjectsAhead(Reading reading, Changes changes, int most) {
        this.reading = reading;
        this.changes = changes;
        this.most = most;
        this.listed = reading.source().objects(changes::etag);
    }

    @Override
    public boolean hasNext() {
        while (ahead.size() < most && listed.hasNext()) {
            SourceObject object = listed.next();
            if (!reading.reads(object)) continue;
            ahead.add(object);
            if (most > 1 && mayBeRead(object)) reading.source().soon(object);
        }
        return !ahead.isEmpty();
    }

    @Override
    public SourceObject next() {
        if (!hasNext()) throw new NoSuchElementException();
        return ahead.remove();
    }

    /** As far as can be said before those that come first were read. */
    private boolean mayBeRead(SourceObject object) {
        Source source = reading.source();
        return source.readsUnchanged() || !changes.etag(object.name()).equals(Optional.of(object.etag()));
    }

    @Override
    public void close() {
        if (most > 1) reading.source().notSoon();
    }
}
