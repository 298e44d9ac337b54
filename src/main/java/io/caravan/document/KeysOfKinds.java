package io.caravan.document;

import io.caravan.record.Kinds;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The keys of the documents of several collections, one collection after the other: a cursor is open only while it is read. */
final class KeysOfKinds implements Iterator<String>, AutoCloseable {

    private final Iterator<Map.Entry<String, MongoSink>> sinks;
    private String kind;
    private Stream<String> open = Stream.empty();
    private Iterator<String> ids = open.iterator();

    KeysOfKinds(Map<String, MongoSink> sinks) {
        this.sinks = sinks.entrySet().iterator();
    }

    Stream<String> stream() {
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(this, Spliterator.ORDERED | Spliterator.NONNULL), false);
    }

    @Override
    public boolean hasNext() {
        while (!ids.hasNext()) {
            if (!sinks.hasNext()) return false;
            open.close();
            Map.Entry<String, MongoSink> next = sinks.next();
            kind = next.getKey();
            open = next.getValue().keys();
            ids = open.iterator();
        }
        return true;
    }

    @Override
    public String next() {
        if (!hasNext()) throw new NoSuchElementException();
        return Kinds.key(kind, ids.next());
    }

    @Override
    public void close() {
        open.close();
    }
}
