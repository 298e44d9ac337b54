package io.caravan.bench;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import io.caravan.document.MongoSource;
import io.caravan.endpoint.TestContext;
import io.caravan.source.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.bson.types.Decimal128;

/** A collection of the MongoDB stand-in. */
final class DocumentReading implements Reading {

    private static final String DATABASE = "bench_reading";
    private static final int BATCH = 1_000;

    private final String uri;
    private final MongoClient client;
    private final MongoCollection<Document> orders;

    DocumentReading(String uri) {
        this.uri = uri;
        this.client = MongoClients.create(uri);
        this.orders = client.getDatabase(DATABASE).getCollection("orders");
    }

    @Override
    public String name() {
        return "mongodb-source";
    }

    @Override
    public void prepare(int records) {
        orders.drop();
        List<Document> batch = new ArrayList<>(BATCH);
        for (int i = 0; i < records; i++) {
            batch.add(order(i));
            if (batch.size() == BATCH || i == records - 1) {
                orders.insertMany(batch);
                batch.clear();
            }
        }
    }

    private static Document order(int i) {
        return new Document("_id", "order-%09d".formatted(i))
                .append("customer_id", "customer-" + i % 10_000)
                .append("product", "product " + i % 1_000)
                .append("quantity", 1L + i % 20)
                .append("price", Decimal128.parse(i % 500 + ".25"))
                .append("paid", i % 2 == 0)
                .append("ordered_at", Date.from(Instant.ofEpochSecond(1_735_689_600L + i)))
                .append("note", "gift wrapped call before größer " + i % 7);
    }

    @Override
    public Source source() {
        return TestContext.knownTo(new MongoSource(
                uri, "", "", DATABASE, "orders", "", "", "_id", "_id", "", "", 0, 0, BATCH, 0, 0, 5_000, 60_000));
    }

    @Override
    public long bare() {
        long records = 0;
        try (MongoClient own = MongoClients.create(uri);
                MongoCursor<Document> cursor = own.getDatabase(DATABASE)
                        .getCollection("orders")
                        .find()
                        .sort(new Document("_id", 1))
                        .batchSize(BATCH)
                        .cursor()) {
            for (; cursor.hasNext(); records++) cursor.next();
        }
        return records;
    }

    @Override
    public void close() {
        client.getDatabase(DATABASE).drop();
        client.close();
    }
}
