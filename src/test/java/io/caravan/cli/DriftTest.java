package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Columns that come, go or change their kind: what a run, a plan and the history say of them, by settings of the source. */
class DriftTest {

    private static final String ROUTE = """
            - route:
                id: people
                from:
                  uri: kamelet:objects-source
                  parameters:
                    pipeline: people
                    input: "%s"
                    format: "{{format}}"
                    keyFields: id
                    newColumns: "{{new}}"
                    missingColumns: "{{missing}}"
                    typeChanges: "{{types}}"
                  steps:
                    - to:
                        uri: kamelet:objects-sink
                        parameters: {sink: out, output: "%s", format: jsonl, compression: none}
            """;

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private final Map<String, String> settings = new HashMap<>();
    private UserProject project;

    @BeforeEach
    void project() throws Exception {
        project = new UserProject(folder);
        project.write(
                "routes/people/people.camel.yaml", ROUTE.formatted(folder.resolve("data"), folder.resolve("out")));
        settings.put("caravan.ledger.uri", database.uri());
        settings.put("caravan.ledger.user", database.user());
        settings.put("caravan.ledger.password", database.password());
        settings.put("format", "csv");
        rules("add", "allow", "allow");
        project.write("data/a.csv", "id,age,since\n1,31,2031-02-03\n2,7,2031-02-04\n");
        assertThat(project.cli("run", "people")).as("%s", project.err()).isZero();
    }

    private void rules(String newColumns, String missing, String types) throws Exception {
        settings.put("new", newColumns);
        settings.put("missing", missing);
        settings.put("types", types);
        project.settings(settings);
    }

    @Test
    void theFirstRunLearnsTheColumnsAndSaysNothing() throws Exception {
        assertThat(project.out()).noneMatch(l -> l.contains("column"));
        assertThat(history()).containsExactly("since first date", "age first integer", "id first integer");
        assertThat(project.cli("run", "people")).isZero();
        assertThat(history()).as("nothing is news").hasSize(3);
    }

    @Test
    void aNewColumnIsReadAndSaid() throws Exception {
        project.write("data/b.csv", "id,age,mail,since\n3,8,c@x,2031-02-05\n");
        String said = "people: column 'mail' (text) is new in b.csv, and is read (newColumns: add)";
        assertThat(project.cli("plan", "people")).isZero();
        assertThat(all()).contains(said);
        assertThat(history()).as("a plan").hasSize(3);
        assertThat(project.cli("run", "people")).isZero();
        assertThat(all()).contains(said);
        assertThat(history()).first().isEqualTo("mail added text");
        assertThat(project.cli("audit", "people", "--columns")).isZero();
        assertThat(project.out().get(0)).matches(" *run +pipeline +started +column +change +kind +was +found in");
        assertThat(project.out().get(1)).matches(" *\\d+ +people +.* UTC +mail +added +text +b.csv");
        assertThat(project.cli("run", "people", "--full")).isZero();
        assertThat(all()).doesNotContain("mail");
        assertThat(written()).contains("c@x");
    }

    @Test
    void aNewColumnIsLeftOutUntilItIsAdded() throws Exception {
        rules("ignore", "allow", "allow");
        project.write("data/b.csv", "id,age,mail,since\n3,8,c@x,2031-02-05\n");
        assertThat(project.cli("run", "people")).as("%s", all()).isZero();
        assertThat(all())
                .contains("people: column 'mail' (text) is new in b.csv, and is left out (newColumns: ignore)");
        assertThat(written()).contains("2031-02-05").doesNotContain("mail");
        assertThat(project.cli("verify", "people", "--deep")).as("%s", all()).isZero();
        assertThat(project.cli("run", "people")).isZero();
        assertThat(all()).as("said once").doesNotContain("mail");
        rules("add", "allow", "allow");
        assertThat(project.cli("run", "people")).isZero();
        assertThat(written()).contains("\"mail\":\"c@x\"");
        assertThat(history()).startsWith("mail added text", "mail ignored text");
    }

    @Test
    void aNewColumnFailsItsObjectAndNoOther() throws Exception {
        rules("fail", "allow", "allow");
        project.write("data/b.csv", "id,age,mail,since\n3,8,c@x,2031-02-05\n");
        project.write("data/c.csv", "id,age,since\n4,9,2031-02-06\n");
        String said =
                "people: column 'mail' must be one of those known, id, age, since (newColumns: fail), got a new one of text 'c@x' in"
                        + " b.csv:2; nothing of the object was written. Correct the object, or run once with newColumns: add, or"
                        + " ignore, which the history of columns keeps";
        assertThat(project.cli("plan", "people")).isEqualTo(1);
        assertThat(all()).contains(said);
        assertThat(project.cli("run", "people")).isEqualTo(1);
        assertThat(all()).contains(said);
        assertThat(written()).contains("2031-02-06").doesNotContain("2031-02-05");
        rules("ignore", "allow", "allow");
        assertThat(project.cli("run", "people")).as("%s", all()).isZero();
        rules("fail", "allow", "allow");
        assertThat(project.cli("run", "people")).as("once is enough: %s", all()).isZero();
        assertThat(written()).contains("2031-02-05").doesNotContain("c@x");
        project.write("data/b.csv", "id,age,mail,since,fax\n3,8,c@x,2031-02-05,1\n");
        assertThat(project.cli("run", "people")).as("another: %s", all()).isEqualTo(1);
        rules("add", "allow", "allow");
        assertThat(project.cli("run", "people")).as("%s", all()).isZero();
        rules("fail", "allow", "allow");
        assertThat(project.cli("run", "people")).as("%s", all()).isZero();
        assertThat(written()).contains("c@x");
    }

    @Test
    void anotherKindOfValueIsSaidOrFailsItsObject() throws Exception {
        rules("add", "allow", "fail");
        project.write("data/b.csv", "id,age,since\n3,8.5,2031-02-05\n4,,2031-02-05\n5,n/a,2031-02-05\n");
        String since =
                ", as since run 1 (typeChanges: fail), got decimal '8.5' in b.csv:2; nothing of the object was written.";
        assertThat(project.cli("plan", "people")).isEqualTo(1);
        assertThat(all()).contains("people: column 'age' must hold integer" + since);
        assertThat(project.cli("run", "people")).isEqualTo(1);
        rules("add", "allow", "allow");
        assertThat(project.cli("run", "people")).as("%s", all()).isZero();
        assertThat(all())
                .contains("people: column 'age' is text from b.csv:2 on, was integer since run 1 (typeChanges: allow)");
        assertThat(history()).first().isEqualTo("age type text was integer");
        rules("add", "allow", "fail");
        project.write("data/c.csv", "id,age,since\n6,6,2031-02-06\n");
        assertThat(project.cli("run", "people"))
                .as("a number is a text, too: %s", all())
                .isZero();
    }

    @Test
    void aMissingColumnIsSaidOnceOrFailsItsObject() throws Exception {
        rules("add", "fail", "allow");
        project.write("data/a.csv", "id,since\n1,2031-02-03\n2,2031-02-04\n");
        String said =
                "people: column 'age' (integer since run 1) must be there (missingColumns: fail), got id, since in a.csv;"
                        + " nothing of the object was written.";
        assertThat(project.cli("plan", "people")).isEqualTo(1);
        assertThat(all()).contains(said);
        assertThat(project.cli("run", "people")).isEqualTo(1);
        assertThat(all()).contains(said);
        rules("add", "allow", "allow");
        assertThat(project.cli("run", "people")).isZero();
        assertThat(all())
                .contains(
                        "people: column 'age' (integer since run 1) is in nothing that was read (missingColumns: allow)");
        rules("add", "fail", "allow");
        project.write("data/a.csv", "id,since\n1,2031-02-03\n2,2031-02-05\n");
        assertThat(project.cli("run", "people"))
                .as("it is known to be gone: %s", all())
                .isZero();
        project.write("data/a.csv", "id,age,since\n1,3,2031-02-03\n2,4,2031-02-05\n");
        assertThat(project.cli("run", "people")).isZero();
        assertThat(all()).contains("people: column 'age' (integer) is there again in a.csv");
        assertThat(history()).startsWith("age back integer", "age missing integer");
    }

    /** Late in a large object: what stands before it is written, and again with the corrected object, once. */
    @Test
    void whatComesLateInAnObjectFailsTheRunThere() throws Exception {
        settings.put("format", "jsonl");
        rules("fail", "fail", "fail");
        project.write("data/a.csv", "{\"id\": 1, \"age\": 1, \"since\": \"2031-02-03\"}\n".repeat(1));
        StringBuilder rows = new StringBuilder();
        for (int i = 10; i < 3_010; i++)
            rows.append("{\"id\":%d,\"age\":%d,\"since\":\"2031-02-03\"}\n".formatted(i, i));
        project.write("data/b.csv", rows + "{\"id\":9999,\"age\":[1],\"since\":null}\n");
        assertThat(project.cli("run", "people", "--allow-deletes")).isEqualTo(1);
        assertThat(all())
                .contains(
                        "people: column 'age' must hold integer, as since run 1 (typeChanges: fail), got list '[1]' in b.csv:3001;"
                                + " nothing from there on was read.");
        project.write("data/b.csv", rows.toString());
        assertThat(project.cli("run", "people", "--allow-deletes"))
                .as("%s", all())
                .isZero();
        assertThat(project.cli("verify", "people", "--deep")).as("%s", all()).isZero();
    }

    @Test
    void aValueThatMayBePersonalIsNotTold() throws Exception {
        project.write("routes/people/schemas/people.yaml", """
                columns:
                  id: {type: integer}
                  age: {pii: drop}
                  since: {type: date}
                """);
        project.write(
                "routes/people/people.camel.yaml",
                ROUTE.formatted(folder.resolve("data"), folder.resolve("out"))
                                .replace("keyFields: id", "keyFields: id\n        prepare: direct:check-people")
                        + """
                        - route:
                            id: check-people
                            from:
                              uri: direct:check-people
                              steps:
                                - to:
                                    uri: kamelet:apply-schema-action
                                    parameters: {schema: people/schemas/people.yaml}
                        """);
        rules("add", "allow", "fail");
        project.write("data/a.csv", "id,age,since\n1,secret,2031-02-03\n2,7,2031-02-04\n");
        assertThat(project.cli("run", "people")).isEqualTo(1);
        assertThat(all())
                .contains(
                        "people: column 'age' must hold integer, as since run 1 (typeChanges: fail), got text in a.csv:2; nothing")
                .doesNotContain("secret");
        assertThat(texts("select reason || content from ledger.dead_letter")).noneMatch(l -> l.contains("secret"));
    }

    @Test
    void withoutTheSettingsNobodyLooks() throws Exception {
        rules("", "", "");
        project.write("data/b.csv", "id,age,mail,since\n3,old,c@x,2031-02-05\n");
        assertThat(project.cli("run", "people")).isZero();
        assertThat(all()).doesNotContain("column");
        assertThat(history()).hasSize(3);
        assertThat(project.cli("remove", "people")).isZero();
        assertThat(texts("select name from ledger.column_change")).isEmpty();
    }

    @Test
    void namesWithoutEndAreData() throws Exception {
        settings.put("format", "jsonl");
        rules("add", "allow", "allow");
        StringBuilder many = new StringBuilder("{\"id\":7");
        for (int i = 0; i < 1_500; i++) many.append(",\"k").append(i).append("\":1");
        project.write("data/a.csv", many + "}\n");
        assertThat(project.cli("run", "people", "--allow-deletes"))
                .as("%s", all())
                .isZero();
        assertThat(texts("select count(*)::text from ledger.column_change where change = 'added'"))
                .hasSize(1);
        assertThat(Integer.parseInt(
                        texts("select count(*)::text from ledger.column_change").get(0)))
                .isLessThan(1_100);
    }

    private String all() {
        return String.join("\n", project.out()) + "\n" + String.join("\n", project.err());
    }

    /** What the command shows, the newest first. */
    private List<String> history() throws Exception {
        assertThat(project.cli("audit", "people", "--columns", "--json"))
                .as("%s", project.err())
                .isZero();
        JsonNode json = project.json();
        return StreamSupport.stream(json.spliterator(), false)
                .map(e -> e.at("/column").asText() + " " + e.at("/change").asText() + " "
                        + e.at("/kind").asText()
                        + (e.at("/change").asText().equals("type")
                                ? " was " + e.at("/former").asText()
                                : ""))
                .toList();
    }

    private String written() throws Exception {
        StringBuilder all = new StringBuilder();
        try (var files = java.nio.file.Files.walk(folder.resolve("out"))) {
            for (Path file : files.filter(java.nio.file.Files::isRegularFile).toList())
                all.append(java.nio.file.Files.readString(file));
        }
        return all.toString();
    }

    private List<String> texts(String sql) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Connection c = TestStores.dataSource(database).getConnection();
                ResultSet row = c.createStatement().executeQuery(sql)) {
            while (row.next()) texts.add(row.getString(1));
        }
        return texts;
    }
}
