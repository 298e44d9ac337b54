package io.caravan.bench;

import static io.caravan.endpoint.TestContext.knownTo;

import io.caravan.delivery.Sink;
import io.caravan.graph.Neo4jSink;
import io.caravan.local.Endpoint;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Session;

/** Orders and their customers in Neo4j. */
final class GraphWriting implements Writing {

    private final Endpoint server;
    private final Driver driver;

    GraphWriting(Endpoint server) {
        this.server = server;
        this.driver = GraphDatabase.driver(server.uri(), AuthTokens.basic(server.user(), server.password()));
    }

    @Override
    public String name() {
        return "neo4j-sink";
    }

    @Override
    public int rated() {
        return 20_000;
    }

    @Override
    public int keys() {
        return 10_000;
    }

    @Override
    public void empty() {
        try (Session session = driver.session()) {
            session.run("MATCH (n) CALL { WITH n DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS")
                    .consume();
            for (String name : session.run("SHOW CONSTRAINTS YIELD name")
                    .list(r -> r.get("name").asString())) {
                session.run("DROP CONSTRAINT `" + name + "`").consume();
            }
        }
    }

    @Override
    public Bare bare() {
        return Bare.of(new PlainGraph(server));
    }

    @Override
    public Sink sink() {
        return knownTo(new Neo4jSink(
                "graph", server.uri(), server.user(), server.password(), "neo4j", "bench/graph.yaml", 10_000, 60_000));
    }

    @Override
    public long held() {
        try (Session session = driver.session()) {
            return session.run("MATCH (:Customer)-[r:PLACED]->(:Order) RETURN count(r) AS n")
                    .single()
                    .get("n")
                    .asLong();
        }
    }

    @Override
    public void close() {
        driver.close();
    }
}
