package io.caravan.change;

/** The objects that a run leaves alone, as it reads some days of its source only. */
@FunctionalInterface
public interface Others {

    /** Whether {@code holder} is one of them, and keeps its records from another object that has the same keys. */
    boolean keep(String holder, String object);
}
