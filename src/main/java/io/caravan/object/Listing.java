package io.caravan.object;

import io.caravan.error.CaravanException;
import io.caravan.source.SourceObject;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a bucket's client lists page by page, as objects whose names fit; the first page is asked for when it is needed. */
final class Listing<T> implements Iterator<SourceObject> {

    private final Supplier<Iterator<T>> pages;
    private final Function<T, SourceObject> object;
    private final Glob name;
    private final Function<Exception, CaravanException> failure;
    private Iterator<T> entries;
    private SourceObject next;

    Listing(
            Supplier<Iterator<T>> pages,
            Function<T, SourceObject> object,
            Glob name,
            Function<Exception, CaravanException> failure) {
        this.pages = pages;
        this.object = object;
        this.name = name;
        this.failure = failure;
    }

    @Override
    public boolean hasNext() {
        try {
            if (entries == null) entries = pages.get();
            while (next == null && entries.hasNext()) {
                SourceObject listed = object.apply(entries.next());
                boolean folder = listed.name().endsWith("/") && listed.size() == 0;
                if (!folder && name.matches(listed.name())) next = listed;
            }
            return next != null;
        } catch (CaravanException e) {
            throw e;
        } catch (RuntimeException e) {
            throw failure.apply(e);
        }
    }

    @Override
    public SourceObject next() {
        if (!hasNext()) throw new NoSuchElementException("no more objects");
        SourceObject object = next;
        next = null;
        return object;
    }
}
