package io.caravan.object;

import io.caravan.source.SourceObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.Optional;

/**
 * Keeps bytes under names. Thread-safe; connects on first use. The same shape for folders and buckets: names have
 * {@code /} between their parts, never begin with one, and have no part {@code .} or {@code ..}.
 *
 * <ul>
 *   <li>errors: {@link io.caravan.error.UnavailableException} when the store cannot be reached, {@link
 *       io.caravan.error.ConfigurationException} when the folder or bucket does not exist or refuses us
 * </ul>
 */
public interface ObjectStore extends AutoCloseable {

    /**
     * The objects whose name begins with the prefix and whose last part fits the pattern, sorted by name, listed as they
     * are taken (a page, a folder at a time). An object's etag changes whenever its bytes do.
     */
    Iterator<SourceObject> list(String prefix, Glob name);

    /**
     * The bytes of exactly the version that was listed, read as they are asked for. The stream ends only when all of them
     * were read: it throws {@link io.caravan.source.IncompleteSourceException} when the object is gone, is another one
     * since it was listed, changes while it is read or ends early.
     */
    InputStream open(SourceObject object);

    /** Where it is, by which a plan knows it; blank where nobody plans what it holds. */
    default String place() {
        return "";
    }

    /** Where another store finds the object of this name; empty when no other store looks there. */
    default Optional<String> uri(String name) {
        return Optional.empty();
    }

    /** Writes the bytes of an object, once, from the first to the last. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Makes these bytes the object of that name, whatever was there, and tells its etag. Readers see the old object or the
     * new one whole, never a part; when {@code content} throws, the old one stays. Holds no more than a part of it in memory.
     */
    String put(String name, Content content);

    /**
     * Makes these bytes, at most 16 MB, the object of that name, whatever was there, and tells its etag as {@link #list} does. A
     * store that serves its objects to browsers says that they are of this type, and keeps their MD5; folders keep neither.
     */
    default String put(String name, String contentType, byte[] bytes) {
        return put(name, out -> out.write(bytes));
    }

    /**
     * Makes these bytes the object of that name only if there is none, whoever tries at the same moment; tells its etag, empty
     * when there is one. Readers see it whole or not at all. {@code content} may be asked more than once.
     *
     * <ul>
     *   <li>a lost answer: the object is asked whose it is, so that what is told is what happened
     *   <li>errors: as {@link ObjectStore} says; with {@link io.caravan.error.UnavailableException} it may still arrive, if
     *       there is no object of that name by then
     * </ul>
     */
    Optional<String> create(String name, Content content);

    /**
     * The same for an object that has that etag: one of those who try with it replaces the object. The etag is one that {@link
     * #read}, {@link #create} or {@link #replace} told; S3 makes it of the bytes alone, so no two writes to that name may be of
     * the same bytes. A name that is replaced like this is never written by {@link #put}.
     */
    Optional<String> replace(String name, String etag, Content content);

    /** For many objects that count only when all of them are there; a folder brings them to the disk together. */
    default Together together() {
        return new OneByOne(this);
    }

    /**
     * Makes the version of an object of another store that was listed the object of that name here, whatever was there. S3
     * copies between its own buckets by itself; of all others the bytes go through here.
     *
     * <ul>
     *   <li>errors: {@link io.caravan.source.IncompleteSourceException} when it is gone, or another one since it was listed
     * </ul>
     */
    default void copy(ObjectStore from, SourceObject object, String name) {
        put(name, out -> {
            try (InputStream in = from.open(object)) {
                in.transferTo(out);
            }
        });
    }

    /**
     * Makes an object as it is now, of at most 5 GB, the object of another name too, without its bytes coming here; false where
     * the store cannot, or there is none.
     */
    default boolean copyWithin(String object, String name) {
        return false;
    }

    /**
     * The object of that name whole, with its etag; empty when there is none.
     *
     * <ul>
     *   <li>errors: {@link io.caravan.source.IncompleteSourceException} when it has more than {@code mostBytes}
     * </ul>
     */
    Optional<StoredObject> read(String name, int mostBytes);

    /** Removes an object; does nothing when there is none. */
    void delete(String name);

    /** Asks once whether the folder or bucket can be listed; errors: as {@link ObjectStore} says. */
    void check();

    /** Whether there is a place to list; a bucket that is missing says so itself. */
    default boolean there() {
        return true;
    }

    /**
     * Makes the place if it is missing and can be made, as a folder can with those above it.
     *
     * <ul>
     *   <li>errors: {@link io.caravan.error.ConfigurationException} that says what is in the way
     * </ul>
     */
    default void make() {}

    /** Throws what {@link #make} would as far as that can be seen, and makes nothing. */
    default void checkMake() {}

    /** Lets go of connections; the next use makes new ones. */
    @Override
    default void close() {}
}
