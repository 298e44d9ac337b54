package io.caravan.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import io.caravan.run.Mode;
import io.caravan.run.RunReport;
import io.caravan.run.RunReport.Status;
import io.caravan.run.RunRequest;
import io.caravan.run.YamlPipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.bson.Document;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that hold what objects, PostgreSQL or MongoDB say of them: sent again when that changes, and no others. */
class LookupPipelineTest {

    private static final String ROUTE = """
            - route:
                id: look
                from:
                  uri: direct:look
                  steps:
                  - to: {uri: kamelet:lookup-action, parameters: {%s, keyFields: dept, referenceKey: code, fields: "dept_name=name"}}
            - route:
                id: people
                from:
                  uri: kamelet:objects-source
                  parameters: {pipeline: people, input: "{{folder}}/in", format: csv, keyFields: id, prepare: direct:look}
                  steps:
                  - to: {uri: kamelet:objects-sink, parameters: {sink: out, output: "{{folder}}/out", format: jsonl, compression: none}}
            """;

    /** Says something else of a department, or nothing any more. */
    private interface Change {
        void of(String code, String name) throws Exception;
    }

    @TempDir
    Path folder;

    private final Properties settings = new Properties();

    @BeforeEach
    void people() throws IOException {
        settings.setProperty("folder", folder.toString());
        Files.createDirectory(folder.resolve("in"));
        StringBuilder people = new StringBuilder("id,dept\n");
        for (int i = 1; i <= 9; i++)
            people.append(i).append(',').append(i % 3 + 1).append('\n');
        Files.writeString(folder.resolve("in/people.csv"), people);
    }

    @Test
    void ofAFile() throws Exception {
        Path reference = folder.resolve("departments.csv");
        List<String> names = new ArrayList<>(List.of("One", "Two", "Three"));
        Change change = (code, name) -> {
            names.set(Integer.parseInt(code) - 1, name);
            StringBuilder rows = new StringBuilder("code,name\n");
            for (int i = 0; i < 3; i++)
                if (names.get(i) != null)
                    rows.append(i + 1).append(',').append(names.get(i)).append('\n');
            Files.writeString(reference, rows);
        };
        change.of("1", "One");
        follows("uri: \"" + reference + "\"", change);
    }

    @Test
    void ofAQuery() throws Exception {
        Endpoint database = TestStores.freshDatabase();
        try (Connection c = DriverManager.getConnection(database.uri(), database.user(), database.password());
                Statement s = c.createStatement()) {
            s.execute("create table department (code int primary key, name text)");
            s.execute("insert into department values (1, 'One'), (2, 'Two'), (3, 'Three')");
            settings.setProperty("jdbc", database.uri());
            settings.setProperty("user", database.user());
            settings.setProperty("password", database.password());
            follows(
                    "uri: \"RAW({{jdbc}})\", user: \"{{user}}\", password: \"RAW({{password}})\","
                            + " query: \"select code, name from department\"",
                    (code, name) -> s.execute(
                            name == null
                                    ? "delete from department where code = " + code
                                    : "update department set name = '" + name + "' where code = " + code));
        }
    }

    @Test
    void ofACollection() throws Exception {
        settings.setProperty("mongo", TestStores.mongo().uri());
        try (MongoClient client = MongoClients.create(TestStores.mongo().uri())) {
            MongoCollection<Document> departments =
                    client.getDatabase("lookup_test").getCollection("departments");
            departments.drop();
            for (int i = 0; i < 3; i++)
                departments.insertOne(new Document("code", i + 1)
                        .append("name", List.of("One", "Two", "Three").get(i)));
            follows("uri: \"RAW({{mongo}})\", database: lookup_test, collection: departments", (code, name) -> {
                var its = Filters.eq("code", Integer.valueOf(code));
                if (name == null) departments.deleteOne(its);
                else departments.updateOne(its, Updates.set("name", name));
            });
            departments.drop();
        }
    }

    private void follows(String reference, Change change) throws Exception {
        try (YamlPipeline people =
                new YamlPipeline(folder, "people", ROUTE.formatted(reference), TestStores.freshDatabase(), settings)) {
            RunReport first = people.run(Mode.RUN);
            assertThat(first.sinks().get("out").written()).as("%s", first).isEqualTo(9);
            assertThat(out()).contains("\"dept_name\":\"One\"", "\"dept_name\":\"Two\"", "\"dept_name\":\"Three\"");
            assertThat(people.run(Mode.RUN).sinks().get("out").written()).isZero();

            change.of("2", "Another");
            assertThat(people.run(Mode.PLAN).sinks().get("out").updates()).isEqualTo(3);
            assertThat(people.run(Mode.RUN).sinks().get("out").written()).isEqualTo(3);
            assertThat(out()).contains("\"dept_name\":\"Another\"").doesNotContain("Two");
            assertThat(people.run(RunRequest.of(Mode.VERIFY).comparingContents(true))
                            .status())
                    .isEqualTo(Status.SUCCEEDED);

            change.of("3", null);
            RunReport gone = people.run(Mode.RUN);
            assertThat(gone.status()).isEqualTo(Status.PARTIAL);
            assertThat(gone.openDeadLetters()).isEqualTo(3);
            assertThat(gone.sinks().get("out").written()).isZero();
            assertThat(people.run(Mode.RUN).sinks().get("out").written()).isZero();
        }
    }

    private String out() throws IOException {
        try (var all = Files.walk(folder.resolve("out"))) {
            StringBuilder text = new StringBuilder();
            for (Path file : all.filter(f -> f.toString().endsWith(".jsonl")).toList())
                text.append(Files.readString(file));
            return text.toString();
        }
    }
}
