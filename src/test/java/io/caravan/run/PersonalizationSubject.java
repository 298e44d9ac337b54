package io.caravan.run;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import io.caravan.local.Endpoint;
import io.caravan.local.TestNeo4j;
import io.caravan.local.TestStores;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.FSDirectory;
import org.neo4j.driver.Session;

/** The personalization pipeline as it ships, into four stores of its own; the graph is emptied at its first change. */
final class PersonalizationSubject implements KillProof.Subject, AutoCloseable {

    private static final String[] MESSAGES = {"hello", "looking for shoes", "thank you", "", "where is my parcel?"};
    private static final String[] CAMPAIGNS = {"Spring", "Summer", "", "Autumn", "", "Winter"};

    private final Endpoint database = TestStores.freshDatabase();
    private final MongoServer mongo = new MongoServer(H2Backend.inMemory());
    private final String mongoUri = mongo.bindAndGetConnectionString();
    private final Path folder;
    private final int records;
    private boolean begun;

    PersonalizationSubject(Path folder, int records) throws IOException {
        this.folder = folder;
        this.records = records;
        Files.createDirectories(input());
    }

    @Override
    public Path properties() throws IOException {
        Properties p = new Properties();
        try (Reader shipped = Files.newBufferedReader(Path.of("application.properties"))) {
            p.load(shipped);
        }
        p.setProperty(
                "camel.main.routes-include-pattern",
                "classpath:routes/errors.camel.yaml,classpath:routes/personalization/ingest-events.camel.yaml");
        p.setProperty("caravan.personalization.input", folder.toString());
        p.setProperty("caravan.vectors.path", folder.resolve("vectors").toString());
        p.setProperty("caravan.documents.uri", mongoUri);
        endpoint(p, "ledger", database);
        endpoint(p, "warehouse", database);
        endpoint(p, "graph", TestNeo4j.endpoint());
        Path file = folder.resolve("child.properties");
        try (Writer out = Files.newBufferedWriter(file)) {
            p.store(out, null);
        }
        return file;
    }

    private static void endpoint(Properties p, String store, Endpoint endpoint) {
        p.setProperty("caravan." + store + ".uri", endpoint.uri());
        p.setProperty("caravan." + store + ".user", endpoint.user());
        p.setProperty("caravan." + store + ".password", endpoint.password());
    }

    /** Every round changes most events, takes some away, gives some back, moves some to the other file. */
    @Override
    public void change(int round) throws IOException {
        if (!begun) TestNeo4j.clear();
        begun = true;
        try (Writer a = file("a");
                Writer b = file("b")) {
            a.write("record_id,user_id,message,campaign,timestamp\n");
            b.write("record_id,user_id,message,campaign,timestamp\n");
            for (int i = 0; i < records; i++) {
                if ((i + round) % 31 == 0) continue;
                int form = (i * 7 + round) / 2;
                Writer to = (i + round / 3) % 500 < 300 ? a : b;
                to.write("e" + i + ",user_" + form % 97 + "," + MESSAGES[form % MESSAGES.length] + ","
                        + CAMPAIGNS[form % CAMPAIGNS.length] + ",2025-11-03 22:34:4" + form % 10 + ".495680\n");
            }
        }
    }

    private Writer file(String name) throws IOException {
        return Files.newBufferedWriter(input().resolve("ai_marketing_personlization_" + name + ".csv"));
    }

    private Path input() {
        return folder.resolve("user_data");
    }

    @Override
    public Map<String, Map<String, String>> contents() throws Exception {
        return Map.of("documents", documents(), "vectors", vectors(), "graph", graph(), "warehouse", warehouse());
    }

    private Map<String, String> documents() {
        Map<String, String> held = new TreeMap<>();
        try (MongoClient client = MongoClients.create(mongoUri)) {
            for (org.bson.Document d : client.getDatabase("marketing_db")
                    .getCollection("user_messages")
                    .find()) {
                d.remove("ingested_at");
                d.remove("source"); // the line it had when it was last written
                held.put(d.getString("_id"), d.toJson());
            }
        }
        return held;
    }

    private Map<String, String> vectors() throws IOException {
        Map<String, String> held = new TreeMap<>();
        try (DirectoryReader reader = DirectoryReader.open(FSDirectory.open(index()))) {
            IndexSearcher all = new IndexSearcher(reader);
            for (ScoreDoc hit : all.search(new MatchAllDocsQuery(), Math.max(1, reader.numDocs())).scoreDocs) {
                Document document = all.storedFields().document(hit.doc);
                Map<String, String> fields = new TreeMap<>();
                for (IndexableField field : document) fields.put(field.name(), String.valueOf(field.stringValue()));
                held.put(fields.toString(), "");
            }
        }
        return held;
    }

    private Path index() throws IOException {
        try (var files = Files.walk(folder.resolve("vectors"))) {
            return files.filter(f -> f.getFileName().toString().startsWith("segments_"))
                    .findFirst()
                    .orElseThrow()
                    .getParent();
        }
    }

    private static Map<String, String> graph() {
        Map<String, String> held = new TreeMap<>();
        try (Session session = TestNeo4j.driver().session()) {
            session.run("MATCH (n) WHERE NOT n:CaravanMarker"
                            + " RETURN labels(n)[0] + ' ' + coalesce(n.record_id, n.user_id, n.campaign), n {.*}")
                    .forEachRemaining(row -> held.put(
                            row.get(0).asString(), new TreeMap<>(row.get(1).asMap()).toString()));
            session.run("MATCH (n)-[r]->(m) RETURN type(r) + ' ' + coalesce(n.record_id, n.user_id) + ' '"
                            + " + coalesce(m.record_id, m.campaign), r {.*}")
                    .forEachRemaining(row ->
                            held.put(row.get(0).asString(), row.get(1).asMap().toString()));
        }
        return held;
    }

    private Map<String, String> warehouse() throws SQLException {
        Map<String, String> held = new TreeMap<>();
        try (Connection c = TestStores.dataSource(database).getConnection();
                ResultSet r = c.createStatement().executeQuery("select record_id, t::text from user_data t")) {
            while (r.next()) held.put(r.getString(1), r.getString(2));
        }
        return held;
    }

    @Override
    public void close() {
        mongo.shutdownNow();
    }
}
