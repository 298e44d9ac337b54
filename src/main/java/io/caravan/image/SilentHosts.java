package io.caravan.image;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Which servers of images were silent so often in a run that nobody waits for them any more. Thread-safe. */
final class SilentHosts {

    private static final int MOST = 5;

    /** By host and port, how often in a row. */
    private final Map<String, AtomicInteger> times = new ConcurrentHashMap<>();

    /** Throws when this one's server is not asked any more in this run. */
    void check(String url) throws RefusedException {
        if (times(url).get() >= MOST)
            throw new RefusedException("be asked for, and its server was silent " + MOST + " times in this run");
    }

    void answered(String url) {
        times(url).set(0);
    }

    void silent(String url) {
        times(url).incrementAndGet();
    }

    private AtomicInteger times(String url) {
        return times.computeIfAbsent(host(url), host -> new AtomicInteger());
    }

    private static String host(String url) {
        try {
            return String.valueOf(URI.create(url.strip()).getRawAuthority()).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
