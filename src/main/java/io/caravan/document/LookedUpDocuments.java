package io.caravan.document;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCursor;
import io.caravan.error.SettingChecks;
import io.caravan.record.Overlay;
import io.caravan.step.StoredDocuments;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonValue;
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
        return find(collection, field, values, shown(projection), document -> true);
    }

    private List<Map<String, Object>> find(
            String collection,
            String field,
            Collection<String> values,
            BsonDocument shown,
            Predicate<BsonDocument> wanted) {
        StoredCollection stored = collection(collection);
        List<Map<String, Object>> found = new ArrayList<>(values.size());
        List<String> all = List.copyOf(values);
        for (int from = 0; from < all.size(); from += MOST_VALUES) {
            BsonArray forms = new BsonArray();
            all.subList(from, Math.min(all.size(), from + MOST_VALUES))
                    .forEach(value -> forms.addAll(IdText.forms(value)));
            BsonDocument filter = new BsonDocument(field, new BsonDocument("$in", forms));
            try (MongoCursor<RawBsonDocument> cursor =
                    stored.find(filter, shown, new BsonDocument(), FETCHED).cursor()) {
                rows(cursor, wanted, found);
            } catch (MongoException e) {
                throw stored.failure().of("look up documents of " + stored.name(), e);
            }
        }
        return found;
    }

    /** The fields, and {@code _id}, as a server shows that too unless it is told not to. */
    private static BsonDocument shown(Set<String> projection) {
        BsonDocument shown = new BsonDocument();
        projection.forEach(name -> shown.append(name, new BsonInt32(1)));
        return shown;
    }

    private static void rows(
            Iterator<RawBsonDocument> documents, Predicate<BsonDocument> wanted, List<Map<String, Object>> rows) {
        List<String> names = List.of();
        while (documents.hasNext()) {
            RawBsonDocument document = documents.next();
            if (!wanted.test(document)) continue;
            BsonRow row = new BsonRow(document, names);
            names = row.names();
            Object[] values = row.values();
            Map<String, Object> named = new LinkedHashMap<>();
            for (int i = 0; i < values.length; i++) named.put(names.get(i), values[i]);
            rows.add(named);
        }
    }

    @Override
    public StoredDocuments over(Overlay overlay) {
        Map<List<String>, Map<String, List<String>>> ids = new ConcurrentHashMap<>();
        return (collection, field, values, projection) -> {
            String place = collection(collection).place();
            BsonDocument shown = shown(projection);
            List<Map<String, Object>> found = find(
                    collection,
                    field,
                    values,
                    shown,
                    document -> !overlay.changes(place, IdText.of(document.get(Documents.ID))));
            Map<String, List<String>> known =
                    ids.computeIfAbsent(List.of(collection, field), any -> idsBy(overlay, place, field));
            DocumentProjection shows = new DocumentProjection(shown);
            Iterator<RawBsonDocument> planned = values.stream()
                    .flatMap(value -> known.getOrDefault(value, List.of()).stream())
                    .distinct()
                    .flatMap(id -> overlay.document(place, id).stream())
                    .map(bytes -> shows.of(new RawBsonDocument(bytes)))
                    .iterator();
            rows(planned, document -> true, found);
            return found;
        };
    }

    /** By text: the ids of the documents that a plan would leave and whose field has it. */
    private static Map<String, List<String>> idsBy(Overlay overlay, String place, String field) {
        Map<String, List<String>> ids = new HashMap<>();
        for (String id : overlay.ids(place)) {
            BsonValue value = overlay.document(place, id)
                    .map(bytes -> new RawBsonDocument(bytes).get(field))
                    .orElse(null);
            if (value == null) continue;
            List<BsonValue> all = value.isArray() ? value.asArray().getValues() : List.of(value);
            all.forEach(one -> ids.computeIfAbsent(IdText.of(one), text -> new ArrayList<>(1))
                    .add(id));
        }
        return ids;
    }

    private StoredCollection collection(String name) {
        return collections.computeIfAbsent(name, this::open);
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
