package io.caravan.matrix;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import io.caravan.Peers;
import io.caravan.local.TestStores;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.bson.Document;
import org.bson.types.Decimal128;

/** {@code mongodb-source} on the stand-in and on FerretDB. */
final class MongodbSourceCells implements Supplier<List<Connector.Source>> {

    /** Of this JVM alone: another may be at the same server. */
    private static final String DATABASE =
            "matrix_source_" + ProcessHandle.current().pid();

    @Override
    public List<Connector.Source> get() {
        return List.of(
                new Things("stand-in", () -> TestStores.mongo().uri()),
                new Things("FerretDB", () -> "mongodb://" + Peers.address("ferretdb")));
    }

    private record Things(String server, Supplier<String> uri) implements Connector.Source {

        @Override
        public String name() {
            return "mongodb-source: " + server;
        }

        @Override
        public String kamelet() {
            return "mongodb-source";
        }

        @Override
        public Map<String, String> holding(List<Map<String, Object>> rows) {
            try (MongoClient client = MongoClients.create(uri.get())) {
                MongoCollection<Document> things = client.getDatabase(DATABASE).getCollection("things");
                things.deleteMany(new Document());
                List<Document> documents = new ArrayList<>();
                for (Map<String, Object> row : rows) documents.add(document(row));
                things.insertMany(documents);
            }
            return Map.of("uri", uri.get(), "database", DATABASE, "collection", "things", "keyFields", "id");
        }

        /** Times to the millisecond, as its dates are; FerretDB has no decimals. */
        private Document document(Map<String, Object> row) {
            Document document = new Document("_id", row.get("id"));
            document.putAll(row);
            document.put(
                    "at", Date.from(OffsetDateTime.parse((String) row.get("at")).toInstant()));
            BigDecimal amount = (BigDecimal) row.get("amount");
            document.put("amount", server.equals("FerretDB") ? amount.toPlainString() : new Decimal128(amount));
            return document;
        }
    }
}
