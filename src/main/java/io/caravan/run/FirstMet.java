package io.caravan.run;

import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where keys were met in this run, for sentences: of the last some hundred thousand, in a fixed amount of memory however many
 * records there are. What it forgot it does not tell. Used by one thread.
 */
final class FirstMet {

    /** A power of two. */
    private static final int REMEMBERED = 1 << 18;

    private static final int LINE_BITS = 40;

    /** By slot a key's hash and beside it the object and line, as each look elsewhere in memory is as dear as the rest of it. */
    private final long[] slots = new long[2 * REMEMBERED];

    private final List<String> names = new ArrayList<>();

    /** An object is read now. */
    void reading(String object) {
        names.add(object);
    }

    /** Notes where a record stands, unless its key is known already; empty when it was not, else where it was met. */
    Optional<Origin> met(Record record) {
        long hash = hash(record.key());
        int slot = 2 * ((int) (hash ^ hash >>> 32) & REMEMBERED - 1);
        if (slots[slot] == hash) return Optional.of(origin(slots[slot + 1]));
        slots[slot] = hash;
        slots[slot + 1] =
                (long) (names.size() - 1) << LINE_BITS | record.origin().line();
        return Optional.empty();
    }

    private Origin origin(long place) {
        return new Origin(names.get((int) (place >>> LINE_BITS)), place & (1L << LINE_BITS) - 1);
    }

    /** Whether that is the object that is being read. */
    boolean here(Origin origin) {
        return !names.isEmpty() && names.get(names.size() - 1).equals(origin.object());
    }

    /** Never 0, which is a slot without a key. */
    private static long hash(String key) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < key.length(); i++) hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
        hash ^= hash >>> 29;
        hash *= 0x9e3779b97f4a7c15L;
        return hash == 0 ? 1 : hash;
    }
}
