package io.caravan.shape;

import java.util.Optional;
import java.util.Set;

/** What one field of a shaped document is made of. */
interface Rule {

    /** Empty when the document does not have it; {@link io.caravan.error.BadRecordException} when the row breaks the rule. */
    Optional<Object> of(Row row);

    /** Whether it asks for other documents. */
    default boolean looksUp() {
        return false;
    }

    /** The columns of the row that it reads. */
    Set<String> columns();
}
