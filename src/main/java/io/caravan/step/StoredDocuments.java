package io.caravan.step;

import io.caravan.record.Overlay;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The documents of one database, as a step that looks something up sees them: its only door to a store. */
@FunctionalInterface
public interface StoredDocuments {

    /**
     * The documents of a collection in which a field has one of these texts, in no order; none when there is no such collection. An id of
     * another type is found by its text too.
     *
     * <ul>
     *   <li>in: {@code projection}, the fields that are wanted; the answers may have more
     *   <li>out: values as records have them
     *   <li>errors: {@link io.caravan.error.UnavailableException} when the store is away
     * </ul>
     */
    List<Map<String, Object>> find(String collection, String field, Collection<String> values, Set<String> projection);

    /** The same with what a plan lays over them. */
    default StoredDocuments over(Overlay overlay) {
        return this;
    }
}
