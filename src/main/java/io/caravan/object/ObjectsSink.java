package io.caravan.object;

import io.caravan.delivery.EndedRun;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.format.Columns;
import io.caravan.format.RecordWriter;
import io.caravan.format.RowForm;
import io.caravan.format.WritableFormat;
import io.caravan.record.Record;
import io.caravan.source.SourceObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * Keeps the newest form of each record in the objects of a store: a record is always in the same object, by a hash of its
 * key or the value of a field, and an object is sorted by key. A batch is only gathered; {@link #flush} merges what was
 * gathered with each object it touches and puts the whole new one in the old one's place. {@link ObjectsSinks} makes one
 * from settings.
 *
 * <ul>
 *   <li>memory: some megabytes, a batch, and what the format holds of one row; changes, and an index for comparing, are files of
 *       the temporary folder
 *   <li>a flush that ended between two objects: some have the changes, some not; gathering and flushing the same changes
 *       again makes all have them
 *   <li>one writer at a time: the run's lease sees to it
 * </ul>
 */
public final class ObjectsSink implements Sink, CamelContextAware, AutoCloseable {

    private static final int MOST_TOLD = 10_000;
    private static final long SPOOL_BYTES = 8L << 20;
    private static final Glob PARTS = new Glob("*part-*");
    private static final Glob PARTS_AND_MARKERS = new Glob("*-*");

    private final String name;
    private final ObjectStore store;
    private final WritableFormat format;
    private final Layout layout;
    private final KeyedRows rows;
    private final ObjectMarkers markers;
    private final boolean manifests;
    private final WrittenObjects objects;
    private final PrefixSchema schema;
    private final List<String> notes = new ArrayList<>();
    private final Set<String> touched = new TreeSet<>(); // names of objects, since somebody asked, the first of them

    /** What one object is to hold under a key; null for nothing. */
    private record Row(String object, String key, Record row) {}

    private final BackgroundWork gathering = new BackgroundWork("objects-sink");
    private List<Row> taken = new ArrayList<>(); // by the batch that is written
    private final Spool spool = new Spool(SPOOL_BYTES); // while gathering, its thread's, as bytes
    private RowForm bytes;
    private Columns columns = new Columns();
    private final KeyIndex index = new KeyIndex();
    private volatile CamelContext context;
    private boolean indexed; // with the objects as they were listed last

    /** {@code manifests}: whether an object beside the others says what a run wrote */
    ObjectsSink(
            String name, ObjectStore store, WritableFormat format, Layout layout, KeyedRows rows, boolean manifests) {
        new SettingChecks("objects-sink").notBlank("sink", name).check();
        this.name = name;
        this.store = store;
        this.format = format;
        this.layout = layout;
        this.rows = rows;
        this.markers = new ObjectMarkers(store, layout.prefix());
        this.manifests = manifests;
        this.objects = new WrittenObjects(store, layout.prefix(), manifests);
        this.schema = new PrefixSchema(store, layout.prefix(), format, this::open, objects);
        this.bytes = format.rows();
    }

    /** The same sink on another store, which gathered nothing yet. */
    ObjectsSink over(ObjectStore other) {
        return new ObjectsSink(name, other, format, layout, rows, manifests);
    }

    /** Of a folder there is nothing to tell. */
    @Override
    public void setCamelContext(CamelContext context) {
        this.context = context;
        CamelContextAware.trySetCamelContext(store, context);
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public boolean gathers() {
        return true;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized List<Refusal> write(List<Record> batch) {
        gathering.settle();
        store.make(); // before anything counts as taken
        if (!layout.byKey()) index();
        taken = new ArrayList<>(batch.size());
        List<Refusal> refusals = new ArrayList<>();
        try {
            for (Record record : batch) {
                try {
                    if (record.deleted()) delete(record.key());
                    else upsert(record);
                } catch (BadRecordException e) {
                    refusals.add(new Refusal(record, e.getMessage()));
                }
            }
        } finally { // where a record is now was noted with it: what was taken stays taken
            List<Row> all = taken;
            if (!all.isEmpty()) gathering.begin(() -> all.forEach(this::gather));
        }
        return refusals;
    }

    private void gather(Row row) {
        spool.add(new Spool.Change(row.object(), row.key(), row.row() == null ? null : bytes.of(row.row())));
    }

    private void upsert(Record record) {
        Record row = rows.of(record);
        format.check(row);
        if (columns.with(row) > format.mostColumns()) {
            throw new BadRecordException(SettingChecks.sentence(
                    "record",
                    "fields",
                    "be, with those of the records before, at most " + format.mostColumns(),
                    columns.with(row)));
        }
        String object = layout.of(record);
        leave(row.key(), object);
        columns.add(row);
        taken.add(new Row(object, row.key(), row));
    }

    private void delete(String key) {
        if (layout.byKey()) taken.add(new Row(layout.of(key), key, null));
        else leave(key, "");
    }

    /** Takes the record out of every object but that one. */
    private void leave(String key, String object) {
        if (layout.byKey()) return;
        Set<String> before = new HashSet<>(index.objects(key));
        index.move(key, object).ifPresent(before::add);
        before.remove(object);
        before.stream().filter(o -> !o.isEmpty()).forEach(o -> taken.add(new Row(o, key, null)));
    }

    @Override
    public synchronized List<Refusal> flush() {
        gathering.settle();
        if (spool.isEmpty()) return List.of();
        indexed = false;
        Map<String, SourceObject> stored = new HashMap<>();
        List<SourceObject> before = listed();
        for (SourceObject object : before) stored.put(object.name(), object);
        schema.widen(before, columns);
        Set<String> written = new HashSet<>();
        Set<String> left = new HashSet<>(stored.keySet());
        try (Spool.Newest changes = spool.sorted()) {
            while (changes.hasNext()) {
                String object = changes.peek().object();
                if (merge(changes, Optional.ofNullable(stored.get(object)))) left.add(object);
                else left.remove(object);
                written.add(object);
                if (touched.size() < MOST_TOLD) touched.add(object);
            }
        }
        if (left.isEmpty()) schema.forget();
        schema.settle(before, written).ifPresent(done -> notes.add(name + ": " + done));
        forget();
        return List.of();
    }

    @Override
    public synchronized List<String> notes() {
        List<String> said = List.copyOf(notes);
        notes.clear();
        return said;
    }

    @Override
    public synchronized Collection<String> objects() {
        List<String> names = List.copyOf(touched);
        touched.clear();
        return names;
    }

    /** Whether the object holds anything now. */
    private boolean merge(Spool.Newest changes, Optional<SourceObject> stored) {
        String object = changes.peek().object();
        try (StoredRows old = stored.map(this::open).orElse(null)) {
            Iterator<Record> before = old == null ? Collections.emptyIterator() : old;
            MergedRows merged = new MergedRows(before, changes, bytes);
            if (merged.isEmpty()) {
                if (old != null) objects.delete(object);
                return false;
            }
            objects.put(object, out -> {
                try (RecordWriter writer = format.write(out, schema.columns())) {
                    return merged.writeTo(writer);
                }
            });
            return true;
        }
    }

    @Override
    public synchronized void ended(EndedRun run) {
        objects.keep(run);
    }

    @Override
    public synchronized void discard() {
        touched.clear();
        objects.forget();
        forget();
    }

    private void forget() {
        gathering.forget();
        spool.clear();
        index.forgetMoves();
        bytes = format.rows();
        columns = new Columns();
    }

    @Override
    public synchronized Stream<String> keys() {
        indexed = false;
        StoredKeys keys = new StoredKeys(listed().iterator(), this::open);
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(keys, Spliterator.NONNULL), false)
                .onClose(keys::close);
    }

    /** Compares with the objects as they were listed after the last {@link #keys} or {@link #flush}. */
    @Override
    public synchronized Set<String> differing(List<Record> batch) {
        index();
        Set<String> keys = new HashSet<>();
        for (Record record : batch) {
            if (record.deleted() ? index.hash(record.key()).isPresent() : !holds(record)) keys.add(record.key());
        }
        return keys;
    }

    private boolean holds(Record record) {
        try {
            Record row = rows.of(record);
            format.check(row);
            return index.objects(row.key()).equals(Set.of(layout.of(record)))
                    && index.hash(row.key()).equals(Optional.of(format.hash(row)));
        } catch (BadRecordException e) {
            return false;
        }
    }

    private void index() {
        if (indexed) return;
        index.refresh(listed(), this::open, format::hash);
        indexed = true;
    }

    @Override
    public boolean marks() {
        return true;
    }

    @Override
    public Optional<String> marker(String owner) {
        if (!store.there()) return Optional.empty();
        Optional<String> marker = markers.of(owner);
        return marker.isEmpty() || empty() ? Optional.empty() : marker;
    }

    @Override
    public void mark(String owner, String marker) {
        store.make();
        listed(); // there may be none but our own
        markers.mark(owner, marker, empty());
    }

    @Override
    public void unmark(String owner) {
        if (store.there()) markers.unmark(owner);
    }

    private boolean empty() {
        Iterator<SourceObject> all = store.list(layout.beginning(), PARTS);
        while (all.hasNext()) {
            if (layout.holds(all.next().name())) return false;
        }
        return true;
    }

    @Override
    public Optional<String> check() {
        try {
            store.checkMake();
            if (store.there()) store.check();
            listed();
            return Optional.empty();
        } catch (CaravanException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** The objects of this sink, none of another one's. */
    private List<SourceObject> listed() {
        List<SourceObject> objects = new ArrayList<>();
        Neighbours neighbours = new Neighbours(store, layout);
        neighbours.noneAbove();
        if (!store.there()) return objects;
        Iterator<SourceObject> all = store.list(layout.prefix(), layout.byKey() ? PARTS : PARTS_AND_MARKERS);
        while (all.hasNext()) {
            SourceObject object = all.next();
            neighbours.notWithin(object.name());
            if (layout.foreign(object.name())) {
                throw new ConfigurationException(SettingChecks.sentence(
                                "objects-sink",
                                "what is below prefix '" + layout.prefix() + "'",
                                "be written with these settings",
                                object.name())
                        + "; delete what is there or choose another prefix, the next run writes everything again");
            }
            if (layout.holds(object.name())) objects.add(object);
        }
        return objects;
    }

    private StoredRows open(SourceObject object) {
        return new StoredRows(object.name(), format.open(store.open(object), object.name(), rows.keyFields()));
    }

    /** Forgets what was gathered and removes its files. */
    @Override
    public synchronized void close() {
        forget();
        gathering.close();
        spool.close();
        index.close();
        store.close();
    }
}
