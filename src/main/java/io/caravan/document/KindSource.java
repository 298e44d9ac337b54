package io.caravan.document;

import io.caravan.record.Kinds;
import io.caravan.record.Overlay;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * The documents of several collections of one database, each collection an object and a kind, see {@link Kinds}: {@code _id} is the
 * text of the document's. Each is read as {@link MongoSource} reads it; one that does not exist ends the run before anything is read.
 */
public final class KindSource implements Source, CamelContextAware, AutoCloseable {

    private final Map<String, MongoSource> sources;

    /** {@code like}: how documents are read; {@code kinds}: the names of the collections. */
    KindSource(MongoSource like, List<String> kinds) {
        this.sources = new TreeMap<>();
        kinds.forEach(kind -> sources.put(kind, like.of(kind)));
    }

    private KindSource(Map<String, MongoSource> sources) {
        this.sources = sources;
    }

    @Override
    public List<String> keyFields() {
        return Kinds.KEY;
    }

    @Override
    public Iterator<SourceObject> objects() {
        List<SourceObject> objects = new ArrayList<>();
        sources.values().forEach(source -> source.objects().forEachRemaining(objects::add));
        return objects.iterator();
    }

    @Override
    public RecordReader open(SourceObject object) {
        return new KindReader(object.name(), sources.get(object.name()).open(object));
    }

    @Override
    public Source withStoredForms() {
        Map<String, MongoSource> stored = new TreeMap<>();
        sources.forEach((kind, source) -> stored.put(kind, source.storing()));
        return new KindSource(stored);
    }

    @Override
    public Source over(Overlay planned) {
        Map<String, MongoSource> laid = new TreeMap<>();
        sources.forEach((kind, source) -> laid.put(kind, source.laid(planned)));
        return new KindSource(laid);
    }

    @Override
    public Map<String, Long> facts() {
        Map<String, Long> all = new LinkedHashMap<>();
        sources.values().forEach(source -> source.facts().forEach((what, count) -> all.merge(what, count, Long::sum)));
        return all;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        sources.values().forEach(source -> source.setCamelContext(context));
    }

    @Override
    public CamelContext getCamelContext() {
        return sources.values().iterator().next().getCamelContext();
    }

    @Override
    public void close() {
        sources.values().forEach(MongoSource::close);
    }
}
