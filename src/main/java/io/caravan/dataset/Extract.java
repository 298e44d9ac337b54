package io.caravan.dataset;

import java.nio.file.Path;
import java.util.Optional;
import org.apache.camel.CamelContextAware;

/** Gets the file of a dataset from where it is. Thread-safe; nothing is touched before {@link #get}. */
interface Extract extends CamelContextAware, AutoCloseable {

    /**
     * A form of the file that is known.
     *
     * @param place where exactly it was, which need not be where it is now
     * @param validator what its server or store said of it; blank for nothing
     */
    record Known(String place, String validator) {}

    /** What is known of the file at a place; blank for nothing. */
    @FunctionalInterface
    interface Validators {
        String of(String place);
    }

    /** What the ledger calls the file, whichever of several addresses it is at today. */
    String name();

    /**
     * Writes the file into one of ours; empty when it is the known one, and nothing was written.
     *
     * <ul>
     *   <li>errors: as {@link io.caravan.source.Source#objects} and {@link io.caravan.source.RecordReader#read}
     * </ul>
     */
    Optional<Known> get(Validators known, Path into);

    /** The same, asking once: for somebody who waits for the answer. */
    Extract once();

    @Override
    void close();
}
