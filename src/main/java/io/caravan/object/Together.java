package io.caravan.object;

import io.caravan.object.ObjectStore.Content;

/**
 * Writes many objects of which none is relied on before {@link #finish}. Each is seen whole or not at all, at any moment
 * until then. Thread-safe. Errors: as {@link ObjectStore} says.
 */
public interface Together extends AutoCloseable {

    /** As {@link ObjectStore#create}; {@code taken} is told when there is one of that name. */
    void create(String name, Content content, Runnable taken);

    /** As {@link ObjectStore#put(String, Content)}. */
    void put(String name, Content content);

    /** Returns when all are in their place and outlast the machine. */
    void finish();

    /** Drops what was not finished; what is in its place already stays. */
    @Override
    void close();
}
