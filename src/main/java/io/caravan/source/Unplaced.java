package io.caravan.source;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The rows of an incremental reading that its position does not speak for, as their cursor lies ahead of the store's time or is no value:
 * each reading shows them, until they are corrected or deleted. Holds one key
 * more than {@value #MOST}, which says that there are too many.
 */
public final class Unplaced {

    /** Of a table with more such rows no position is kept: nobody could tell what became of the others. */
    public static final int MOST = 10_000;

    private static final int NAMED = 5;
    private static final int LONGEST = 100;

    private final Set<String> keys = new LinkedHashSet<>();
    private final List<String> named = new ArrayList<>();
    private long ahead;

    /** A row whose cursor lies ahead; it is delivered. */
    public void ahead(String key, String value) {
        ahead++;
        without(key);
        if (named.size() < NAMED) named.add(shown(key) + " (" + shown(value) + ")");
    }

    /** A row without a cursor that others can be compared with. */
    public void without(String key) {
        if (keys.size() <= MOST) keys.add(key);
    }

    public Set<String> keys() {
        return keys;
    }

    /** What is to be said of rows that lie ahead. */
    public Optional<String> note(String unit, String field, StoreClock clock) {
        if (ahead == 0) return Optional.empty();
        boolean one = ahead == 1;
        return Optional.of(unit + ": " + field + " must not be later than the store's time, " + clock.began() + ", got "
                + ahead + (one ? " row that is: " : " rows that are: ") + String.join(", ", named)
                + (ahead > named.size() ? ", ..." : "")
                + (one
                        ? "; it is delivered, and the position stays before it"
                        : "; they are delivered, and the position stays before them")
                + "; correct " + field + " in the source");
    }

    private static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", " ");
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }
}
