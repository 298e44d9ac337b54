package io.caravan.object;

import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.format.Format;
import io.caravan.record.StoredObject;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import io.caravan.source.SourceObject;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/** The objects of a store whose names fit, read in one format. {@link ObjectsSources} makes one from settings. */
public final class ObjectsSource implements Source, CamelContextAware, AutoCloseable {

    private final ObjectStore store;
    private final Format format;
    private final String prefix;
    private final Glob namePattern;
    private final List<String> keyFields;
    private volatile CamelContext context;

    /**
     * @param prefix what names begin with: a folder ({@code user_data/}), more, or nothing
     * @param namePattern what the last part of names is like, see {@link Glob}
     * @param keyFields the fields that identify a record
     */
    public ObjectsSource(ObjectStore store, Format format, String prefix, String namePattern, List<String> keyFields) {
        List<String> parts = Arrays.asList(prefix.split("/", -1));
        new SettingChecks("objects-source")
                .must(
                        !prefix.startsWith("/") && !parts.contains("..") && !parts.contains("."),
                        "prefix",
                        "not begin with / nor have a part . or ..",
                        prefix)
                .notBlank("namePattern", namePattern)
                .must(!namePattern.contains("/"), "namePattern", "not have a /, which belongs to prefix", namePattern)
                .must(!keyFields.isEmpty(), "keyFields", "name at least one field", "")
                .must(keyFields.stream().distinct().count() == keyFields.size(), "keyFields", "differ", keyFields)
                .check();
        this.store = store;
        this.format = format;
        this.prefix = prefix;
        this.namePattern = new Glob(namePattern);
        this.keyFields = List.copyOf(keyFields);
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
    public List<String> keyFields() {
        return keyFields;
    }

    @Override
    public Iterator<SourceObject> objects() {
        return ObjectMarkers.without(store.list(prefix, namePattern));
    }

    @Override
    public RecordReader open(SourceObject object) {
        InputStream bytes = store.open(object);
        return format.open(bytes, object.name(), keyFields);
    }

    @Override
    public Optional<StoredObject> stored(SourceObject object, long rows) {
        return store.uri(object.name()).flatMap(uri -> format.form(object.name())
                .map(form -> new StoredObject(object.name(), uri, form, rows)));
    }

    @Override
    public Optional<String> check() {
        try {
            store.check();
            return Optional.empty();
        } catch (CaravanException e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
