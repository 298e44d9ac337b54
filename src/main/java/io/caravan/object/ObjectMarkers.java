package io.caravan.object;

import io.caravan.delivery.OwnerHash;
import io.caravan.source.SourceObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The markers of those who write objects below a prefix: an object each, {@code <prefix>_caravan-<owner>-<marker>}, its name
 * says all. Names that begin with {@code _} are no data to Spark, Hive and Arrow, and {@code objects-source} skips these. A
 * prefix without an object of records has none.
 */
final class ObjectMarkers {

    static final String NAME = "_caravan-";
    static final Glob NAMES = new Glob(NAME + "*");
    private static final Pattern MARKER = Pattern.compile(".*" + NAME + "[0-9a-f]{32}-[0-9a-f]{32}", Pattern.DOTALL);
    private static final Glob ALL = new Glob("*");
    private static final byte[] WHAT_IT_IS = """
            By this object's name Caravan sees that the objects beside it are those it wrote. Delete it, and the next run
            writes all of them again.
            """.getBytes(StandardCharsets.UTF_8);

    private final ObjectStore store;
    private final String prefix;

    ObjectMarkers(ObjectStore store, String prefix) {
        this.store = store;
        this.prefix = prefix;
    }

    /** The owner's marker; empty when there is none, or more than one. */
    Optional<String> of(String owner) {
        String name = name(owner);
        List<String> held = listed(name);
        return held.size() == 1 ? Optional.of(held.get(0).substring(name.length())) : Optional.empty();
    }

    /** Leaves the marker; {@code alone}: nothing else is there, so what others wrote is gone with their markers. */
    void mark(String owner, String marker, boolean alone) {
        String wanted = name(owner) + marker;
        List<String> others = listed(alone ? prefix + NAME : name(owner));
        boolean there = others.remove(wanted);
        // first: a crash between leaves none, never two
        others.forEach(store::delete);
        if (!there) store.put(wanted, out -> out.write(WHAT_IT_IS));
    }

    /** Takes the owner's marker away. */
    void unmark(String owner) {
        listed(name(owner)).forEach(store::delete);
    }

    private String name(String owner) {
        return prefix + NAME + OwnerHash.of(owner) + "-";
    }

    private List<String> listed(String beginning) {
        List<String> names = new ArrayList<>();
        for (Iterator<SourceObject> all = store.list(beginning, ALL); all.hasNext(); ) {
            String name = all.next().name();
            if (isMarker(name)) names.add(name);
        }
        return names;
    }

    static boolean isMarker(String name) {
        return MARKER.matcher(name.substring(name.lastIndexOf('/') + 1)).matches();
    }

    /** The objects without the markers among them nor what {@link PrefixSchema} and {@link WrittenObjects} keep, as lazily as they are listed. */
    static Iterator<SourceObject> without(Iterator<SourceObject> objects) {
        return new Iterator<>() {
            private SourceObject next;

            @Override
            public boolean hasNext() {
                while (next == null && objects.hasNext()) {
                    SourceObject object = objects.next();
                    String name = object.name();
                    boolean ours = isMarker(name) || PrefixSchema.keeps(name) || WrittenObjects.isManifest(name);
                    if (!ours) next = object;
                }
                return next != null;
            }

            @Override
            public SourceObject next() {
                if (!hasNext()) throw new NoSuchElementException("no more objects");
                SourceObject object = next;
                next = null;
                return object;
            }
        };
    }
}
