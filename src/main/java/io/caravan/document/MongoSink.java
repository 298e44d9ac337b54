package io.caravan.document;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.ReadPreference;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.DeleteManyModel;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.WriteModel;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.endpoint.EndpointException;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.error.UnavailableException;
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
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.CamelContext;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger LOG = LoggerFactory.getLogger(MongoSink.class);
    private static final String KEEP = "keep";
    private static final String AS_STORED = "stored";
    private static final List<String> TYPES = List.of(AS_STORED, "values");
    private static final List<String> OTHER_FIELDS = List.of("remove", KEEP);
    private static final ReplaceOptions UPSERT = new ReplaceOptions().upsert(true);
    private static final UpdateOptions UPSERT_FIELDS = new UpdateOptions().upsert(true);
    private static final BsonDocument NO_EXACT_TIMES = new BsonDocument(Documents.EXACT_TIMES, new BsonString(""));

    private final String name;
    private final StoredCollection collection;
    private final Documents documents;
    private final DocumentKeys keys;
    private final boolean keepOthers;
    private final CollectionMarkers markers;
    private final Optional<Archive> archive;
    private volatile boolean marks = true;
    private volatile boolean indexed;
    private Optional<MadeIndexes> made = Optional.empty();
    private volatile boolean keepsApart;

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
        this.markers = new CollectionMarkers(collection);
        this.archive = Archive.of(name, connection, database, archive);
    }

    private MongoSink(MongoSink like, String collection) {
        this.name = like.name;
        this.collection = like.collection.other(collection);
        this.keys = like.keys;
        this.keepOthers = like.keepOthers;
        this.documents = like.documents;
        this.markers = new CollectionMarkers(collection);
        this.archive = like.archive;
        this.made = like.made;
    }

    /** This one, which makes these indexes before it first writes. */
    MongoSink making(MadeIndexes indexes) {
        made = Optional.of(indexes);
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
        List<Refusal> refusals = new ArrayList<>();
        List<Record> sent = new ArrayList<>(batch.size());
        List<WriteModel<RawBsonDocument>> writes = new ArrayList<>(batch.size());
        List<BsonValue> others = new ArrayList<>();
        Instant now = Instant.now();
        for (Record record : batch) {
            try {
                writes.add(record.deleted() ? new DeleteManyModel<>(keys.filter(record)) : upsert(record, now));
                sent.add(record);
                if (!record.deleted()) others.addAll(keys.otherIds(record));
            } catch (BadRecordException e) {
                refusals.add(new Refusal(record, e.getMessage()));
            }
        }
        if (writes.isEmpty()) return refusals;
        if (!others.isEmpty()) writes.add(new DeleteManyModel<>(DocumentKeys.ofIds(others)));
        try {
            mustKeepKeysApart();
            mustBeIndexed();
            made.ifPresent(indexes -> indexes.make(collection));
            refusals.addAll(withoutDocument(sent, writes));
            if (archive.isPresent()) archive.get().comeBack(collection, written(sent));
            keep(sent, others);
            if (!writes.isEmpty()) collection.write(writes);
        } catch (EndpointException e) {
            Optional<MongoBulkWriteException> some = e.cause(MongoBulkWriteException.class);
            if (some.isEmpty()) throw collection.failure().of("write", e);
            refusals.addAll(refusals(sent, some.get()));
        } catch (MongoBulkWriteException e) {
            refusals.addAll(refusals(sent, e));
        } catch (MongoException e) {
            throw collection.failure().of("write", e);
        }
        if (archive.isPresent()) archive.get().gone(collection, gone(sent, others, refusals));
        return refusals;
    }

    private static List<Record> written(List<Record> sent) {
        return sent.stream().filter(record -> !record.deleted()).toList();
    }

    /** Those whose documents are gone, be it that the record has another one now. */
    private static List<Record> gone(List<Record> sent, List<BsonValue> others, List<Refusal> refusals) {
        Set<String> refused =
                refusals.stream().map(refusal -> refusal.record().key()).collect(Collectors.toSet());
        return sent.stream()
                .filter(record -> record.deleted() || !others.isEmpty())
                .filter(record -> !refused.contains(record.key()))
                .toList();
    }

    /** Before anything is deleted: a crash between the two archives the same again, under the same {@code _id}. */
    private void keep(List<Record> sent, List<BsonValue> others) {
        if (archive.isEmpty()) return;
        List<Record> deleted = sent.stream().filter(Record::deleted).toList();
        if (!deleted.isEmpty()) archive.get().keep(collection, keys, keys.filter(deleted), sent);
        if (!others.isEmpty()) archive.get().keep(collection, keys, DocumentKeys.ofIds(others), sent);
    }

    /** Takes out the records whose key is that of two documents, as the number 7 in one and the text 7 in another: neither is theirs. */
    private List<Refusal> withoutDocument(List<Record> sent, List<WriteModel<RawBsonDocument>> writes) {
        if (keys.areIds()) return List.of();
        Map<String, Integer> documentsOf = new HashMap<>();
        try (MongoCursor<RawBsonDocument> cursor = collection
                .find(keys.filter(sent), keys.projection(), new BsonDocument(), 0)
                .cursor()) {
            cursor.forEachRemaining(d -> keys.of(d).ifPresent(key -> documentsOf.merge(key, 1, Integer::sum)));
        }
        List<Refusal> refusals = new ArrayList<>();
        for (int i = sent.size() - 1; i >= 0; i--) {
            Record record = sent.get(i);
            int found = documentsOf.getOrDefault(record.key(), 0);
            if (found < 2) continue;
            refusals.add(new Refusal(
                    record,
                    SettingChecks.sentence(name, "matchBy", "find one document by key '" + record.key() + "'", found)
                            + "; give the key one type in all documents, number or text"));
            sent.remove(i);
            writes.remove(i);
        }
        return refusals;
    }

    private WriteModel<RawBsonDocument> upsert(Record record, Instant now) {
        keys.mustBeIn(record);
        RawBsonDocument document = documents.of(record, now);
        if (!keepOthers) return new ReplaceOneModel<>(keys.filter(record), document, UPSERT);
        BsonDocument update = new BsonDocument("$set", document);
        if (!document.containsKey(Documents.EXACT_TIMES)) update.put("$unset", NO_EXACT_TIMES);
        return new UpdateOneModel<>(keys.filter(record), update, UPSERT_FIELDS);
    }

    private void mustKeepKeysApart() {
        if (keepsApart) return;
        foldsKeys().ifPresent(why -> {
            throw new ConfigurationException(why);
        });
        keepsApart = true;
    }

    /** A write or delete of the key 'a' would meet the document of 'A'; asked otherwise, a server would use no index. */
    private Optional<String> foldsKeys() {
        return collection
                .collation()
                .map(collation -> SettingChecks.sentence(
                                name,
                                "collection",
                                "compare texts letter by letter, so that two keys are two documents",
                                collection.name() + " with the collation " + collation)
                        + "; create one without a collation, copy the documents to it, and name that one");
    }

    /** Without an index each write would look through the whole collection, and a key could stand for many documents. */
    private void mustBeIndexed() {
        if (indexed || keys.areIds()) return;
        MongoCollection<Document> documentsThere = collection.client().getCollection(collection.name());
        Optional<String> lacking = keys.lacksIndex(documentsThere);
        if (lacking.isPresent() && documentsThere.find().first() != null) {
            throw new ConfigurationException(lacking.get());
        }
        if (lacking.isPresent()) keys.index(documentsThere);
        indexed = true;
    }

    private List<Refusal> refusals(List<Record> sent, MongoBulkWriteException e) {
        if (e.getWriteConcernError() != null) {
            throw new UnavailableException(
                    name + ": written but not acknowledged as asked: "
                            + e.getWriteConcernError().getMessage(),
                    e);
        }
        if (e.getWriteErrors().stream().anyMatch(error -> error.getIndex() >= sent.size())) {
            throw collection.failure().of("delete", e);
        }
        return e.getWriteErrors().stream()
                .map(error -> new Refusal(
                        sent.get(error.getIndex()), collection.failure().reason(error, e)))
                .toList();
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
            return StreamSupport.stream(new Stored(cursor, collection.failure()), false)
                    .flatMap(document -> keys.of(document).stream())
                    .onClose(cursor::close);
        } catch (MongoException e) {
            throw collection.failure().of("read the keys", e);
        }
    }

    @Override
    public boolean marks() {
        return marks;
    }

    @Override
    public Optional<String> marker(String owner) {
        return ofMarkers("read the marker", database -> markers.of(database, owner));
    }

    /** A store that is marked anew is another, or was emptied. */
    void indexAgain() {
        made.ifPresent(MadeIndexes::again);
    }

    @Override
    public void mark(String owner, String marker) {
        indexAgain();
        ofMarkers("mark", database -> {
            markers.mark(database, owner, marker);
            return Optional.empty();
        });
    }

    @Override
    public void unmark(String owner) {
        ofMarkers("unmark", database -> {
            markers.unmark(database, owner);
            return Optional.empty();
        });
    }

    /** What is done with markers of this collection; empty where its user has no right to. */
    Optional<String> withMarkers(String action, BiFunction<CollectionMarkers, MongoDatabase, Optional<String>> work) {
        return ofMarkers(action, database -> work.apply(markers, database));
    }

    private Optional<String> ofMarkers(String action, Function<MongoDatabase, Optional<String>> work) {
        try {
            // a secondary that is behind would make the store look emptied; an endpoint cannot ask for the primary
            return work.apply(collection.client().withReadPreference(ReadPreference.primary()));
        } catch (MongoException e) {
            if (!MongoFailure.noRight(e)) throw collection.failure().of(action, e);
            if (marks) {
                LOG.warn(
                        "{}: keeps no marker, so no run sees when its collection was emptied: {}",
                        name,
                        CollectionMarkers.remedy(collection.database()));
            }
            marks = false;
            return Optional.empty();
        }
    }

    @Override
    public Optional<String> check() {
        try {
            try {
                collection.tryToRead(new BsonDocument(), keys.projection());
                Optional<String> folds = foldsKeys();
                if (folds.isPresent() || keys.areIds()) return folds;
                MongoCollection<Document> there = collection.client().getCollection(collection.name());
                return there.find().first() == null ? Optional.empty() : keys.lacksIndex(there);
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

    /** The documents that a cursor passes. */
    private static final class Stored extends Spliterators.AbstractSpliterator<RawBsonDocument> {

        private final MongoCursor<RawBsonDocument> cursor;
        private final MongoFailure failure;

        Stored(MongoCursor<RawBsonDocument> cursor, MongoFailure failure) {
            super(Long.MAX_VALUE, Spliterator.NONNULL);
            this.cursor = cursor;
            this.failure = failure;
        }

        @Override
        public boolean tryAdvance(Consumer<? super RawBsonDocument> action) {
            RawBsonDocument document;
            try {
                if (!cursor.hasNext()) return false;
                document = cursor.next();
            } catch (MongoException e) {
                throw failure.of("read the keys", e);
            }
            action.accept(document);
            return true;
        }
    }
}
