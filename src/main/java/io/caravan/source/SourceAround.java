package io.caravan.source;

import io.caravan.record.StoredObject;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A source that is another one but for what it says itself. */
public interface SourceAround extends Source {

    /** The other. */
    Source inner();

    @Override
    default List<String> keyFields() {
        return inner().keyFields();
    }

    @Override
    default Iterator<SourceObject> objects() {
        return inner().objects();
    }

    @Override
    default Iterator<SourceObject> objects(KnownEtags known) {
        return inner().objects(known);
    }

    @Override
    default void soon(SourceObject object) {
        inner().soon(object);
    }

    @Override
    default void notSoon() {
        inner().notSoon();
    }

    @Override
    default boolean readsUnchanged() {
        return inner().readsUnchanged();
    }

    @Override
    default boolean incremental() {
        return inner().incremental();
    }

    @Override
    default Optional<StoredObject> stored(SourceObject object, long rows) {
        return inner().stored(object, rows);
    }

    @Override
    default boolean windowed() {
        return inner().windowed();
    }

    @Override
    default boolean consumes() {
        return inner().consumes();
    }

    @Override
    default void acknowledge() {
        inner().acknowledge();
    }

    @Override
    default void release() {
        inner().release();
    }

    @Override
    default boolean moves() {
        return inner().moves();
    }

    @Override
    default Optional<String> check() {
        return inner().check();
    }

    @Override
    default boolean standsAlone() {
        return inner().standsAlone();
    }

    @Override
    default boolean supersedes() {
        return inner().supersedes();
    }

    @Override
    default ByDay byDay() {
        return inner().byDay();
    }

    @Override
    default Optional<RunLock> lock() {
        return inner().lock();
    }

    @Override
    default long highestToken() {
        return inner().highestToken();
    }

    @Override
    default Map<String, Long> facts() {
        return inner().facts();
    }

    @Override
    default Optional<String> distrusts(String position) {
        return inner().distrusts(position);
    }

    @Override
    default Optional<ColumnWatch> columns() {
        return inner().columns();
    }

    @Override
    default Optional<Quarantine> quarantine() {
        return inner().quarantine();
    }
}
