package io.caravan.project;

import java.util.Optional;

/**
 * Something that came out otherwise than expected.
 *
 * @param where the sink, or {@code dead-letters}
 * @param key of the record
 * @param field empty for the whole record
 * @param expected empty when nothing was
 * @param actual empty when nothing came
 */
public record Difference(
        String where, String key, Optional<String> field, Optional<String> expected, Optional<String> actual) {

    static Difference missing(String where, String key, String expected) {
        return new Difference(where, key, Optional.empty(), Optional.of(expected), Optional.empty());
    }

    static Difference unexpected(String where, String key, String actual) {
        return new Difference(where, key, Optional.empty(), Optional.empty(), Optional.of(actual));
    }
}
