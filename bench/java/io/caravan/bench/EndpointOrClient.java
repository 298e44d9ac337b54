package io.caravan.bench;

import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.MongoIterable;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.WriteModel;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.caravan.endpoint.EndpointAnswer;
import io.caravan.endpoint.EndpointCall;
import io.caravan.endpoint.TestContext;
import io.caravan.local.Endpoint;
import io.caravan.local.MongoProcess;
import io.caravan.local.PostgresProcess;
import io.caravan.source.RecordReader;
import io.caravan.source.Source;
import io.caravan.warehouse.WarehouseReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/**
 * The same calls by an endpoint of Camel and by the client, in turns: which of them an endpoint makes as fast. Argument: a folder
 * for the stores.
 */
final class EndpointOrClient {

    private static final int ROUNDS = 7;
    private static final int WARM_UPS = 3;

    /** How much it did. */
    interface Work {
        long run() throws Exception;
    }

    private static final CamelContext CONTEXT = TestContext.get();

    private EndpointOrClient() {}

    public static void main(String[] args) throws Exception {
        new SheetsByEndpoint().compare();
        MongoProcess mongo = new MongoProcess(Path.of(args[0]));
        PostgresProcess postgres = new PostgresProcess(Path.of(args[0]));
        try {
            String uri = mongo.start().uri();
            try (MongoClient client = MongoClients.create(uri)) {
                CONTEXT.getRegistry().bind("bench", client);
                writeDocuments(client);
                readDocuments(uri, client);
                CONTEXT.getRegistry().unbind("bench");
            }
            Databases databases = new Databases(postgres.start());
            askQuestions(databases.fresh());
            readRows(databases);
        } finally {
            mongo.stop();
            postgres.stop();
        }
        System.exit(0);
    }

    private static void writeDocuments(MongoClient client) throws Exception {
        String text = "gift wrapped call before größer ".repeat(4);
        List<WriteModel<RawBsonDocument>> writes = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            BsonDocument order = new BsonDocument("_id", new BsonString("order-" + i))
                    .append("quantity", new BsonInt64(i))
                    .append("note", new BsonString(text));
            writes.add(new ReplaceOneModel<>(
                    new BsonDocument("_id", order.get("_id")),
                    new RawBsonDocument(order, new BsonDocumentCodec()),
                    new ReplaceOptions().upsert(true)));
        }
        EndpointCall call = call(
                "mongodb",
                "connectionBean=bench",
                "mongoConnection=#bean:bench",
                "database=bench",
                "collection=written",
                "operation=bulkWrite",
                "writeConcern=MAJORITY");
        MongoCollection<RawBsonDocument> collection = client.getDatabase("bench")
                .getCollection("written", RawBsonDocument.class)
                .withWriteConcern(WriteConcern.MAJORITY);
        int times = 20;
        compare(
                "mongodb bulkWrite, 500 upserts",
                times * 500,
                () -> {
                    for (int i = 0; i < times; i++) call.call(writes, Map.of("CamelMongoDbBulkOrdered", false));
                    return times * 500L;
                },
                () -> {
                    for (int i = 0; i < times; i++) collection.bulkWrite(writes, new BulkWriteOptions().ordered(false));
                    return times * 500L;
                });
    }

    private static void readDocuments(String uri, MongoClient client) throws Exception {
        try (DocumentReading reading = new DocumentReading(uri)) {
            int records = 100_000;
            reading.prepare(records);
            all(reading.source()); // its view of the client is in the registry from now on
            EndpointCall call = call(
                    "mongodb",
                    "connectionBean=bench",
                    "mongoConnection=#bean:mongoClientOfBytes",
                    "database=bench_reading",
                    "collection=orders",
                    "operation=findAll",
                    "outputType=MongoIterable");
            Map<String, Object> headers =
                    Map.of("CamelMongoDbSortBy", new Document("_id", 1), "CamelMongoDbBatchSize", 1_000);
            MongoCollection<RawBsonDocument> orders =
                    client.getDatabase("bench_reading").getCollection("orders", RawBsonDocument.class);
            compare(
                    "mongodb findAll, documents as bytes",
                    records,
                    () -> count((MongoIterable<?>) call.call(null, headers).getBody()),
                    () -> count(orders.find().sort(new Document("_id", 1)).batchSize(1_000)));
        }
    }

    private static long count(MongoIterable<?> documents) {
        long read = 0;
        try (MongoCursor<?> cursor = documents.cursor()) {
            for (; cursor.hasNext(); read++) cursor.next();
        }
        return read;
    }

    private static void readRows(Databases databases) throws Exception {
        try (JdbcReading reading = new JdbcReading(databases)) {
            int records = 300_000;
            reading.prepare(records);
            // without autocommit, or PostgreSQL forgets the rows that were not fetched yet
            HikariDataSource rows = pool(reading.database());
            CONTEXT.getRegistry().bind("rows", rows);
            EndpointCall call = call(
                    "jdbc",
                    "dataSourceName=rows",
                    "outputType=StreamList",
                    "resetAutoCommit=false",
                    "allowNamedParameters=false",
                    "statement.fetchSize=1000");
            // as the endpoint gives them; making records of them would come on top
            compare(
                    "jdbc StreamList, rows only",
                    records,
                    () -> {
                        long read = 0;
                        try (EndpointAnswer answer = call.open("select * from orders", Map.of())) {
                            Iterator<?> row = (Iterator<?>) answer.message().getBody();
                            for (; row.hasNext(); read++) row.next();
                        }
                        return read;
                    },
                    () -> all(reading.source()));
            rows.close();
        }
    }

    private static void askQuestions(Endpoint database) throws Exception {
        String sql = "select count(*) as total_events, min(at) as first, max(at) as last from (select i % 7 as user_id,"
                + " timestamptz '2025-01-01' + i * interval '1 second' as at from generate_series(1, 50) i) e"
                + " where user_id = ";
        int times = 1_000;
        try (WarehouseReader reader = TestContext.knownTo(
                        new WarehouseReader("bench", database.uri(), database.user(), database.password(), 5_000));
                HikariDataSource pool = pool(database)) {
            compare(
                    "jdbc SelectList, the question of user-engagement",
                    times,
                    () -> {
                        long asked = 0;
                        for (int i = 0; i < times; i++)
                            asked += reader.rows(sql + ":id", Map.of("id", i % 7))
                                    .size();
                        return asked;
                    },
                    () -> {
                        long asked = 0;
                        for (int i = 0; i < times; i++) {
                            try (Connection connection = pool.getConnection();
                                    PreparedStatement select = connection.prepareStatement(sql + "?")) {
                                select.setObject(1, i % 7);
                                try (ResultSet row = select.executeQuery()) {
                                    while (row.next()) {
                                        Map<String, Object> values = new TreeMap<>();
                                        values.put("total_events", row.getLong(1));
                                        values.put(
                                                "first",
                                                row.getObject(2, OffsetDateTime.class)
                                                        .toInstant());
                                        values.put(
                                                "last",
                                                row.getObject(3, OffsetDateTime.class)
                                                        .toInstant());
                                        asked += values.size() / 3;
                                    }
                                }
                            }
                        }
                        return asked;
                    });
        }
    }

    private static HikariDataSource pool(Endpoint database) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.uri());
        config.setUsername(database.user());
        config.setPassword(database.password());
        config.setReadOnly(true);
        config.setAutoCommit(false);
        config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        config.setMaximumPoolSize(2);
        return new HikariDataSource(config);
    }

    private static long all(Source source) {
        long read = 0;
        try (RecordReader reader = source.open(source.objects().next())) {
            while (reader.read(bad -> {}).isPresent()) read++;
        }
        return read;
    }

    /** Prints a row of the table: so much in a second by the endpoint, by the client, and their ratio. */
    static void compare(String name, int count, Work endpoint, Work client) throws Exception {
        List<Double> byEndpoint = new ArrayList<>();
        List<Double> byClient = new ArrayList<>();
        for (int round = 1 - WARM_UPS; round <= ROUNDS; round++) {
            double first = rate(count, endpoint);
            double second = rate(count, client);
            if (round < 1) continue;
            byEndpoint.add(first);
            byClient.add(second);
        }
        double ours = TableText.median(byEndpoint);
        double theirs = TableText.median(byClient);
        System.out.printf(Locale.ROOT, "| %s | %,.0f/s | %,.0f/s | %.2f |%n", name, ours, theirs, ours / theirs);
    }

    private static double rate(int count, Work work) throws Exception {
        long begun = System.nanoTime();
        long done = work.run();
        if (done != count) throw new IllegalStateException("did " + done + " of " + count);
        return count / ((System.nanoTime() - begun) / 1e9);
    }

    private static EndpointCall call(String scheme, String... parameters) {
        Map<String, Object> all = new TreeMap<>();
        for (String parameter : parameters) {
            int equals = parameter.indexOf('=');
            all.put(parameter.substring(0, equals), parameter.substring(equals + 1));
        }
        return EndpointCall.of(CONTEXT, scheme, all);
    }
}
