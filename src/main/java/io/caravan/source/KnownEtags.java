package io.caravan.source;

import java.util.Optional;

/** What the ledger remembers of objects. */
@FunctionalInterface
public interface KnownEtags {

    /** The etag of an object that was read whole and that no sink waits for. */
    Optional<String> of(String object);
}
