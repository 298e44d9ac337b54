package io.caravan.object;

import java.util.Map;
import java.util.Optional;

/**
 * On what an upload depends, and the mark it leaves in the object's metadata: by it a writer whose answer was lost sees that
 * it was he, even if another one writes the same bytes.
 *
 * @param etag the object must have it; null when there must be none
 * @param mark differs for each write
 */
record Condition(String etag, String mark) {

    /** As Azure takes a name, too. */
    static final String MARK = "caravanwrite";

    /** There must be no object of that name. */
    boolean absent() {
        return etag == null;
    }

    Map<String, String> metadata() {
        return Map.of(MARK, mark);
    }

    /** What an object says of the one who wrote it. */
    record Head(String etag, Map<String, String> metadata) {}

    /** Whether the write was done: empty when it was not and could still be. */
    Optional<Boolean> won(Optional<Head> now) {
        if (now.isEmpty()) return absent() ? Optional.empty() : Optional.of(false);
        Map<String, String> metadata = now.get().metadata();
        if (metadata != null && mark.equals(metadata.get(MARK))) return Optional.of(true);
        boolean still = !absent() && etag.equals(now.get().etag());
        return still ? Optional.empty() : Optional.of(false);
    }
}
