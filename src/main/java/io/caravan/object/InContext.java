package io.caravan.object;

import java.util.function.Function;
import org.apache.camel.CamelContext;

/** What a store needs of the Camel context it runs in, made at first use, and again in another context or after closing. Thread-safe. */
final class InContext<T> {

    private final Function<CamelContext, T> make;
    private CamelContext context;
    private T made;

    InContext(Function<CamelContext, T> make) {
        this.make = make;
    }

    synchronized void set(CamelContext now) {
        if (now != context) made = null;
        context = now;
    }

    synchronized CamelContext context() {
        return context;
    }

    synchronized T get() {
        if (context == null) throw new IllegalStateException("objects: a bucket must be told its Camel context first");
        if (made == null) made = make.apply(context);
        return made;
    }

    synchronized void forget() {
        made = null;
    }
}
