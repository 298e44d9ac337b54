package io.caravan.endpoint;

import java.util.concurrent.atomic.LongAdder;

/**
 * A store's client, shared by all that talk to the store.
 *
 * @param <C> its type
 */
public final class Client<C> {

    private final String name;
    private final C shared;
    private final LongAdder uses;

    Client(String name, C shared, LongAdder uses) {
        this.name = name;
        this.shared = shared;
        this.uses = uses;
    }

    /** How an endpoint's parameter names it. */
    public String reference() {
        return "#bean:" + name;
    }

    /** Its name in Camel's registry. */
    public String name() {
        return name;
    }

    /** The client itself, for what is no call: another client that is made of it. */
    public C get() {
        return shared;
    }

    /** The client itself, for one call that no endpoint can make; such calls are counted. */
    public C use() {
        uses.increment();
        return shared;
    }
}
