package io.caravan.document;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.client.MongoDatabase;
import io.caravan.error.Nearest;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The indexes that a sink makes, so that who looks documents up by a field need not look through all of them: each is of one field. Those that
 * are there already are left as they are; who may not make them writes without, as they only make others faster.
 */
final class MadeIndexes {

    private static final Logger LOG = LoggerFactory.getLogger(MadeIndexes.class);

    private final String sink;
    private final Map<String, List<String>> fields = new LinkedHashMap<>();
    private boolean made;

    private MadeIndexes(String sink) {
        this.sink = sink;
    }

    /**
     * @param collection the only one, whose fields are named alone; blank where there are several
     * @param collections whose fields are named behind their collection and a dot
     */
    static MadeIndexes of(
            SettingChecks settings, String sink, String indexes, String collection, List<String> collections) {
        MadeIndexes all = new MadeIndexes(sink);
        for (String one : SettingList.of(indexes)) {
            String[] parts = collections.isEmpty() ? new String[] {collection, one} : one.split("\\.", 2);
            boolean whole = parts.length == 2 && !parts[1].isBlank() && !parts[1].startsWith("$");
            settings.must(
                    whole && (collections.isEmpty() || collections.contains(parts[0])),
                    "indexes",
                    collections.isEmpty()
                            ? "be names of fields"
                            : "be names like " + collections.get(0) + ".name, of a collection and a field of it"
                                    + Nearest.hint(parts[0], collections),
                    one);
            if (whole)
                all.fields.computeIfAbsent(parts[0], c -> new ArrayList<>()).add(parts[1]);
        }
        return all;
    }

    /** Makes those that are not there, once. */
    synchronized void make(MongoDatabase database) {
        if (made) return;
        for (Map.Entry<String, List<String>> of : fields.entrySet()) {
            for (String field : of.getValue()) make(database, of.getKey(), field);
        }
        made = true;
    }

    private void make(MongoDatabase database, String collection, String field) {
        try {
            database.getCollection(collection).createIndex(new BsonDocument(field, new BsonInt32(1)));
        } catch (MongoCommandException e) {
            LOG.warn(
                    "{}: the index of {} in {} was not made, look-ups by it read the whole collection: {}",
                    sink,
                    field,
                    collection,
                    e.getErrorMessage());
        }
    }

    /** Once more, as the store is another or was emptied. */
    synchronized void again() {
        made = false;
    }

    boolean isEmpty() {
        return fields.isEmpty();
    }

    /** The same as an exception that writing knows what to do with. */
    void make(StoredCollection collection) {
        if (isEmpty() || made()) return;
        try {
            make(collection.client());
        } catch (MongoException e) {
            throw collection.failure().of("index", e);
        }
    }

    private synchronized boolean made() {
        return made;
    }
}
