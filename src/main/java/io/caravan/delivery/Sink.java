package io.caravan.delivery;

import io.caravan.record.Overlay;
import io.caravan.record.Record;
import io.caravan.record.StoredObject;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/**
 * A store that keeps the newest form of each record under its key. Implementations are thread-safe,
 * connect on first use, and validate their settings in the constructor.
 */
public interface Sink {

    /** The name the pipeline gives this sink: {@code documents}, {@code graph}, ... */
    String name();

    /**
     * Makes the store hold these records: upserts those with fields, deletes those that are {@link
     * Record#deleted()}, in one bulk call. Writing the same records again changes nothing.
     * {@link io.caravan.record.Sealed} values have become texts before.
     *
     * <ul>
     *   <li>in: one batch, each key once, upserts and deletes may be mixed
     *   <li>out: the records the store refused one by one, empty when it took all; a store whose
     *       bulk call is all or nothing throws instead, and the caller halves the batch until the
     *       guilty stand alone
     *   <li>errors: {@link io.caravan.error.UnavailableException} when the store cannot be reached,
     *       times out or throttles (retried, then the delivery fails); {@link
     *       io.caravan.error.ConfigurationException} when it can be reached but not used as
     *       configured (wrong password, missing database: fails at once); any other exception
     *       blames the records
     * </ul>
     */
    List<Refusal> write(List<Record> batch);

    /** Whether {@link #lay} says what it would write, as others read what it keeps. */
    default boolean lays() {
        return false;
    }

    /**
     * Lays over its store what {@link #write} would make of these records, for whoever plans what reads there; writes nothing. Asked
     * with none before the first.
     *
     * <ul>
     *   <li>out: the records it would refuse by itself
     *   <li>errors: as {@link #write}
     * </ul>
     */
    default List<Refusal> lay(List<Record> batch, Overlay overlay) {
        return List.of();
    }

    /**
     * Makes durable what {@link #write} took; asked at the end of every run that wrote something, and after every batch of
     * a replay. A sink acknowledges nothing before. Sinks that gather (one load job, one message, one new object a run)
     * write here; the others have nothing to do.
     *
     * <ul>
     *   <li>out: records the store refused only now
     *   <li>errors: as {@link #write}, but nobody halves: any other exception fails the delivery
     * </ul>
     */
    default List<Refusal> flush() {
        return List.of();
    }

    /**
     * The same at the end of a run, which tells the objects that it read to their ends and of which every row was handed on:
     * a store that can read them by itself need not be sent what the sink took of them. Records may have been changed or left out
     * on their way, and others written besides.
     */
    default List<Refusal> flush(List<StoredObject> whole) {
        return flush();
    }

    /**
     * Publishes what is only of use when it is whole, as an alias that leads to newly built vectors; asked after {@link
     * #flush}, at the end of a run that read its source to the end and delivered all of it to this sink, and wrote something.
     *
     * <ul>
     *   <li>errors: as {@link #flush}; the sink is then not acknowledged and gets the same again
     * </ul>
     */
    default void complete() {}

    /** Whether what {@link #write} took is nowhere before {@link #flush}, so that it counts as written only then. */
    default boolean gathers() {
        return false;
    }

    /**
     * Whether what it refused may be taken the next time although it is the same, as an image whose server was away: the next run
     * sends it the records of its open letters again.
     */
    default boolean triesAgain() {
        return false;
    }

    /** What to ask before it publishes something that a later run may have published already; told before a run's first batch. */
    default void fencedBy(Fence fence) {}

    /** Who knows when a run began, by its number as {@link Record#changedRun} has it; told before a run's first batch. */
    default void datedBy(LongFunction<Instant> runs) {}

    /** What it did besides, each in a sentence for the report that begins with {@link #name}; asked once, after {@link #flush}. */
    default List<String> notes() {
        return List.of();
    }

    /** The names of the objects that it put or deleted since it was asked last, where it keeps records in some; asked after {@link #flush}. */
    default Collection<String> objects() {
        return List.of();
    }

    /**
     * Hears that a run that read all it was to read ends, and that this sink has what it is to have of it; before the ledger says
     * so. Only of runs that it was written in.
     *
     * <ul>
     *   <li>errors: as {@link #flush}; the sink is then not acknowledged and gets the same again
     * </ul>
     */
    default void ended(EndedRun run) {}

    /** Forgets what was written and not flushed; asked before a run's first batch and when a run fails. */
    default void discard() {}

    /**
     * Whether it is flushed even behind those that come last, and only when they did: as a state that says where the next run begins
     * to read. What is behind it would not be read again for a sink that failed.
     */
    default boolean veryLast() {
        return false;
    }

    /**
     * Whether it is flushed after all other sinks, and only when they have everything, as a message is that tells of what
     * they hold. Otherwise it waits for the next run.
     */
    default boolean last() {
        return false;
    }

    /**
     * Whether it keeps a marker in its store, beside the records: by it a run sees that the store is another one, or was
     * emptied, since the ledger last wrote to it. False too since {@link #marker} or {@link #mark} met a store that refuses
     * it the right to, which the log says once: ask again after each.
     */
    default boolean marks() {
        return false;
    }

    /**
     * The marker of this owner, {@code <pipeline>/<sink>}; empty when the store holds none, or not the records' own place
     * (no such table, collection, index), or when that place holds nothing at all. Asked once a run, also when nothing is
     * news: one small look-up.
     *
     * <ul>
     *   <li>errors: as {@link #write}
     * </ul>
     */
    default Optional<String> marker(String owner) {
        throw new UnsupportedOperationException(name() + ": keeps no marker");
    }

    /**
     * Leaves this marker, 32 hexadecimal digits, in place of the owner's last; asked before a sink that starts again gets its
     * first batch. It must vanish with the records: it stands where they stand, and is no record itself (no key, nothing that
     * {@link #strays} or a query API shows). The markers of other owners stay, unless the place is empty: what they wrote is
     * gone too.
     */
    default void mark(String owner, String marker) {
        throw new UnsupportedOperationException(name() + ": keeps no marker");
    }

    /**
     * Takes this owner's marker away, if there is one: the pipeline is no more, or has another name. The markers of other owners
     * stay. Asked after all writes, so that nothing else is lost if it fails.
     */
    default void unmark(String owner) {}

    /**
     * What the store holds by this sink's own making that no record accounts for and no key names, such as a relationship
     * without support: each in words, read lazily; the caller closes the stream.
     */
    default Stream<String> strays() {
        return Stream.empty();
    }

    /** Removes the {@link #strays}. */
    default void removeStrays() {}

    /**
     * All keys the store holds, in any order, read lazily; the caller closes the stream. A sink that nobody can ask (a
     * message, an API that lists nothing) throws {@link UnsupportedOperationException} with a sentence that says so.
     */
    Stream<String> keys();

    /**
     * The keys of those records that the store does not hold in exactly this form (or still holds,
     * if deleted). Asked through {@link BulkDelivery#differing}.
     */
    Set<String> differing(List<Record> batch);

    /**
     * Whether {@link #differing} gets {@link io.caravan.record.Sealed} values, and asks them about the stored text. A sink that does
     * not gets their texts, which differ from the stored ones unless they are deterministic.
     */
    default boolean comparesSealed() {
        return false;
    }

    /**
     * For whom a call of this sink that goes on waits in its store, such as the holder of a lock, in a sentence that begins with
     * {@link #name}; empty when it waits for nobody, or the store does not say. Asked from another thread when a call takes long.
     */
    default Optional<String> waitsFor() {
        return Optional.empty();
    }

    /** Connects and says what is wrong, with the remedy; empty when the store can be used. */
    Optional<String> check();

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
}
