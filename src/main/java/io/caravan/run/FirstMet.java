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

    private final long[] keys = new long[REMEMBERED];
    private final long[] lines = new long[REMEMBERED];
    private final int[] objects = new int[REMEMBERED];
    private final List<String> names = new ArrayList<>();

    /** An object is read now. */
    void reading(String object) {
        names.add(object);
    }

    /** Notes where a record stands, unless its key is known already; empty when it was not, else where it was met. */
    Optional<Origin> met(Record record) {
        long hash = hash(record.key());
        int slot = (int) (hash ^ hash >>> 32) & REMEMBERED - 1;
        if (keys[slot] == hash) return Optional.of(new Origin(names.get(objects[slot]), lines[slot]));
        keys[slot] = hash;
        lines[slot] = record.origin().line();
        objects[slot] = names.size() - 1;
        return Optional.empty();
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
