package io.caravan.source;

import java.time.LocalDate;
import java.util.Optional;

/** How the objects of a source lie on days, by which its history is cut into slices. */
public interface ByDay {

    /** The day that the name of an object says; empty where it says none. */
    Optional<LocalDate> day(String name);

    /** Whether a record in the object of the first name counts, and not that of the same key in the second. */
    boolean precedes(String first, String second);
}
