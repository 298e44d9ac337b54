package io.caravan.bench;

import io.caravan.bench.PlainLoader.Order;
import io.caravan.local.Endpoint;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Session;

/** Orders into Neo4j: one UNWIND a batch that merges the order, its customer and the relationship. */
final class PlainGraph implements PlainLoader.Store {

    private static final String MERGE = "UNWIND $rows AS row MERGE (o:Order {order_id: row.order_id})"
            + " SET o += row.properties MERGE (c:Customer {customer_id: row.customer_id}) MERGE (c)-[:PLACED]->(o)";

    private final Driver driver;
    private final Session session;

    PlainGraph(Endpoint server) {
        driver = GraphDatabase.driver(server.uri(), AuthTokens.basic(server.user(), server.password()));
        session = driver.session();
        constrain("Order", "order_id");
        constrain("Customer", "customer_id");
    }

    @Override
    public void write(List<Order> batch) {
        List<Map<String, Object>> rows = batch.stream()
                .map(o -> Map.<String, Object>of(
                        "order_id", o.id(), "customer_id", o.customer(), "properties", properties(o)))
                .toList();
        session.executeWriteWithoutResult(
                tx -> tx.run(MERGE, Map.of("rows", rows)).consume());
    }

    @Override
    public void close() {
        session.close();
        driver.close();
    }

    private static Map<String, Object> properties(Order o) {
        return Map.of(
                "product",
                o.product(),
                "quantity",
                o.quantity(),
                "paid",
                o.paid(),
                "ordered_at",
                o.orderedAt().atZone(ZoneOffset.UTC),
                "note",
                o.note());
    }

    private void constrain(String label, String key) {
        session.run("CREATE CONSTRAINT IF NOT EXISTS FOR (n:" + label + ") REQUIRE n." + key + " IS UNIQUE")
                .consume();
    }
}
