package io.caravan.document;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoException;
import com.mongodb.ReadPreference;
import com.mongodb.bulk.BulkWriteError;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.cursor.TimeoutMode;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.DeleteOneModel;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.WriteModel;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.BadRecordException;
import io.caravan.error.CaravanException;
import io.caravan.error.Settings;
import io.caravan.error.UnavailableException;
import io.caravan.record.Record;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps each record as a MongoDB document, {@code _id} its key, see {@link Documents}: a batch is one unordered bulk write of
 * upserting replacements and deletes, acknowledged by a majority unless the URI says otherwise.
 *
 * <ul>
 *   <li>writing a record again replaces its document: only {@code ingested_at} changes
 *   <li>a record that MongoDB cannot hold (16 MB, names with dots, half surrogate pairs) is refused before anything is sent;
 *       what the server refuses one by one (a validator, a unique index) comes back with its reason
 *   <li>the client is made at first use and again after {@link #close}
 * </ul>
 */
public final class MongoSink implements Sink, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MongoSink.class);
    private static final ReplaceOptions UPSERT = new ReplaceOptions().upsert(true);
    private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().ordered(false);

    private final String name;
    private final MongoConnection connection;
    private final String database;
    private final String collection;
    private final Documents documents;
    private final CollectionMarkers markers;
    private MongoConnection.Opened opened;
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
        Settings settings = new Settings("mongodb-sink")
                .notBlank("sink", name)
                .name("database", database)
                .name("collection", collection);
        this.connection = new MongoConnection(
                settings, name, uri, user.toString(), password.toString(), connectTimeoutMillis, timeoutMillis);
        settings.check();
        this.name = name;
        this.database = database;
        this.collection = collection;
        this.documents = new Documents(name, names(exclude));
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
        MongoConnection.Opened server = server();
        try {
            collection(server).bulkWrite(writes, UNORDERED);
        } catch (MongoBulkWriteException e) {
            if (e.getWriteConcernError() != null) {
                throw new UnavailableException(
                        name + ": written but not acknowledged as asked: "
                                + e.getWriteConcernError().getMessage(),
                        e);
            }
            for (BulkWriteError error : e.getWriteErrors()) {
                refusals.add(
                        new Refusal(sent.get(error.getIndex()), server.failure().reason(error, e)));
            }
        } catch (MongoException e) {
            throw server.failure().of("write", e);
        }
        return refusals;
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
        MongoConnection.Opened server = server();
        try {
            MongoCursor<RawBsonDocument> cursor = collection(server)
                    .find()
                    .projection(Projections.include(Documents.ID))
                    .timeoutMode(TimeoutMode.ITERATION)
                    .cursor();
            return StreamSupport.stream(new Ids(cursor, server.failure()), false)
                    .onClose(cursor::close);
        } catch (MongoException e) {
            throw server.failure().of("read the keys", e);
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

    private Optional<String> ofMarkers(String action, Function<MongoDatabase, Optional<String>> work) {
        MongoConnection.Opened server = server();
        try {
            // a secondary that is behind would make the store look emptied
            return work.apply(server.client().getDatabase(database).withReadPreference(ReadPreference.primary()));
        } catch (MongoException e) {
            if (!MongoFailure.noRight(e)) throw server.failure().of(action, e);
            if (marks) {
                LOG.warn(
                        "{}: keeps no marker, so no run sees when its collection was emptied: {}",
                        name,
                        CollectionMarkers.remedy(database));
            }
            marks = false;
            return Optional.empty();
        }
    }

    @Override
    public Optional<String> check() {
        try {
            MongoConnection.Opened server = server();
            try {
                collection(server)
                        .find()
                        .projection(Projections.include(Documents.ID))
                        .first();
                return Optional.empty();
            } catch (MongoException e) {
                throw server.failure().of("read", e);
            }
        } catch (CaravanException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Ends all connections; the next use opens one again. */
    @Override
    public synchronized void close() {
        if (opened != null) opened.client().close();
        opened = null;
    }

    private synchronized MongoConnection.Opened server() {
        if (opened == null) opened = connection.open();
        return opened;
    }

    private MongoCollection<RawBsonDocument> collection(MongoConnection.Opened server) {
        return server.client().getDatabase(database).getCollection(collection, RawBsonDocument.class);
    }

    private Map<String, BsonDocument> stored(List<Record> batch) {
        MongoConnection.Opened server = server();
        Map<String, BsonDocument> stored = new HashMap<>();
        List<String> keys = batch.stream().map(Record::key).toList();
        try (MongoCursor<RawBsonDocument> cursor =
                collection(server).find(Filters.in(Documents.ID, keys)).cursor()) {
            cursor.forEachRemaining(d -> stored.put(text(d.get(Documents.ID)), d));
            return stored;
        } catch (MongoException e) {
            throw server.failure().of("compare", e);
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

    private static Set<String> names(String commaSeparated) {
        return commaSeparated == null
                ? Set.of()
                : Arrays.stream(commaSeparated.split(","))
                        .map(String::trim)
                        .filter(field -> !field.isEmpty())
                        .collect(Collectors.toSet());
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
