package io.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import io.caravan.local.Endpoint;
import io.caravan.local.TestNeo4j;
import io.caravan.local.TestStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.neo4j.driver.Session;

/** What docs/migration.md says to type, to leave nothing of Caravan in a store, typed at real stores. */
class MigrationPageTest {

    @Test
    void postgresqlsLineTakesTheMarkersAway() throws Exception {
        Endpoint database = TestStores.freshDatabase();
        try (Connection c = DriverManager.getConnection(database.uri(), database.user(), database.password());
                Statement s = c.createStatement()) {
            s.execute("create table caravan_markers (owner text primary key)");
            for (String line : typed("PostgreSQL")) s.execute(line);
            assertThat(tables(s)).isZero();
        }
    }

    private static int tables(Statement s) throws SQLException {
        try (ResultSet r = s.executeQuery("select count(*) from pg_tables where tablename = 'caravan_markers'")) {
            r.next();
            return r.getInt(1);
        }
    }

    @Test
    void mongosLinesTakeMarkersAndFieldsAway() throws IOException {
        try (MongoClient client = MongoClients.create(TestStores.mongo().uri())) {
            MongoDatabase database = client.getDatabase("migration_page");
            database.drop();
            database.getCollection("caravan_markers").insertOne(new Document("_id", "p/documents"));
            database.getCollection("orders")
                    .insertOne(new Document("_id", 1)
                            .append("total", 2)
                            .append("ingested_at", "now")
                            .append("source", "a")
                            .append("exact_times", new Document()));
            List<String> lines = typed("MongoDB");
            assertThat(lines).hasSize(2);
            lines.forEach(line -> type(database, line));
            assertThat(database.listCollectionNames().into(new ArrayList<>())).containsExactly("orders");
            assertThat(database.getCollection("orders").find().first())
                    .isEqualTo(new Document("_id", 1).append("total", 2));
            database.drop();
        }
    }

    /** What mongosh does with the line; there is none here. */
    private static void type(MongoDatabase database, String line) {
        Matcher call = Pattern.compile("db\\.(\\w+)\\.(\\w+)\\((.*)\\)").matcher(line);
        assertThat(call.matches()).as(line).isTrue();
        List<BsonDocument> arguments = BsonArray.parse("[" + call.group(3) + "]").stream()
                .map(argument -> argument.asDocument())
                .toList();
        switch (call.group(2)) {
            case "drop" -> database.getCollection(call.group(1)).drop();
            case "updateMany" -> database.getCollection(call.group(1)).updateMany(arguments.get(0), arguments.get(1));
            default -> throw new IllegalArgumentException(line);
        }
    }

    @Test
    void neo4jsLinesTakeMarkersAndConstraintsAway() throws IOException {
        TestNeo4j.clear();
        try (Session session = TestNeo4j.driver().session()) {
            session.run("CREATE (:CaravanMarker {owner: 'p/graph'}), (:Page {id: 1})")
                    .consume();
            session.run("CREATE CONSTRAINT migration_page FOR (n:Page) REQUIRE n.id IS UNIQUE")
                    .consume();
            for (String line : typed("Neo4j")) {
                session.run(line.replace("<name>", "migration_page").replaceFirst(";$", ""))
                        .consume();
            }
            assertThat(session.run("MATCH (n) RETURN labels(n)[0] AS label")
                            .list(r -> r.get("label").asString()))
                    .containsExactly("Page");
            assertThat(session.run("SHOW CONSTRAINTS YIELD name WHERE name = 'migration_page' RETURN name")
                            .list())
                    .isEmpty();
        }
        TestNeo4j.clear();
    }

    private static List<String> typed(String store) throws IOException {
        String row = Files.readAllLines(Path.of("docs/migration.md")).stream()
                .filter(line -> line.startsWith("| " + store + " |") && line.contains("arker"))
                .findFirst()
                .orElseThrow();
        String cell = row.substring(row.lastIndexOf(" | ", row.length() - 3));
        List<String> typed = new ArrayList<>();
        Matcher code = Pattern.compile("`([^`]+)`").matcher(cell);
        while (code.find()) typed.add(code.group(1));
        assertThat(typed).as(row).isNotEmpty();
        return typed;
    }
}
