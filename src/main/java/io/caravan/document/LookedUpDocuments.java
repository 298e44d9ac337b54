package io.caravan.document;

import org.bson.BsonValue;
import java.util.LinkedHashSet;
import java.util.HashMap;
import io.caravan.record.Overlay;
import com.mongodb.MongoException;
import com.mongodb.client.MongoCursor;
import io.caravan.error.SettingChecks;
import io.caravan.step.StoredDocuments;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.RawBsonDocument;

/** Looks documents up in the collections of one database; the client is the Camel context's, shared by all with the same settings. */
public final class LookedUpDocuments implements StoredDocuments, CamelContextAware, AutoCloseable {

    private static final String UNIT = "shape-documents-action";
    private static final int MOST_VALUES = 5_000;
    private static final int FETCHED = 1_000;

    private final MongoConnection connection;
    private final String database;
    private final Map<String, StoredCollection> collections = new ConcurrentHashMap<>();
    private volatile CamelContext context;

    /**
     * @param uri {@code laptop}, or a MongoDB connection string
     * @param user of the database {@code admin}, empty when the URI says who or nobody needs to
     */
    // user and password are Object as Camel makes numbers of texts of digits, and then finds no constructor
    public LookedUpDocuments(
            String uri, Object user, Object password, String database, int connectTimeoutMillis, int timeoutMillis) {
        SettingChecks settings = new SettingChecks(UNIT);
        MongoNames.check(settings, database, "any");
        this.database = database;
        this.connection = new MongoConnection(
                settings, UNIT, uri, user.toString(), password.toString(), connectTimeoutMillis, timeoutMillis);
        settings.check();
    }

    @Override
    public List<Map<String, Object>> find(
            String collection, String field, Collection<String> values, Set<String> projection) {
        StoredCollection stored = collections.computeIfAbsent(collection, this::open);
        BsonDocument shown = new BsonDocument();
        projection.forEach(name -> shown.append(name, new BsonInt32(1)));
        List<Map<String, Object>> found = new ArrayList<>(values.size());
        List<String> all = List.copyOf(values);
        for (int from = 0; from < all.size(); from += MOST_VALUES) {
            BsonArray forms = new BsonArray();
            all.subList(from, Math.min(all.size(), from + MOST_VALUES))
                    .forEach(value -> forms.addAll(IdText.forms(value)));
            read(stored, new BsonDocument(field, new BsonDocument("$in", forms)), shown, found);
        }
        return found;
    }

    private static void read(
            StoredCollection stored, BsonDocument filter, BsonDocument shown, List<Map<String, Object>> found) {
        try (MongoCursor<RawBsonDocument> cursor =
                stored.find(filter, shown, new BsonDocument(), FETCHED).cursor()) {
            List<String> names = List.of();
            while (cursor.hasNext()) {
                BsonRow row = new BsonRow(cursor.next(), names);
                names = row.names();
                Object[] values = row.values();
                Map<String, Object> document = new LinkedHashMap<>();
                for (int i = 0; i < values.length; i++) document.put(names.get(i), values[i]);
                found.add(document);
            }
        } catch (MongoException e) {
            throw stored.failure().of("look up documents of " + stored.name(), e);
        }
    }

    @Override
    public StoredDocuments over(Overlay overlay) {
        Map<String, Map<String, Map<String, List<String>>>> ids = new ConcurrentHashMap<>();
        return (collection, field, values, projection) -> {
            String place = collections.computeIfAbsent(collection, this::open).place();
            Set<String> wanted = new LinkedHashSet<>(projection);
            wanted.add(Documents.ID);
            List<Map<String, Object>> found = new ArrayList<>(find(collection, field, values, wanted));
            found.removeIf(document -> overlay.changes(place, String.valueOf(document.get(Documents.ID))));
            Map<String, List<String>> known = ids.computeIfAbsent(collection, c -> new ConcurrentHashMap<>())
                    .computeIfAbsent(field, f -> idsBy(overlay, place, field));
            for (String value : values) {
                for (String id : known.getOrDefault(value, List.of()))
                    overlay.document(place, id).ifPresent(bytes -> found.add(row(new RawBsonDocument(bytes))));
            }
            return found;
        };
    }

    /** By text: the documents that a plan would leave and whose field has it. */
    private static Map<String, List<String>> idsBy(Overlay overlay, String place, String field) {
        Map<String, List<String>> ids = new HashMap<>();
        for (String id : overlay.ids(place)) {
            overlay.document(place, id).map(RawBsonDocument::new).ifPresent(document -> {
                BsonValue value = document.get(field);
                List<BsonValue> all =
                        value == null ? List.of() : value.isArray() ? value.asArray().getValues() : List.of(value);
                for (BsonValue one : all)
                    ids.computeIfAbsent(IdText.of(one), text -> new ArrayList<>(1)).add(id);
            });
        }
        return ids;
    }

    private static Map<String, Object> row(RawBsonDocument document) {
        BsonRow row = new BsonRow(document, List.of());
        Object[] values = row.values();
        Map<String, Object> named = new LinkedHashMap<>();
        for (int i = 0; i < values.length; i++) named.put(row.names().get(i), values[i]);
        return named;
    }

    private StoredCollection open(String collection) {
        SettingChecks settings = new SettingChecks(UNIT);
        MongoNames.check(settings, database, collection);
        settings.check();
        StoredCollection stored = new StoredCollection(connection, database, collection);
        stored.in(context);
        return stored;
    }

    @Override
    public void setCamelContext(CamelContext camel) {
        if (camel == context) return;
        context = camel;
        collections.values().forEach(stored -> stored.in(camel));
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }

    @Override
    public void close() {
        collections.values().forEach(StoredCollection::forget);
    }
}
