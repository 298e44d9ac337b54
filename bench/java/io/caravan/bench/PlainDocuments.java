package io.caravan.bench;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.WriteModel;
import io.caravan.bench.PlainLoader.Order;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bson.Document;
import org.bson.types.Decimal128;

/** Orders into MongoDB: one unordered bulk write of upserting replacements a batch. */
final class PlainDocuments implements PlainLoader.Store {

    private static final ReplaceOptions UPSERT = new ReplaceOptions().upsert(true);

    private final MongoClient client;
    private final MongoCollection<Document> orders;

    PlainDocuments(String uri, String database) {
        client = MongoClients.create(uri);
        orders = client.getDatabase(database).getCollection("orders");
    }

    @Override
    public void write(List<Order> batch) {
        List<WriteModel<Document>> writes = new ArrayList<>(batch.size());
        Date now = new Date();
        for (Order o : batch) {
            Document document = new Document("_id", o.id())
                    .append("order_id", o.id())
                    .append("customer_id", o.customer())
                    .append("product", o.product())
                    .append("quantity", o.quantity())
                    .append("price", new Decimal128(o.price()))
                    .append("paid", o.paid())
                    .append("ordered_at", Date.from(o.orderedAt()))
                    .append("note", o.note())
                    .append("ingested_at", now);
            writes.add(new ReplaceOneModel<>(Filters.eq("_id", o.id()), document, UPSERT));
        }
        orders.bulkWrite(writes, new BulkWriteOptions().ordered(false));
    }

    @Override
    public void close() {
        client.close();
    }
}
