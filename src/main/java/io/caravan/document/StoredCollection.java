package io.caravan.document;

import com.mongodb.MongoCommandException;
import com.mongodb.MongoExecutionTimeoutException;
import com.mongodb.MongoOperationTimeoutException;
import com.mongodb.ServerAddress;
import com.mongodb.WriteConcern;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.MongoIterable;
import com.mongodb.client.cursor.TimeoutMode;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.WriteModel;
import com.mongodb.connection.ClusterSettings;
import io.caravan.endpoint.Client;
import io.caravan.endpoint.EndpointCall;
import io.caravan.endpoint.EndpointException;
import io.caravan.error.ConfigurationException;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.component.mongodb.MongoDbConstants;
import org.bson.BsonDocument;
import org.bson.Document;
import org.bson.RawBsonDocument;

/**
 * One collection. Bulk writes, readings and what a check asks go by endpoints of camel-mongodb; what those cannot do goes by the
 * client they share: a read preference, a write concern that has no name.
 *
 * <p>Errors: {@link io.caravan.endpoint.EndpointException} and {@link com.mongodb.MongoException}, see {@link #failure}.
 */
final class StoredCollection {

    /** Unauthorized, and not implemented: then nobody says whether a collection exists. */
    private static final Set<Integer> NOT_TOLD = Set.of(13, 59, 115, 238);

    /** The write concerns that an endpoint of camel-mongodb can ask for. */
    private static final List<String> NAMED = List.of("MAJORITY", "ACKNOWLEDGED", "W1", "W2", "W3", "JOURNALED");

    /** Those of a collection's statistics that are told, in this order, and how we call them. */
    private static final Map<String, String> NAMES = names();

    private static final BulkWriteOptions UNORDERED = new BulkWriteOptions().ordered(false);

    private final MongoConnection connection;
    private final String database;
    private final String collection;
    private CamelContext context;
    private Calls calls;

    /** The client and the endpoints, known from the first use on. */
    private record Calls(
            Client<MongoClient> client,
            MongoFailure failure,
            boolean named,
            boolean limited,
            EndpointCall bulkWrite,
            EndpointCall find,
            EndpointCall command,
            EndpointCall statistics) {}

    StoredCollection(MongoConnection connection, String database, String collection) {
        this.connection = connection;
        this.database = database;
        this.collection = collection;
    }

    /** Another one of the same database. */
    StoredCollection other(String name) {
        return new StoredCollection(connection, database, name);
    }

    private static Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("count", "documents");
        names.put("size", "bytes");
        names.put("totalIndexSize", "indexBytes");
        return names;
    }

    /** Calls endpoints of this context from now on. */
    synchronized void in(CamelContext newContext) {
        context = newContext;
        calls = null;
    }

    synchronized CamelContext context() {
        return context;
    }

    /** Takes up the connection again at the next use. */
    synchronized void forget() {
        calls = null;
    }

    String database() {
        return database;
    }

    String name() {
        return collection;
    }

    /** Where it is, the same for all that lead to it by the same servers. */
    String place() {
        ClusterSettings cluster =
                calls().client().peek().getClusterDescription().getClusterSettings();
        String servers = cluster.getSrvHost() != null
                ? cluster.getSrvHost()
                : cluster.getHosts().stream()
                        .map(ServerAddress::toString)
                        .sorted()
                        .collect(Collectors.joining(","));
        return "mongodb " + servers + " " + database + " " + collection;
    }

    MongoFailure failure() {
        return calls().failure();
    }

    /** One unordered bulk write. */
    void write(List<WriteModel<RawBsonDocument>> writes) {
        Calls by = calls();
        if (by.named()) by.bulkWrite().call(writes, Map.of(MongoDbConstants.BULK_ORDERED, false));
        else client().getCollection(collection, RawBsonDocument.class).bulkWrite(writes, UNORDERED);
    }

    /** Has the server find a document, or look for one as long as a second: it has understood what is asked of it then. */
    void tryToRead(BsonDocument filter, BsonDocument projection) {
        Optional<FindIterable<Document>> found = found(filter, projection, new BsonDocument(), 0);
        try {
            if (found.isPresent()) found.get().maxTime(1, TimeUnit.SECONDS).first();
        } catch (MongoExecutionTimeoutException e) {
            // understood, and it takes longer to find one
        } catch (MongoOperationTimeoutException e) {
            if (!(e.getCause() instanceof MongoExecutionTimeoutException)) throw e;
            // the same of a client that limits whole calls
        }
    }

    /** The documents as bytes; they are looked for when they are asked for. */
    MongoIterable<RawBsonDocument> find(
            BsonDocument filter, BsonDocument projection, BsonDocument sort, int batchSize) {
        try {
            return found(filter, projection, sort, batchSize)
                    .map(documents -> documents.map(BytesView::bytes))
                    .orElseThrow(() -> new ConfigurationException(
                            failure().server().unit() + ": cannot read: what stands in the place of "
                                    + calls().find().uri()
                                    + " gives no documents; mock whole pipelines, not a source"));
        } catch (EndpointException e) {
            throw failure().of("read", e);
        }
    }

    /** Empty when another endpoint stands in the place of ours. */
    @SuppressWarnings("unchecked") // camel-mongodb gives no others
    private Optional<FindIterable<Document>> found(
            BsonDocument filter, BsonDocument projection, BsonDocument sort, int batchSize) {
        Map<String, Object> headers = new HashMap<>();
        headers.put(MongoDbConstants.CRITERIA, filter);
        if (!projection.isEmpty()) headers.put(MongoDbConstants.FIELDS_PROJECTION, projection);
        if (!sort.isEmpty()) headers.put(MongoDbConstants.SORT_BY, new Document(sort));
        if (batchSize > 0) headers.put(MongoDbConstants.BATCH_SIZE, batchSize);
        Calls by = calls();
        if (!(by.find().call(null, headers).getBody() instanceof FindIterable<?> documents)) return Optional.empty();
        // the client's time limit is that of each answer, not of all documents
        if (by.limited()) documents.timeoutMode(TimeoutMode.ITERATION);
        return Optional.of((FindIterable<Document>) documents);
    }

    /** Whether it exists, or the server does not say. */
    boolean mayExist() {
        return listed().map(found -> !found.isEmpty()).orElse(true);
    }

    /** How it compares texts, where that is not letter by letter: another text may then be the same to it. */
    Optional<String> collation() {
        return listed().stream()
                .flatMap(List::stream)
                .map(found -> found.get("options", Document.class))
                .filter(options -> options != null)
                .map(options -> options.get("collation", Document.class))
                .filter(collation -> collation != null && !"simple".equals(collation.getString("locale")))
                .map(Document::toJson)
                .findFirst();
    }

    /** What the server says of it, one or nothing; empty when it does not say. */
    private Optional<List<Document>> listed() {
        Document list = new Document("listCollections", 1).append("filter", new Document("name", collection));
        try {
            Object answer = calls().command().call(list, Map.of()).getBody();
            if (!(answer instanceof Document told) || told == list) return Optional.empty();
            // a server may take no filter
            return Optional.of(told.get("cursor", Document.class).getList("firstBatch", Document.class).stream()
                    .filter(found -> collection.equals(found.getString("name")))
                    .toList());
        } catch (EndpointException e) {
            boolean told = e.cause(MongoCommandException.class)
                    .filter(refused -> NOT_TOLD.contains(refused.getErrorCode()))
                    .isEmpty();
            if (told) throw e;
            return Optional.empty();
        }
    }

    /** The server's own time; ours where it does not say. */
    Instant now() {
        for (String greeting : List.of("hello", "isMaster")) { // the one by which old servers are asked
            try {
                Object answer = calls().command()
                        .call(new Document(greeting, 1), Map.of())
                        .getBody();
                if (answer instanceof Document told && told.get("localTime") instanceof Date time)
                    return time.toInstant();
            } catch (EndpointException e) {
                boolean unknown = e.cause(MongoCommandException.class)
                        .filter(refused -> NOT_TOLD.contains(refused.getErrorCode()))
                        .isPresent();
                if (!unknown) throw e;
            }
        }
        return Instant.now();
    }

    /** What the server knows of it without counting; empty when it is not there. */
    Map<String, Long> statistics() {
        Map<String, Long> statistics = new LinkedHashMap<>();
        if (calls().statistics().call(null, Map.of()).getBody() instanceof Document told) {
            NAMES.forEach((theirs, ours) -> {
                if (told.get(theirs) instanceof Number number) statistics.put(ours, number.longValue());
            });
        }
        return statistics;
    }

    /** The database, by the client, for one call. */
    MongoDatabase client() {
        return calls().client().use().getDatabase(database);
    }

    private synchronized Calls calls() {
        if (calls == null) calls = open();
        return calls;
    }

    private Calls open() {
        if (context == null) throw new IllegalStateException("mongodb: the Camel context must be known first");
        MongoConnection.Opened opened = connection.open(context);
        String concern = NAMED.stream()
                .filter(name -> WriteConcern.valueOf(name).equals(opened.writeConcern()))
                .findFirst()
                .orElse("");
        return new Calls(
                opened.client(),
                opened.failure(),
                !concern.isEmpty(),
                opened.bytes().peek().getTimeout(TimeUnit.MILLISECONDS) != null,
                call(
                        opened.client(),
                        Map.of("collection", collection, "operation", "bulkWrite", "writeConcern", concern)),
                call(
                        opened.bytes(),
                        Map.of("collection", collection, "operation", "findAll", "outputType", "MongoIterable")),
                call(opened.client(), Map.of("operation", "command")),
                call(opened.client(), Map.of("collection", collection, "operation", "getColStats")));
    }

    private EndpointCall call(Client<MongoClient> client, Map<String, Object> parameters) {
        Map<String, Object> all = new TreeMap<>(parameters);
        all.values().removeIf(""::equals);
        all.put("connectionBean", client.name());
        all.put("mongoConnection", client.reference());
        all.put("database", database);
        return EndpointCall.of(context, "mongodb", all);
    }
}
