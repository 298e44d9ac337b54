package io.caravan.object;

import java.util.function.Consumer;
import java.util.function.Supplier;

/** A client that is made at first use, shared, and made again after it was closed. Thread-safe. */
final class OnDemand<T> {

    private final Supplier<T> make;
    private final Consumer<T> close;
    private T made;

    OnDemand(Supplier<T> make, Consumer<T> close) {
        this.make = make;
        this.close = close;
    }

    synchronized T get() {
        if (made == null) made = make.get();
        return made;
    }

    synchronized void close() {
        if (made != null) close.accept(made);
        made = null;
    }
}
