package io.caravan.http;

import java.time.Duration;

/** Says when a request may be sent. Thread-safe. */
public interface Throttle {

    /** Returns when the next request may go. */
    void await() throws InterruptedException;

    /** The server asked for silence: who shares this throttle with others tells them. */
    default void quiet(Duration pause) {}
}
