package io.caravan.shape;

import java.util.Optional;
import java.util.Set;

/** What one value of a column becomes. */
interface Cell {

    /**
     * Empty when nothing is left to keep; {@link io.caravan.error.BadRecordException} when the value breaks the rule. Never asked of null or
     * blank text.
     */
    Optional<Object> of(Object value, Row row);

    /** Whether it asks for other documents. */
    default boolean looksUp() {
        return false;
    }

    /** The columns of the row that it reads besides. */
    default Set<String> columns() {
        return Set.of();
    }
}
