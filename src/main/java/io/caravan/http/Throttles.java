package io.caravan.http;

import java.time.Duration;

/** Gives throttles that are shared with others; Camel's registry has the one that counts. Thread-safe. */
public interface Throttles {

    /**
     * The throttle of all who name the same.
     *
     * @param name of what is shared
     * @param perSecond how many requests all together send at most; 0 for any number
     * @param longestPause how long a server's wish for silence counts at most
     */
    Throttle of(String name, double perSecond, Duration longestPause);
}
