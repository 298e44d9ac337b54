package io.caravan.document;

import com.mongodb.MongoException;
import com.mongodb.client.MongoCursor;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.endpoint.EndpointException;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.record.FieldNames;
import io.caravan.record.Overlay;
import io.caravan.record.Record;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;

/**
 * Keeps each record as a MongoDB document, {@code _id} its key, or found by fields of documents that another system made, see {@link
 * DocumentKeys} and {@link Documents}: a batch is one unordered bulk write of
 * upserting replacements, or updates that leave other fields alone, and deletes by an endpoint of camel-mongodb, acknowledged by a majority unless the URI says otherwise.
 *
 * <ul>
 *   <li>writing a record again replaces its document: only {@code ingested_at} changes
 *   <li>a record that MongoDB cannot hold (16 MB, names with dots, half surrogate pairs) is refused before anything is sent;
 *       what the server refuses one by one (a validator, a unique index) comes back with its reason
 *   <li>the client is the Camel context's, shared by all with the same settings; the context must be known before the first use
 * </ul>
 */
public final class MongoSink implements Sink, UsesCollection {

    private static final String KEEP = "keep";
    private static final String AS_STORED = "stored";
    private static final List<String> TYPES = List.of(AS_STORED, "values");
    private static final List<String> OTHER_FIELDS = List.of("remove", KEEP);

    private final String name;
    private final StoredCollection collection;
    private final Documents documents;
    private final DocumentKeys keys;
    private final boolean keepOthers;
    private final AllowedMarkers markers;
    private final ReadyCollection ready;
    private final Optional<Archive> archive;

    /**
     * @param uri {@code laptop}, or a MongoDB connection string
     * @param user of the database {@code admin}, empty when the URI says who or nobody needs to
     * @param exclude the fields that are not kept, comma separated
     * @param matchBy the key's fields, comma separated, that find a document whose {@code _id} another system made; blank: {@code
     *     _id} is the key
     * @param otherFields {@code remove} or {@code keep}: what becomes of fields of a document that its record does not have
     * @param types {@code stored}: what was read from MongoDB keeps the types that it has there; {@code values}: it is written as what
     *     comes from anywhere else
     * @param archive the collection of the same database that gets each document before it is deleted; blank for none
     * @param connectTimeoutMillis how long to look for a server and to connect
     * @param timeoutMillis how long the server may leave a command unanswered
     */
    // user and password are Object as Camel makes numbers of texts of digits, and then finds no constructor
    public MongoSink(
            String name,
            String uri,
            Object user,
            Object password,
            String database,
            String collection,
            String exclude,
            String matchBy,
            String otherFields,
            String types,
            String archive,
            int connectTimeoutMillis,
            int timeoutMillis) {
        SettingChecks settings = new SettingChecks("mongodb-sink")
                .notBlank("sink", name)
                .must(
                        OTHER_FIELDS.contains(otherFields),
                        "otherFields",
                        "be one of " + String.join(", ", OTHER_FIELDS),
                        otherFields)
                .must(TYPES.contains(types), "types", "be one of " + String.join(", ", TYPES), types);
        MongoNames.check(settings, database, collection);
        Archive.check(settings, archive, List.of(collection));
        List<String> matching = FieldNames.of(SettingList.of(matchBy));
        Set<String> excluded = Set.copyOf(FieldNames.of(SettingList.of(exclude)));
        settings.must(
                matching.stream().noneMatch(f -> f.equals(Documents.ID) || excluded.contains(f)),
                "matchBy",
                "name fields that are kept, and not _id, which is what it is without",
                matchBy);
        MongoConnection connection = new MongoConnection(
                settings, name, uri, user.toString(), password.toString(), connectTimeoutMillis, timeoutMillis);
        settings.check();
        this.name = name;
        this.collection = new StoredCollection(connection, database, collection);
        boolean copies = types.equals(AS_STORED);
        this.keys = new DocumentKeys(name, matching, copies);
        this.keepOthers = otherFields.equals(KEEP);
        this.documents = new Documents(name, excluded, keys.areIds(), keepOthers, copies);
        this.markers = new AllowedMarkers(name, this.collection);
        this.ready = new ReadyCollection(name, this.collection, keys);
        this.archive = Archive.of(name, connection, database, archive);
    }

    private MongoSink(MongoSink like, String collection) {
        this.name = like.name;
        this.collection = like.collection.other(collection);
        this.keys = like.keys;
        this.keepOthers = like.keepOthers;
        this.documents = like.documents;
        this.markers = new AllowedMarkers(name, this.collection);
        this.ready = like.ready.of(this.collection);
        this.archive = like.archive;
    }

    /** This one, which makes these indexes before it first writes. */
    MongoSink making(MadeIndexes indexes) {
        ready.making(indexes);
        return this;
    }

    /** The same for another collection of its database. */
    MongoSink of(String otherCollection) {
        return new MongoSink(this, otherCollection);
    }

    /** One that keeps stored types and no archive. */
    public MongoSink(
            String name,
            String uri,
            Object user,
            Object password,
            String database,
            String collection,
            String exclude,
            String matchBy,
            String otherFields,
            int connectTimeoutMillis,
            int timeoutMillis) {
        this(
                name,
                uri,
                user,
                password,
                database,
                collection,
                exclude,
                matchBy,
                otherFields,
                AS_STORED,
                "",
                connectTimeoutMillis,
                timeoutMillis);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<Refusal> write(List<Record> batch) {
        return new DocumentBatch(name, collection, keys, documents, keepOthers, archive).write(batch, ready);
    }

    @Override
    public boolean lays() {
        return true;
    }

    @Override
    public List<Refusal> lay(List<Record> batch, Overlay overlay) {
        if (batch.isEmpty()) return List.of(); // only a write makes the collection
        PlannedDocuments planned = new PlannedDocuments(overlay, collection.place(), keys, keepOthers);
        boolean asked = !keys.areIds() || keepOthers;
        Map<String, List<BsonDocument>> there = asked ? stored(batch) : Map.of();
        List<Refusal> refusals = new ArrayList<>();
        Instant now = Instant.now();
        for (Record record : batch) {
            try {
                List<BsonDocument> its = there.getOrDefault(record.key(), List.of());
                if (record.deleted()) planned.delete(record, its);
                else {
                    keys.mustBeIn(record);
                    planned.put(record, documents.of(record, now), its);
                }
            } catch (BadRecordException e) {
                refusals.add(new Refusal(record, e.getMessage()));
            }
        }
        return refusals;
    }

    @Override
    public Set<String> differing(List<Record> batch) {
        Map<String, List<BsonDocument>> stored = stored(batch);
        Set<String> differing = new HashSet<>();
        for (Record record : batch) {
            List<BsonDocument> there = stored.getOrDefault(record.key(), List.of());
            boolean one = there.size() == 1 && holds(there.get(0), record);
            if (record.deleted() ? !there.isEmpty() : !one) differing.add(record.key());
        }
        return differing;
    }

    @Override
    public boolean comparesSealed() {
        return true;
    }

    @Override
    public Stream<String> keys() {
        try {
            MongoCursor<RawBsonDocument> cursor = collection
                    .find(new BsonDocument(), keys.projection(), new BsonDocument(), 0)
                    .cursor();
            return CursorDocuments.of(cursor, collection.failure(), "read the keys")
                    .flatMap(document -> keys.of(document).stream());
        } catch (MongoException e) {
            throw collection.failure().of("read the keys", e);
        }
    }

    /** Its markers, and what is known of them. */
    AllowedMarkers markers() {
        return markers;
    }

    @Override
    public boolean marks() {
        return markers.allowed();
    }

    @Override
    public Optional<String> marker(String owner) {
        return markers.with("read the marker", (there, database) -> there.of(database, owner));
    }

    /** A store that is marked anew is another, or was emptied. */
    void indexAgain() {
        ready.again();
    }

    @Override
    public void mark(String owner, String marker) {
        indexAgain();
        markers.with("mark", (there, database) -> {
            there.mark(database, owner, marker);
            return Optional.empty();
        });
    }

    @Override
    public void unmark(String owner) {
        markers.with("unmark", (there, database) -> {
            there.unmark(database, owner);
            return Optional.empty();
        });
    }

    @Override
    public Optional<String> check() {
        try {
            try {
                collection.tryToRead(new BsonDocument(), keys.projection());
                return ready.fault();
            } catch (EndpointException e) {
                throw collection.failure().of("read", e);
            } catch (MongoException e) {
                throw collection.failure().of("read", e);
            }
        } catch (CaravanException e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public Map<String, Long> facts() {
        return collection.statistics();
    }

    @Override
    public StoredCollection collection() {
        return collection;
    }

    @Override
    public void setCamelContext(CamelContext context) {
        UsesCollection.super.setCamelContext(context);
        archive.ifPresent(kept -> kept.in(context));
    }

    @Override
    public void close() {
        UsesCollection.super.close();
        archive.ifPresent(Archive::forget);
    }

    /** By key: documents of another system may be many. */
    private Map<String, List<BsonDocument>> stored(List<Record> batch) {
        Map<String, List<BsonDocument>> stored = new HashMap<>();
        try (MongoCursor<RawBsonDocument> cursor = collection
                .find(keys.filter(batch), new BsonDocument(), new BsonDocument(), 0)
                .cursor()) {
            cursor.forEachRemaining(
                    d -> keys.of(d).ifPresent(key -> stored.computeIfAbsent(key, k -> new ArrayList<>(1))
                            .add(d)));
            return stored;
        } catch (MongoException e) {
            throw collection.failure().of("compare", e);
        }
    }

    private boolean holds(BsonDocument stored, Record record) {
        try {
            keys.mustBeIn(record);
            Record wanted = SealedFields.as(record, stored);
            return documents.same(stored, documents.of(wanted, Instant.EPOCH), wanted);
        } catch (BadRecordException e) {
            return false;
        }
    }
}
