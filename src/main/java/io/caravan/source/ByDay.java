package io.caravan.source;

import java.time.LocalDate;
import java.util.Optional;

/** How the objects of a source lie on days, or the records in them, by which its history is cut into slices. */
public interface ByDay {

    /** Of a source whose records lie on the days that the values of this field say. */
    static ByDay of(String cursor) {
        return new ByDay() {
            @Override
            public Optional<LocalDate> day(String name) {
                return Optional.empty();
            }

            @Override
            public boolean precedes(String first, String second) {
                return false;
            }

            @Override
            public Optional<String> cursor() {
                return Optional.of(cursor);
            }
        };
    }

    /** The day that the name of an object says; empty where it says none. */
    Optional<LocalDate> day(String name);

    /** Whether a record in the object of the first name counts, and not that of the same key in the second. */
    boolean precedes(String first, String second);

    /** The field whose values say the day of each record; empty where objects lie on days, whole. */
    default Optional<String> cursor() {
        return Optional.empty();
    }
}
