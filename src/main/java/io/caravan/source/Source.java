package io.caravan.source;

import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.record.Overlay;
import io.caravan.record.StoredObject;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where records come from: lists what there is and opens each object lazily. Thread-safe; settings are checked in the
 * constructor, the store behind it is first touched by {@link #objects()}.
 *
 * <ul>
 *   <li>errors: {@link io.caravan.error.UnavailableException} when the store cannot be reached, {@link
 *       io.caravan.error.ConfigurationException} when what is configured is not there, {@link
 *       IncompleteSourceException} when one object cannot be read to its true end
 * </ul>
 */
public interface Source {

    /** The fields whose values identify a record, in the order of its key; at least one. */
    List<String> keyFields();

    /** Every object, sorted by name, listed while it is iterated. */
    Iterator<SourceObject> objects();

    /**
     * The same, for a source that can ask its server whether an object is still the one it knows: by name, the etag of
     * what was read whole and nobody waits for. An object listed with that etag is not opened.
     */
    default Iterator<SourceObject> objects(KnownEtags known) {
        return objects();
    }

    /** What watches the columns of the objects that are opened, where settings ask for that. */
    default Optional<ColumnWatch> columns() {
        return Optional.empty();
    }

    /** Begins to read one object as it was listed; the caller closes the reader. */
    RecordReader open(SourceObject object);

    /**
     * Says that this object is opened after those that were said before, so that what is far away may begin to come. All that is opened
     * is the same without it.
     */
    default void soon(SourceObject object) {}

    /** Says that nothing more of what is to be opened soon is opened. */
    default void notSoon() {}

    /** Whether what its objects hold may be another though they are the same, so that each is read in every run. */
    default boolean readsUnchanged() {
        return false;
    }

    /**
     * This source with records that have the form of its store ({@link io.caravan.record.Record#stored}), asked for when a sink of the
     * pipeline keeps it; the same where there is none.
     */
    default Source withStoredForms() {
        return this;
    }

    /**
     * This source as it will be when what a plan would write is there; the same where nothing that a plan knows is read. Its reading
     * changes nothing.
     */
    default Source over(Overlay overlay) {
        return this;
    }

    /** Whether it is read in incremental sync mode: {@link #since} works, and its readers tell their position. */
    default boolean incremental() {
        return false;
    }

    /** Where and how another store can read an object of so many rows by itself; empty when none can. */
    default Optional<StoredObject> stored(SourceObject object, long rows) {
        return Optional.empty();
    }

    /**
     * Whether it never shows all that there is, as one of the last days does: what it does not show is not gone, however it is
     * read.
     */
    default boolean windowed() {
        return false;
    }

    /**
     * Whether what was read is taken away when it is {@link #acknowledge acknowledged}, as a message of a queue: only a run reads it, never
     * a plan, a preview or a verification. Such a source is {@link #windowed}, and its records may be {@link
     * io.caravan.record.Record#deleted() deleted} ones.
     */
    default boolean consumes() {
        return false;
    }

    /** Asked once at the end of a run that may have read it: every sink has what was read, or its dead letter. */
    default void acknowledge() {}

    /** Asked instead when that is not so: what was read must come again. */
    default void release() {}

    /**
     * Whether its list can move while it is read, as one does whose pages are counted: a record may be shown twice, or not at all
     * though it is there.
     */
    default boolean moves() {
        return false;
    }

    /**
     * Connects and says what is wrong, with the remedy; empty when there is something to read, or could be. Asks once: who
     * waits for the answer can ask again.
     */
    default Optional<String> check() {
        try {
            Iterator<SourceObject> objects = objects();
            if (objects.hasNext()) objects.next();
            return Optional.empty();
        } catch (CaravanException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Whether a run is of use without any sink, as what was got is kept by the source itself. */
    default boolean standsAlone() {
        return false;
    }

    /**
     * Whether of the records of one key that several objects hold, the one in the object that is listed first is meant to be taken: the
     * others are no mistake.
     */
    default boolean supersedes() {
        return false;
    }

    /**
     * How its objects lie on days, or its records.
     *
     * <ul>
     *   <li>errors: {@link ConfigurationException} where it cannot be cut by days, with the reason
     * </ul>
     */
    default ByDay byDay() {
        throw new ConfigurationException(
                "backfill: the source must be one that can be cut by days: objects-source (dayField), jdbc-source"
                        + " (cursorField) or http-source (cursorField, sinceParameter and untilParameter)");
    }

    /** This source, showing of its records those on these days only; one whose {@link #byDay} has a cursor. */
    default Source on(Days days) {
        throw new UnsupportedOperationException("its objects lie on days, not its records");
    }

    /** What a run of it takes beside the ledger's lease; asked by runs that write, not by a plan, a verification or a preview. */
    default Optional<RunLock> lock() {
        return Optional.empty();
    }

    /**
     * The highest fencing token by which something of this source was published, under whatever lease or lock; 0 when nothing was.
     * The next run's is greater, so that it counts as later also when the lock was changed or its store was lost.
     */
    default long highestToken() {
        return 0;
    }

    /** Where rows of its objects that became no records are kept too, beside their letters; empty for nowhere. */
    default Optional<Quarantine> quarantine() {
        return Optional.empty();
    }

    /**
     * What the store says that it holds there, by what is counted: {@code documents}, {@code rows}, {@code bytes}. Estimates will do,
     * the call must be a cheap one; empty where the store says nothing. Asked after {@link #check} has found nothing.
     *
     * <ul>
     *   <li>errors: any; then nothing is told
     * </ul>
     */
    default Map<String, Long> facts() {
        return Map.of();
    }

    /**
     * Why a position that is kept, perhaps by an earlier version, is none to read on from: no value of the cursor, or one ahead of the
     * store's time; empty when it is one.
     */
    default Optional<String> distrusts(String position) {
        return Optional.empty();
    }

    /**
     * This source, showing only what changed at or after a position that a reader of it told; it can show more. What was
     * deleted since is not seen.
     */
    default Source since(String position) {
        throw new UnsupportedOperationException("read in full only");
    }
}
