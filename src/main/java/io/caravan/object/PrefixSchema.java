package io.caravan.object;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.format.Columns;
import io.caravan.format.ColumnsText;
import io.caravan.format.RecordWriter;
import io.caravan.format.WritableFormat;
import io.caravan.source.SourceObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The one schema of all objects below a prefix, by which a reader of the folder has one type for a column: kept in an object
 * beside them, {@code <prefix>_caravan-schema.json}. It only widens: what new rows need is joined with what there is, and
 * the objects of the old schema are rewritten. The schema is put before they are and says so until they are, so that a run
 * that ends between is followed by one that goes on. Formats whose rows name their own fields have none.
 */
final class PrefixSchema {

    private static final String NAME = "_caravan-schema.json";
    private static final int MOST_BYTES = 16 << 20;

    private final ObjectStore store;
    private final String object;
    private final WritableFormat format;
    private final Function<SourceObject, StoredRows> open;
    private final WrittenObjects objects;
    private Columns columns;
    private List<String> changes = List.of();
    private boolean pending; // some objects may have another one
    private boolean kept; // as it is now, by the object

    /** {@code objects}: writes those whose schema it is */
    PrefixSchema(
            ObjectStore store,
            String prefix,
            WritableFormat format,
            Function<SourceObject, StoredRows> open,
            WrittenObjects objects) {
        this.store = store;
        this.objects = objects;
        this.object = prefix + NAME;
        this.format = format;
        this.open = open;
    }

    /** Whether an object is one that keeps a schema. */
    static boolean keeps(String object) {
        return object.endsWith(NAME);
    }

    /** Learns what the objects have, and makes it what they are to have with these rows too. */
    void widen(List<SourceObject> stored, Columns gathered) {
        columns = gathered;
        changes = List.of();
        pending = false;
        kept = false;
        Optional<Columns> said = format.said(gathered);
        if (said.isEmpty()) return;
        Columns before = stored.isEmpty() ? new Columns() : before(stored);
        columns = before.widened(said.get());
        if (columns.size() > format.mostColumns()) {
            throw new ConfigurationException(SettingChecks.sentence(
                            "objects-sink",
                            "the objects below '" + object.substring(0, object.length() - NAME.length()) + "'",
                            "have at most " + format.mostColumns() + " columns",
                            columns.size())
                    + "; exclude fields, or choose the format jsonl");
        }
        boolean other = !columns.alike(before);
        if (other && !stored.isEmpty()) changes = columns.since(before);
        pending |= other && !stored.isEmpty();
        if (pending || other || !kept) keep(!pending);
    }

    private Columns before(List<SourceObject> stored) {
        Optional<byte[]> text = store.read(object, MOST_BYTES).map(StoredObject::bytes);
        Optional<Columns> known = text.flatMap(ColumnsText::columns);
        kept = known.isPresent();
        pending = known.isPresent() && !ColumnsText.whole(text.get());
        if (known.isPresent()) return known.get();
        Columns all = new Columns();
        List<Columns> each = new ArrayList<>();
        for (SourceObject one : stored) {
            Columns its = columns(one);
            each.add(its);
            all.add(its);
        }
        pending = each.stream().anyMatch(its -> !its.alike(all));
        return all;
    }

    private Columns columns(SourceObject stored) {
        try (StoredRows rows = open.apply(stored)) {
            return rows.columns();
        }
    }

    /** Those of all objects. */
    Columns columns() {
        return columns;
    }

    /**
     * Gives the objects that were not written the same schema; the rest of the run's changes must be there.
     *
     * @param written the names of those that were
     * @return what was done, in words; empty when there was nothing to do
     */
    Optional<String> settle(List<SourceObject> stored, Set<String> written) {
        if (!pending) return Optional.empty();
        Set<String> rewritten = new HashSet<>();
        for (SourceObject old : stored) {
            if (written.contains(old.name())) continue;
            try (StoredRows rows = open.apply(old)) {
                if (rows.columns().alike(columns)) continue;
                objects.put(old.name(), out -> {
                    long count = 0;
                    try (RecordWriter writer = format.write(out, columns)) {
                        for (; rows.hasNext(); count++) writer.write(rows.next());
                    }
                    return count;
                });
                rewritten.add(old.name());
            }
        }
        pending = false;
        keep(true);
        String what = changes.isEmpty() ? "one for all objects" : String.join(", ", changes);
        return Optional.of("schema widened: " + what + "; " + rewritten.size()
                + (rewritten.size() == 1 ? " object" : " objects") + " without changes rewritten");
    }

    /** There is no object any more. */
    void forget() {
        if (kept) store.delete(object);
        kept = false;
        pending = false;
    }

    private void keep(boolean whole) {
        byte[] text = ColumnsText.of(columns, whole);
        store.put(object, out -> out.write(text));
        kept = true;
    }
}
