package io.caravan.document;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.ReadPreference;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.DeleteOneModel;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.WriteModel;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.endpoint.EndpointException;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.SettingChecks;
import io.caravan.error.SettingList;
import io.caravan.error.UnavailableException;
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
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps each record as a MongoDB document, {@code _id} its key, see {@link Documents}: a batch is one unordered bulk write of
 * upserting replacements and deletes by an endpoint of camel-mongodb, acknowledged by a majority unless the URI says otherwise.
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
    private static final ReplaceOptions UPSERT = new ReplaceOptions().upsert(true);
    private static final BsonDocument ONLY_ID = new BsonDocument(Documents.ID, new BsonInt32(1));

    private final String name;
    private final StoredCollection collection;
    private final Documents documents;
    private final CollectionMarkers markers;
    private volatile boolean marks = true;

    /**
     * @param uri {@code laptop}, or a MongoDB connection string
     * @param user of the database {@code admin}, empty when the URI says who or nobody needs to
     * @param exclude the fields that are not kept, comma separated
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
            int connectTimeoutMillis,
            int timeoutMillis) {
        SettingChecks settings = new SettingChecks("mongodb-sink")
                .notBlank("sink", name)
                .name("database", database)
                .name("collection", collection);
        MongoConnection connection = new MongoConnection(
                settings, name, uri, user.toString(), password.toString(), connectTimeoutMillis, timeoutMillis);
        settings.check();
        this.name = name;
        this.collection = new StoredCollection(connection, database, collection);
        this.documents = new Documents(name, Set.copyOf(SettingList.of(exclude)));
        this.markers = new CollectionMarkers(collection);
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
        Instant now = Instant.now();
        for (Record record : batch) {
            try {
                writes.add(
                        record.deleted()
                                ? new DeleteOneModel<>(id(record))
                                : new ReplaceOneModel<>(id(record), documents.of(record, now), UPSERT));
                sent.add(record);
            } catch (BadRecordException e) {
                refusals.add(new Refusal(record, e.getMessage()));
            }
        }
        if (writes.isEmpty()) return refusals;
        try {
            collection.write(writes);
        } catch (EndpointException e) {
            Optional<MongoBulkWriteException> some = e.cause(MongoBulkWriteException.class);
            if (some.isEmpty()) throw collection.failure().of("write", e);
            refusals.addAll(refusals(sent, some.get()));
        } catch (MongoBulkWriteException e) {
            refusals.addAll(refusals(sent, e));
        } catch (MongoException e) {
            throw collection.failure().of("write", e);
        }
        return refusals;
    }

    private List<Refusal> refusals(List<Record> sent, MongoBulkWriteException e) {
        if (e.getWriteConcernError() != null) {
            throw new UnavailableException(
                    name + ": written but not acknowledged as asked: "
                            + e.getWriteConcernError().getMessage(),
                    e);
        }
        return e.getWriteErrors().stream()
                .map(error -> new Refusal(
                        sent.get(error.getIndex()), collection.failure().reason(error, e)))
                .toList();
    }

    @Override
    public Set<String> differing(List<Record> batch) {
        Map<String, BsonDocument> stored = stored(batch);
        Set<String> keys = new HashSet<>();
        for (Record record : batch) {
            BsonDocument there = stored.get(record.key());
            if (record.deleted() ? there != null : there == null || !holds(there, record)) keys.add(record.key());
        }
        return keys;
    }

    @Override
    public Stream<String> keys() {
        try {
            MongoCursor<RawBsonDocument> cursor = collection
                    .find(new BsonDocument(), ONLY_ID, new BsonDocument(), 0)
                    .cursor();
            return StreamSupport.stream(new Ids(cursor, collection.failure()), false)
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

    @Override
    public void mark(String owner, String marker) {
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
                collection.tryToRead(new BsonDocument(), ONLY_ID);
                return Optional.empty();
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

    private Map<String, BsonDocument> stored(List<Record> batch) {
        Map<String, BsonDocument> stored = new HashMap<>();
        BsonArray keys = new BsonArray(
                batch.stream().map(record -> new BsonString(record.key())).toList());
        BsonDocument those = new BsonDocument(Documents.ID, new BsonDocument("$in", keys));
        try (MongoCursor<RawBsonDocument> cursor = collection
                .find(those, new BsonDocument(), new BsonDocument(), 0)
                .cursor()) {
            cursor.forEachRemaining(d -> stored.put(text(d.get(Documents.ID)), d));
            return stored;
        } catch (MongoException e) {
            throw collection.failure().of("compare", e);
        }
    }

    private boolean holds(BsonDocument stored, Record record) {
        try {
            return Documents.same(stored, documents.of(record, Instant.EPOCH));
        } catch (BadRecordException e) {
            return false;
        }
    }

    private static BsonDocument id(Record record) {
        return new BsonDocument(Documents.ID, new BsonString(record.key()));
    }

    private static String text(BsonValue id) {
        return id.isString() ? id.asString().getValue() : id.toString();
    }

    /** The ids that a cursor passes. */
    private static final class Ids extends Spliterators.AbstractSpliterator<String> {

        private final MongoCursor<RawBsonDocument> cursor;
        private final MongoFailure failure;

        Ids(MongoCursor<RawBsonDocument> cursor, MongoFailure failure) {
            super(Long.MAX_VALUE, Spliterator.NONNULL);
            this.cursor = cursor;
            this.failure = failure;
        }

        @Override
        public boolean tryAdvance(Consumer<? super String> action) {
            String id;
            try {
                if (!cursor.hasNext()) return false;
                id = text(cursor.next().get(Documents.ID));
            } catch (MongoException e) {
                throw failure.of("read the keys", e);
            }
            action.accept(id);
            return true;
        }
    }
}
