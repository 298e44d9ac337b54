package io.caravan.record;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** A sealed value of tests: another text each time, by which nobody sees the plain one; the last part of it is a hash. */
public final class SealedSample implements Sealed {

    private static final AtomicInteger MADE = new AtomicInteger();

    private final String plain;
    private final int number = MADE.incrementAndGet();

    public SealedSample(String plain) {
        this.plain = plain;
    }

    @Override
    public String text() {
        return String.format(Locale.ROOT, "sealed-%d-%s", number, hash());
    }

    @Override
    public Hash hash() {
        return Hash.of(Sha256.of("key 1|" + plain));
    }

    @Override
    public boolean sameAs(String stored) {
        return stored.startsWith("sealed-") && stored.endsWith("-" + hash());
    }

    @Override
    public String toString() {
        return text();
    }
}
