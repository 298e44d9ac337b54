package io.caravan.source;

import io.caravan.record.Overlay;
import java.util.Optional;

/** A source whose columns are watched, as its settings ask for. */
public record WatchedSource(Source inner, ColumnWatch watch) implements SourceAround {

    @Override
    public RecordReader open(SourceObject object) {
        return watch.of(object.name(), inner.open(object));
    }

    @Override
    public Optional<ColumnWatch> columns() {
        return Optional.of(watch);
    }

    @Override
    public Source withStoredForms() {
        return new WatchedSource(inner.withStoredForms(), watch);
    }

    @Override
    public Source over(Overlay overlay) {
        return new WatchedSource(inner.over(overlay), watch);
    }

    @Override
    public Source on(Days days) {
        return new WatchedSource(inner.on(days), watch);
    }

    @Override
    public Source since(String position) {
        return new WatchedSource(inner.since(position), watch);
    }
}
