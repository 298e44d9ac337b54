package io.caravan.bookclub;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import io.caravan.embedding.TinyModel;
import io.caravan.encryption.KeysFile;
import io.caravan.encryption.KeysJson;
import io.caravan.local.Endpoint;
import io.caravan.local.TestNeo4j;
import io.caravan.local.TestStores;
import io.caravan.run.RunReport;
import io.caravan.run.RunRequest;
import io.caravan.sheets.SheetsStub;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.main.Main;
import org.bson.Document;
import org.neo4j.driver.Session;

/** The book club's chain as it ships, with a small spreadsheet, stores of its own and the graph of the test JVM, which it empties. */
final class BookclubStores implements AutoCloseable {

    static final List<String> PHASES =
            List.of("bookclub-extract", "bookclub-images", "bookclub-publish", "bookclub-graph");

    static final String ARCHIVE = "deletions";

    final Spreadsheet spreadsheet = new Spreadsheet();
    final Path folder;
    final Path keys;
    private final Endpoint ledger = TestStores.freshDatabase();
    private final MongoClient mongo = MongoClients.create(TestStores.mongo().uri());
    private final String name;
    private final Path model;

    /** {@code name}: of its databases. */
    BookclubStores(Path folder, String name) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.name = name;
        this.keys = folder.resolve("keys.json");
        this.model = new TinyModel(folder.resolve("tiny")).folder();
        staging().drop();
        main().drop();
        TestNeo4j.clear();
        new KeysFile(keys).change(Optional.of(KeysJson.empty(Optional.empty())), KeysJson::add);
    }

    /** All settings that ship, with those of these stores. */
    Properties properties() throws IOException {
        Properties p = new Properties();
        try (Reader shipped = Files.newBufferedReader(Path.of("application.properties"))) {
            p.load(shipped);
        }
        p.setProperty(
                "camel.main.routes-include-pattern",
                "classpath:routes/errors.camel.yaml,classpath:routes/bookclub/*.camel.yaml");
        endpoint(p, "ledger", ledger);
        endpoint(p, "graph", TestNeo4j.endpoint());
        p.setProperty("caravan.documents.uri", TestStores.mongo().uri());
        p.setProperty("caravan.delivery.retries", "1");
        p.setProperty("caravan.delivery.retryDelayMillis", "1");
        p.setProperty("caravan.bookclub.spreadsheet", SheetsStub.ID);
        p.setProperty("caravan.bookclub.sheetsEndpoint", spreadsheet.sheets.server.url(""));
        p.setProperty("caravan.bookclub.staging.database", staging().getName());
        p.setProperty("caravan.bookclub.main.database", main().getName());
        p.setProperty("caravan.bookclub.images.output", images().toString());
        p.setProperty("caravan.bookclub.images.allowHosts", spreadsheet.coversHost());
        p.setProperty("caravan.encryption.keysFile", keys.toString());
        p.setProperty("caravan.encryption.cleartextKeys", "true");
        p.setProperty("caravan.embedding.model", model.toString());
        return p;
    }

    private static void endpoint(Properties p, String store, Endpoint endpoint) {
        p.setProperty("caravan." + store + ".uri", endpoint.uri());
        p.setProperty("caravan." + store + ".user", endpoint.user());
        p.setProperty("caravan." + store + ".password", endpoint.password());
    }

    /** A process of this JVM that runs the pipelines; to be stopped by who asks. */
    Main start() throws Exception {
        return start(Map.of());
    }

    Main start(Map<String, String> settings) throws Exception {
        Main main = new Main();
        main.setDefaultPropertyPlaceholderLocation("false");
        Properties p = properties();
        p.putAll(settings);
        main.setOverrideProperties(p);
        main.start();
        return main;
    }

    static RunReport run(Main main, String pipeline, RunRequest request) throws Exception {
        Exchange exchange =
                main.getCamelTemplate().request("direct:" + pipeline, e -> e.setVariable(RunRequest.VARIABLE, request));
        return RunReport.of(exchange);
    }

    MongoDatabase staging() {
        return mongo.getDatabase(name + "_staging");
    }

    MongoDatabase main() {
        return mongo.getDatabase(name + "_main");
    }

    Path images() {
        return folder.resolve("images");
    }

    /** The names of the covers that are kept. */
    List<String> covers() throws IOException {
        Path covers = images().resolve("cover-art");
        if (!Files.exists(covers)) return List.of();
        try (Stream<Path> all = Files.list(covers)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Every document of a record, by collection and {@code _id}. */
    static Map<String, Document> documents(MongoDatabase database) {
        Map<String, Document> all = new TreeMap<>();
        for (String collection : database.listCollectionNames()) {
            if (collection.equals(ARCHIVE) || collection.equals("caravan_markers")) continue;
            for (Document document : database.getCollection(collection).find()) {
                all.put(collection + " " + document.get("_id"), document);
            }
        }
        return all;
    }

    /** Every node and relationship of the graph, by what it is, with its properties. */
    static Map<String, String> graph() {
        Map<String, String> held = new TreeMap<>();
        try (Session session = TestNeo4j.driver().session()) {
            session.run("MATCH (n) WHERE n._id IS NOT NULL RETURN labels(n)[0] + ' ' + n._id, n {.*}")
                    .forEachRemaining(row -> held.put(
                            row.get(0).asString(), new TreeMap<>(row.get(1).asMap()).toString()));
            session.run("MATCH (n)-[r]->(m) RETURN labels(n)[0] + ' ' + n._id + ' ' + type(r) + ' ' + labels(m)[0]"
                            + " + ' ' + m._id, r {.*}")
                    .forEachRemaining(row -> held.put(
                            row.get(0).asString(), new TreeMap<>(row.get(1).asMap()).toString()));
        }
        return held;
    }

    /** The first column of what the ledger answers. */
    List<String> ledger(String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection c = TestStores.dataSource(ledger).getConnection();
                ResultSet rows = c.createStatement().executeQuery(sql)) {
            while (rows.next()) found.add(rows.getString(1));
        }
        return found;
    }

    @Override
    public void close() {
        spreadsheet.close();
        mongo.close();
    }
}
