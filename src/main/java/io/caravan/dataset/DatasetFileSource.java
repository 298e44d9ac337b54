package io.caravan.dataset;

import io.caravan.observation.Observations;
import io.caravan.source.KnownEtags;
import io.caravan.source.RecordReader;
import io.caravan.source.RunLock;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/** The source that a dataset's file describes; the file is read when the context is known, as its placeholders are settings. */
public final class DatasetFileSource implements Source, CamelContextAware, AutoCloseable {

    private final Function<CamelContext, DatasetSource> make;
    private CamelContext context;
    private DatasetSource source;

    DatasetFileSource(Function<CamelContext, DatasetSource> make) {
        this.make = make;
    }

    @Override
    public synchronized void setCamelContext(CamelContext camel) {
        if (context == camel) return;
        context = camel;
        source = make.apply(camel);
        source.setCamelContext(camel);
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    private synchronized DatasetSource source() {
        if (source == null) throw new IllegalStateException("dataset-source: has no Camel context yet");
        return source;
    }

    @Override
    public List<String> keyFields() {
        return Observations.KEY_FIELDS;
    }

    @Override
    public Iterator<SourceObject> objects() {
        return source().objects();
    }

    @Override
    public Iterator<SourceObject> objects(KnownEtags known) {
        return source().objects(known);
    }

    @Override
    public RecordReader open(SourceObject object) {
        return source().open(object);
    }

    @Override
    public boolean incremental() {
        return source().incremental();
    }

    @Override
    public boolean windowed() {
        return source().windowed();
    }

    @Override
    public boolean standsAlone() {
        return source().standsAlone();
    }

    @Override
    public Source since(String position) {
        return source().since(position);
    }

    @Override
    public Optional<RunLock> lock() {
        return source().lock();
    }

    @Override
    public long highestToken() {
        return source().highestToken();
    }

    @Override
    public Optional<String> check() {
        return source().check();
    }

    @Override
    public synchronized void close() {
        if (source != null) source.close();
        source = null;
        context = null;
    }
}
