package io.caravan.record;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One row or document on its way from a source to the sinks: ordered fields, a key, an origin, a
 * content hash.
 *
 * <p>Immutable by contract: neither the arrays nor the values change after construction. A value is
 * one of null, String, Boolean, Long, Double, BigDecimal, LocalDate, LocalDateTime, Instant,
 * byte[], float[], {@link Sealed}, List or Map of these. A deleted record carries only its key fields.
 */
public final class Record {

    private static final ThreadLocal<ContentHash> HASHER = ThreadLocal.withInitial(ContentHash::new);

    private final String key;
    private final Fields fields;
    private final Object[] values;
    private final Origin origin;
    private Hash hash; // null until somebody asks: a race sets the same value twice
    private final long changedRun;
    private final boolean deleted;
    private final Record asRead;
    private final StoredForm stored; // null: nobody asked for it
    private final String droppedBy; // null: nobody

    private Record(
            String key,
            Fields fields,
            Object[] values,
            Origin origin,
            Hash hash,
            long changedRun,
            boolean deleted,
            Record asRead,
            StoredForm stored) {
        this(key, fields, values, origin, hash, changedRun, deleted, asRead, stored, null);
    }

    private Record(
            String key,
            Fields fields,
            Object[] values,
            Origin origin,
            Hash hash,
            long changedRun,
            boolean deleted,
            Record asRead,
            StoredForm stored,
            String droppedBy) {
        if (values.length != fields.size()) {
            throw new IllegalArgumentException(
                    "record: values must be " + fields.size() + " for " + fields + ", got '" + values.length + "'");
        }
        this.key = key;
        this.fields = fields;
        this.values = values;
        this.origin = origin;
        this.hash = hash;
        this.changedRun = changedRun;
        this.deleted = deleted;
        this.asRead = asRead == null ? this : asRead;
        this.stored = stored;
        this.droppedBy = droppedBy;
    }

    /** A record as its source gives it, before the ledger has said whether it is news. */
    public static Record read(String key, Fields fields, Object[] values, Origin origin) {
        return new Record(key, fields, values, origin, null, 0, false, null, null);
    }

    /** The same, with a hash that is known. */
    public static Record read(String key, Fields fields, Object[] values, Origin origin, Hash hash) {
        return new Record(key, fields, values, origin, hash, 0, false, null, null);
    }

    /** The same record with the form that its store had, which its hash is made of then. */
    public Record storedAs(StoredForm form) {
        return new Record(key, fields, values, origin, hash, changedRun, deleted, null, form);
    }

    /**
     * The message that the record of this key is gone from its source; fields are the key fields.
     */
    public static Record tombstone(String key, Fields fields, Object[] values, long changedRun) {
        return new Record(key, fields, values, new Origin("", 0), Hash.NONE, changedRun, true, null, null);
    }

    /**
     * The record as a node of the route leaves it that keeps it from the sinks behind: like a tombstone, which every step lets pass, and
     * which takes from a sink what an earlier form of the record left there.
     *
     * @param node the id by which the node is counted
     */
    public Record dropped(String node) {
        return deleted ? this : new Record(key, fields, values, origin, hash, changedRun, true, asRead, stored, node);
    }

    /** The same with the key fields alone, as a tombstone has them. */
    public Record dropped(Fields keyFields, Object[] keyValues) {
        return new Record(key, keyFields, keyValues, origin, hash, changedRun, true, asRead, null, droppedBy);
    }

    /** The id of the node that keeps it from the sinks behind; empty for most, and for what is gone from its source. */
    public Optional<String> droppedBy() {
        return Optional.ofNullable(droppedBy);
    }

    /** The same as its source says it, in a row of its own. */
    public static Record tombstone(String key, Fields fields, Object[] values, Origin origin) {
        return new Record(key, fields, values, origin, Hash.NONE, 0, true, null, null);
    }

    /** The key's canonical text, see {@link Keys}. */
    public String key() {
        return key;
    }

    public Fields fields() {
        return fields;
    }

    /** The field's value; empty when it is null or absent. */
    public Optional<Object> get(String field) {
        int i = fields.indexOf(field);
        return i < 0 ? Optional.empty() : Optional.ofNullable(values[i]);
    }

    /** The value at a position of {@link #fields()}; null when the source said so. */
    public Object at(int position) {
        return values[position];
    }

    /** A copy of all values, in the order of {@link #fields()}. */
    Object[] values() {
        return values.clone();
    }

    public Origin origin() {
        return origin;
    }

    /**
     * The hash of the record as its source gave it: steps do not change it. Made when it is first asked for, by whoever asks:
     * a thread that reads has no time for it.
     */
    public Hash hash() {
        if (asRead != this) return asRead.hash();
        Hash known = hash;
        if (known == null) {
            hash = known = stored == null
                    ? HASHER.get().of(fields, values)
                    : HASHER.get().of(stored);
        }
        return known;
    }

    /** The run in which this form of the record was first seen; 0 before the ledger has looked. */
    public long changedRun() {
        return changedRun;
    }

    /** Whether the record is gone from its source and is to be deleted from the sinks. */
    public boolean deleted() {
        return deleted;
    }

    /** The record as its source gave it, before any step: what a dead letter keeps and a replay sends again. */
    public Record asRead() {
        return asRead;
    }

    /** What its store had, before any step; only a source that was asked for it says so. */
    public Optional<StoredForm> stored() {
        return Optional.ofNullable(asRead.stored);
    }

    /** The record as it is now, as if its source had given it so: nothing of an earlier form is kept. */
    public Record prepared() {
        return deleted ? this : new Record(key, fields, values, origin, null, 0, false, null, null);
    }

    public Record changedIn(long run) {
        return new Record(key, fields, values, origin, hash(), run, deleted, null, stored);
    }

    /** The same record with a field set; appended when it is new. */
    public Record with(String field, Object value) {
        int i = fields.indexOf(field);
        if (i >= 0) {
            Object[] changed = values.clone();
            changed[i] = value;
            return new Record(key, fields, changed, origin, hash, changedRun, deleted, asRead, null, droppedBy);
        }
        List<String> names = new ArrayList<>(fields.names());
        names.add(field);
        return with(new Fields(names), value);
    }

    /**
     * The same record with one more field, last in {@code extended}: the cheap form for whole
     * batches.
     */
    public Record with(Fields extended, Object lastValue) {
        Object[] longer = Arrays.copyOf(values, values.length + 1);
        longer[values.length] = lastValue;
        return with(extended, longer);
    }

    /** The same record with these fields instead. */
    public Record with(Fields newFields, Object[] newValues) {
        return new Record(key, newFields, newValues, origin, hash, changedRun, deleted, asRead, null, droppedBy);
    }

    /** The same record under another key, as a store knows it that keeps records of its kind alone. */
    public Record keyed(String newKey, Fields newFields, Object[] newValues) {
        return new Record(newKey, newFields, newValues, origin, hash, changedRun, deleted, asRead, null, droppedBy);
    }

    /** About how many bytes of memory the values hold. */
    public long weight() {
        long weight = asRead.stored == null ? 0 : asRead.stored.bytes().length;
        for (Object value : values) weight += Weight.of(value);
        return weight;
    }

    /** Key and origin, never the values: they may be secret or large. */
    @Override
    public String toString() {
        return (deleted ? "deleted record " : "record ") + key + " (" + origin + ")";
    }
}
