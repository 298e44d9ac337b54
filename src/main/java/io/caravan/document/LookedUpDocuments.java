package io.caravan.document;

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
