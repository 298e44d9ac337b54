package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.http.ApiServer;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns of a table and fields of an API that come, go or change their kind: decided by the same settings as those of objects. */
class DriftOfTablesAndApisTest {

    private static final String ROUTE = """
            - route:
                id: people
                from:
                  uri: kamelet:SOURCE-source
                  parameters:
                    pipeline: people
                    keyFields: id
                    newColumns: "{{new}}"
                    missingColumns: "{{missing}}"
                    typeChanges: "{{types}}"
                    PARAMETERS
                  steps:
                    - to:
                        uri: kamelet:objects-sink
                        parameters: {sink: out, output: "OUT", format: jsonl, compression: none, partitions: 1}
            """;

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private final Map<String, String> settings = new HashMap<>();
    private UserProject project;

    /** Makes the source hold one person more, whose row is the JSON. */
    @FunctionalInterface
    private interface Holding {
        void rows(String... json) throws Exception;
    }

    @BeforeEach
    void project() {
        project = new UserProject(folder);
        settings.put("caravan.ledger.uri", database.uri());
        settings.put("caravan.ledger.user", database.user());
        settings.put("caravan.ledger.password", database.password());
    }

    @Test
    void aTable() throws Exception {
        settings.put("db.uri", database.uri());
        settings.put("db.user", database.user());
        settings.put("db.password", database.password());
        route("jdbc", """
                uri: "{{db.uri}}"
                user: "{{db.user}}"
                password: "{{db.password}}"
                name: staff
                query: select * from people""");
        decided("staff", rows -> {
            sql("drop table if exists people");
            // a column is there when some row has it, and is a text as soon as one of its values is
            String all = "'[" + String.join(",", rows) + "]'::jsonb";
            String columns = "";
            for (String column : new String[] {"age", "mail"}) {
                if (Stream.of(rows).noneMatch(row -> row.contains('"' + column + '"'))) continue;
                boolean text = Stream.of(rows).anyMatch(row -> row.contains('"' + column + "\":\""));
                columns += ", (r->>'" + column + "')::" + (text ? "text" : "int") + " as " + column;
            }
            sql("create table people as select (r->>'id')::int as id" + columns + " from jsonb_array_elements(" + all
                    + ") r");
        });
    }

    @Test
    void anApi() throws Exception {
        String[] list = {"[]"};
        try (ApiServer api = new ApiServer(exchange -> ApiServer.answer(exchange, 200, list[0]))) {
            route("http", "url: \"" + api.url("/staff") + "\"");
            decided(api.url("/staff"), rows -> list[0] = "[" + String.join(",", rows) + "]");
        }
    }

    private void decided(String where, Holding holding) throws Exception {
        rules("add", "allow", "allow");
        holding.rows("{\"id\":1,\"age\":31}", "{\"id\":2,\"age\":7}");
        assertThat(run()).as("%s", project.err()).isZero();
        assertThat(said()).as("the first run learns").doesNotContain("column");

        rules("ignore", "allow", "allow");
        holding.rows("{\"id\":1,\"age\":31}", "{\"id\":3,\"age\":8,\"mail\":\"c@x\"}");
        assertThat(run()).as("%s", project.err()).isZero();
        assertThat(said())
                .contains("people: column 'mail' (text) is new in " + where + ", and is left out (newColumns: ignore)");
        assertThat(written()).contains("3").doesNotContain("mail");

        rules("add", "fail", "allow");
        assertThat(run()).as("%s", project.err()).isZero();
        assertThat(written()).contains("\"mail\":\"c@x\"");
        String before = written();
        holding.rows("{\"id\":1,\"mail\":\"a@x\"}", "{\"id\":4,\"mail\":\"d@x\"}");
        assertThat(run()).isEqualTo(1);
        assertThat(said())
                .contains(
                        "people: column 'age' (integer since run 1) must be there (missingColumns: fail), got id, mail in "
                                + where)
                .as("an object that is not read misses nothing")
                .doesNotContain("is in nothing that was read");
        assertThat(written()).as("nothing is deleted or written").isEqualTo(before);

        rules("add", "allow", "fail");
        holding.rows("{\"id\":1,\"age\":\"old\",\"mail\":\"a@x\"}", "{\"id\":4,\"age\":\"5\",\"mail\":\"d@x\"}");
        assertThat(run()).isEqualTo(1);
        assertThat(said())
                .contains("people: column 'age' must hold integer, as since run 1 (typeChanges: fail), got text 'old'");
        assertThat(written()).isEqualTo(before);

        rules("add", "allow", "allow");
        assertThat(run()).as("%s", project.err()).isZero();
        assertThat(said()).contains("column 'age' is text from " + where).contains("was integer since run 1");
        assertThat(written()).contains("\"old\"").doesNotContain("31");
        assertThat(project.cli("verify", "people", "--deep"))
                .as("%s", project.err())
                .isZero();
    }

    private int run() {
        return project.cli("run", "people", "--allow-deletes");
    }

    private String said() {
        return String.join("\n", project.out()) + "\n" + String.join("\n", project.err());
    }

    private void rules(String newColumns, String missing, String types) throws Exception {
        settings.put("new", newColumns);
        settings.put("missing", missing);
        settings.put("types", types);
        project.settings(settings);
    }

    private void sql(String sql) throws SQLException {
        try (Connection c = TestStores.dataSource(database).getConnection();
                Statement statement = c.createStatement()) {
            statement.execute(sql);
        }
    }

    private void route(String source, String parameters) throws IOException {
        project.write(
                "routes/people/people.camel.yaml",
                ROUTE.replace("SOURCE", source)
                        .replace("PARAMETERS", parameters.strip().replace("\n", "\n        "))
                        .replace("OUT", folder.resolve("out").toString()));
    }

    private String written() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder.resolve("out"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) all.append(Files.readString(file));
        }
        return all.toString();
    }
}
