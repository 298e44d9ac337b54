package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As docs/migration.md says: a collection and a table that another system filled go on in Caravan, and back. */
class AdoptStoresTest {

    private static final int ORDERS = 300;

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private final MongoClient client = MongoClients.create(TestStores.mongo().uri());

    @AfterEach
    void close() {
        client.getDatabase("adopt_stores").drop();
        client.close();
    }

    @Test
    void onlyWhatDiffersIsWrittenAndTheOldSystemCanGoOn() throws Exception {
        UserProject project = new UserProject(folder);
        project.write("routes/orders/orders.camel.yaml", ROUTE.formatted(folder.resolve("data")));
        project.write("routes/orders/table.yaml", TABLE);
        project.write("data/orders.csv", csv());
        project.settings(settings());
        anotherSystemFilledTheStores();
        Map<Object, Object> ids = ids();
        List<String> rows = texts("select order_id || ' ' || xmin from orders where order_id <> 'o7' order by 1");

        assertThat(project.cli("check", "orders")).as("%s", project.out()).isZero();
        assertThat(project.cli("plan", "orders", "--json")).isZero();
        assertThat(project.json().at("/sinks/documents/inserts").asInt())
                .as("what a first run would write without adoption")
                .isEqualTo(ORDERS);
        assertThat(project.cli("adopt", "orders", "--dry-run")).isZero();
        assertThat(project.out()).anyMatch(l -> l.contains("adopt of orders: nothing was adopted, 300 records read"));
        assertThat(project.cli("adopt", "orders", "--json"))
                .as("%s", project.err())
                .isZero();
        assertFound(project, "documents", ORDERS - 2, 1, 1, 1);
        assertFound(project, "warehouse", ORDERS - 1, 1, 0, 1);

        assertThat(project.cli("plan", "orders", "--json")).isZero();
        assertThat(project.json().at("/sinks/documents/unchanged").asInt()).isEqualTo(ORDERS - 2);
        assertThat(project.json().at("/sinks/warehouse/unchanged").asInt()).isEqualTo(ORDERS - 1);
        assertThat(project.cli("run", "orders", "--json"))
                .as("%s", project.err())
                .isZero();
        assertThat(project.json().at("/sinks/documents/written").asInt()).isEqualTo(2);
        assertThat(project.json().at("/sinks/warehouse/written").asInt()).isEqualTo(1);

        assertThat(documents().countDocuments(new Document("ingested_at", new Document("$exists", true))))
                .as("documents that were written")
                .isEqualTo(2);
        Map<Object, Object> after = ids();
        assertThat(after.remove("o9")).isInstanceOf(ObjectId.class);
        assertThat(after).isEqualTo(ids);
        assertThat(documents().find(new Document("order_id", "o5")).first().getString("seen_by"))
                .isEqualTo("old");
        assertThat(texts("select order_id || ' ' || xmin from orders where order_id <> 'o7' order by 1"))
                .as("rows that were not touched")
                .isEqualTo(rows);
        assertThat(project.cli("verify", "orders", "--deep", "--json")).isEqualTo(3);
        assertThat(project.json().at("/sinks/documents/differing/0").asText()).isEqualTo("old");
        assertThat(project.json().at("/sinks/documents/different").asInt()).isZero();
        assertThat(project.json().at("/sinks/warehouse/extra").asInt()).isEqualTo(1);

        // the way back: the records stay, and the old system finds its documents by its own ids
        assertThat(project.cli("remove", "orders")).isZero();
        assertThat(ids()).hasSize(ORDERS + 1).containsAllEntriesOf(ids);
        assertThat(texts("select count(*) from orders")).containsExactly(String.valueOf(ORDERS + 1));
    }

    @Test
    void keysThatAnotherSystemHoldsTwiceAreSaidBeforeAnythingIsWritten() throws Exception {
        UserProject project = new UserProject(folder);
        project.write("routes/orders/orders.camel.yaml", ROUTE.formatted(folder.resolve("data")));
        project.write("routes/orders/table.yaml", TABLE);
        project.write("data/orders.csv", csv());
        project.settings(settings());
        documents().insertOne(order(3));
        documents().insertOne(order(3));
        assertThat(project.cli("adopt", "orders", "--dry-run", "--only-sinks", "documents"))
                .isZero();
        assertThat(project.out())
                .contains("documents: holds 1 keys more than once (o3); a key must stand for one record, so take the"
                        + " others away before the next run");
        assertThat(project.cli("run", "orders", "--only-sinks", "documents")).isEqualTo(1);
        assertThat(project.err()).anyMatch(l -> l.contains("matchBy must be fields with a unique index in orders"));
        assertThat(documents().countDocuments()).isEqualTo(2);
    }

    private static void assertFound(
            UserProject project, String sink, int adopted, int different, int missing, int surplus) throws Exception {
        assertThat(project.json().at("/sinks/" + sink + "/adopted").asInt())
                .as(sink)
                .isEqualTo(adopted);
        assertThat(project.json().at("/sinks/" + sink + "/different").asInt())
                .as(sink)
                .isEqualTo(different);
        assertThat(project.json().at("/sinks/" + sink + "/missing").asInt())
                .as(sink)
                .isEqualTo(missing);
        assertThat(project.json().at("/sinks/" + sink + "/surplus").asInt())
                .as(sink)
                .isEqualTo(surplus);
    }

    /** All but one order, one in another form, and one that the source does not have. */
    private void anotherSystemFilledTheStores() throws SQLException {
        documents().createIndex(Indexes.ascending("order_id"), new IndexOptions().unique(true));
        List<Document> all = new ArrayList<>();
        for (int i = 0; i < ORDERS; i++) {
            if (i != 9) all.add(order(i).append("seen_by", "old"));
        }
        all.get(7).put("quantity", 99);
        all.add(new Document("order_id", "old").append("quantity", 1).append("item", "gone"));
        documents().insertMany(all);
        execute("create table orders (id serial primary key, order_id text not null unique, quantity bigint, item text,"
                + " seen_by text default 'old')");
        execute("insert into orders (order_id, quantity, item) select 'o' || i, i, 'item ' || i from"
                + " generate_series(0, " + (ORDERS - 1) + ") i");
        execute("update orders set quantity = 99 where order_id = 'o7'");
        execute("insert into orders (order_id, quantity, item) values ('old', 1, 'gone')");
    }

    private static Document order(int i) {
        return new Document("_id", new ObjectId())
                .append("order_id", "o" + i)
                .append("quantity", i)
                .append("item", "item " + i);
    }

    private static String csv() {
        StringBuilder text = new StringBuilder("order_id,quantity,item\n");
        for (int i = 0; i < ORDERS; i++) text.append("o%d,%d,item %d%n".formatted(i, i, i));
        return text.toString();
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        for (String feature : new String[] {"ledger", "warehouse"}) {
            settings.put("caravan." + feature + ".uri", database.uri());
            settings.put("caravan." + feature + ".user", database.user());
            settings.put("caravan." + feature + ".password", database.password());
        }
        settings.put("caravan.documents.uri", TestStores.mongo().uri());
        return settings;
    }

    private MongoCollection<Document> documents() {
        return client.getDatabase("adopt_stores").getCollection("orders");
    }

    private Map<Object, Object> ids() {
        Map<Object, Object> ids = new TreeMap<>();
        documents().find().forEach(d -> ids.put(d.get("order_id"), d.get("_id")));
        return ids;
    }

    private List<String> texts(String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Connection c = connection();
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery(sql)) {
            while (r.next()) texts.add(r.getString(1));
        }
        return texts;
    }

    private void execute(String sql) throws SQLException {
        try (Connection c = connection();
                Statement s = c.createStatement()) {
            s.execute(sql);
        }
    }

    private Connection connection() throws SQLException {
        return DriverManager.getConnection(database.uri(), database.user(), database.password());
    }

    private static final String TABLE = """
            table: orders
            columns:
              - {name: order_id, type: text, key: true}
              - {name: quantity, type: bigint}
              - {name: item, type: text}
            """;

    private static final String ROUTE = """
            - route:
                id: orders
                from:
                  uri: kamelet:objects-source
                  parameters:
                    pipeline: orders
                    input: "%s"
                    namePattern: "*.csv"
                    format: csv
                    columns: order_id,quantity,item
                    keyFields: order_id
                  steps:
                    - to:
                        id: convert-types
                        uri: kamelet:convert-types-action
                        parameters:
                          types: "quantity=integer"
                    - multicast:
                        id: write-everywhere
                        steps:
                          - to:
                              id: write-documents
                              uri: kamelet:mongodb-sink
                              parameters:
                                sink: documents
                                uri: "RAW({{caravan.documents.uri}})"
                                database: adopt_stores
                                collection: orders
                                matchBy: order_id
                                otherFields: keep
                          - to:
                              id: write-table
                              uri: kamelet:warehouse-sink
                              parameters:
                                sink: warehouse
                                uri: "RAW({{caravan.warehouse.uri}})"
                                user: "RAW({{caravan.warehouse.user}})"
                                password: "RAW({{caravan.warehouse.password}})"
                                table: orders/table.yaml
            """;
}
