package io.caravan;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import io.caravan.local.Endpoint;
import io.caravan.local.TestNeo4j;
import io.caravan.local.TestStores;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunRequest;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.Exchange;
import org.apache.camel.main.Main;
import org.bson.Document;
import org.neo4j.driver.Session;

/** The personalization pipeline as it ships, on plain Camel, with stores of its own. */
final class PersonalizationStores implements AutoCloseable {

    final Endpoint postgres = TestStores.freshDatabase();
    final MongoCollection<Document> documents;
    private final MongoClient mongo;
    private final Properties properties;
    private Main main;

    PersonalizationStores(Path input, Path vectors) throws Exception {
        this(input, vectors, Map.of());
    }

    /** With these settings over those of the stores. */
    PersonalizationStores(Path input, Path vectors, Map<String, String> settings) throws Exception {
        TestNeo4j.clear();
        mongo = MongoClients.create(TestStores.mongo().uri());
        mongo.getDatabase("marketing_db").drop();
        documents = mongo.getDatabase("marketing_db").getCollection("user_messages");
        properties = properties(input, vectors);
        start(settings);
    }

    /** The pipeline again, with these settings over those of the stores, which stay as they are. */
    void restart(Map<String, String> settings) throws Exception {
        main.stop();
        start(settings);
    }

    /** What the pipeline is given, with these settings over those of the stores. */
    Properties with(Map<String, String> settings) {
        Properties all = new Properties();
        all.putAll(properties);
        all.putAll(settings);
        return all;
    }

    private void start(Map<String, String> settings) throws Exception {
        main = new Main();
        main.setOverrideProperties(with(settings));
        main.start();
    }

    private Properties properties(Path input, Path vectors) {
        Properties p = new Properties();
        p.setProperty(
                "camel.main.routes-include-pattern",
                "classpath:routes/errors.camel.yaml,classpath:routes/personalization/*.camel.yaml");
        p.setProperty("caravan.personalization.input", input.toString());
        p.setProperty("caravan.delivery.retries", "1");
        p.setProperty("caravan.delivery.retryDelayMillis", "1");
        p.setProperty("caravan.vectors.path", vectors.toString());
        p.setProperty("caravan.documents.uri", TestStores.mongo().uri());
        endpoint(p, "ledger", postgres);
        endpoint(p, "warehouse", postgres);
        endpoint(p, "graph", TestNeo4j.endpoint());
        return p;
    }

    private static void endpoint(Properties p, String store, Endpoint endpoint) {
        p.setProperty("caravan." + store + ".uri", endpoint.uri());
        p.setProperty("caravan." + store + ".user", endpoint.user());
        p.setProperty("caravan." + store + ".password", endpoint.password());
    }

    RunReport run() throws Exception {
        return send(RunRequest.of(Mode.RUN));
    }

    RunReport runAllowingDeletes() throws Exception {
        return send(RunRequest.of(Mode.RUN).allowingDeletes(true));
    }

    RunReport verify() throws Exception {
        return send(RunRequest.of(Mode.VERIFY).comparingContents(true));
    }

    RunReport send(RunRequest request) throws Exception {
        Exchange exchange = main.getCamelTemplate()
                .request("direct:personalization", e -> e.setVariable(RunRequest.VARIABLE, request));
        return RunReport.of(exchange);
    }

    long graph(String cypherOfOneNumber) {
        try (Session session = TestNeo4j.driver().session()) {
            return session.run(cypherOfOneNumber).single().get(0).asLong();
        }
    }

    long warehouse(String sqlOfOneNumber) throws SQLException {
        try (Connection c = TestStores.dataSource(postgres).getConnection();
                ResultSet r = c.createStatement().executeQuery(sqlOfOneNumber)) {
            r.next();
            return r.getLong(1);
        }
    }

    void change(String sql) throws SQLException {
        try (Connection c = TestStores.dataSource(postgres).getConnection()) {
            c.createStatement().execute(sql);
        }
    }

    @Override
    public void close() {
        main.stop();
        mongo.close();
    }
}
