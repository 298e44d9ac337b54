package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A field that no record has any more is no null in every row: the run says so and stops before it writes. */
class FieldsGoneTest {

    private static final String ROUTE = """
            - route:
                id: people
                from:
                  uri: kamelet:objects-source
                  parameters: {pipeline: people, input: "%s", format: csv, keyFields: id}
                  steps:
                    - to:
                        uri: kamelet:warehouse-sink
                        parameters:
                          sink: warehouse
                          uri: "{{caravan.warehouse.uri}}"
                          user: "{{caravan.warehouse.user}}"
                          password: "{{caravan.warehouse.password}}"
                          table: people/table.yaml
            """;

    private static final String TABLE = """
            table: people
            columns:
              - {name: id, type: text, key: true}
              - {name: name, type: text}
            """;

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private UserProject project;

    @BeforeEach
    void project() throws Exception {
        project = new UserProject(folder);
        project.write("routes/people/people.camel.yaml", ROUTE.formatted(folder.resolve("data")));
        project.write("routes/people/table.yaml", TABLE);
        Map<String, String> settings = new HashMap<>();
        for (String feature : new String[] {"ledger", "warehouse"}) {
            settings.put("caravan." + feature + ".uri", database.uri());
            settings.put("caravan." + feature + ".user", database.user());
            settings.put("caravan." + feature + ".password", database.password());
        }
        project.settings(settings);
    }

    @Test
    void aRenamedHeaderStopsTheRunBeforeItWritesUntilItIsAllowed() throws Exception {
        project.write("data/a.csv", "id,name\n1,Ann\n2,Bob\n");
        assertThat(project.cli("run", "people")).as("%s", project.err()).isZero();
        project.write("data/a.csv", "id,Name\n1,Ann\n2,Bob\n");
        String said =
                "people: column 'name' of warehouse is filled by field 'name', which no record of a.csv has any more;"
                        + " nearest: 'Name'; nothing of it was written.";
        for (String command : List.of("plan", "run", "run")) {
            assertThat(project.cli(command, "people")).isEqualTo(1);
            assertThat(project.err()).anyMatch(line -> line.startsWith(said));
        }
        assertThat(rows()).containsExactly("1 Ann", "2 Bob");
        assertThat(project.cli("run", "people", "--allow-missing-fields")).isZero();
        assertThat(rows()).containsExactly("1 -", "2 -");
        assertThat(project.cli("run", "people")).isZero();
    }

    @Test
    void oneOfSeveralFilesWithAnotherHeaderIsNotWritten() throws Exception {
        project.write("data/a.csv", "id,name\n1,Ann\n");
        assertThat(project.cli("run", "people")).isZero();
        project.write("data/b.csv", "id,NAME\n2,Bob\n");
        assertThat(project.cli("run", "people")).isEqualTo(1);
        assertThat(project.err())
                .anyMatch(line -> line.contains("no record of b.csv has") && line.contains("nearest: 'NAME'"));
        assertThat(rows()).containsExactly("1 Ann");
        project.write("data/b.csv", "id,name\n2,Bob\n");
        assertThat(project.cli("run", "people")).isZero();
        assertThat(rows()).containsExactly("1 Ann", "2 Bob");
    }

    @Test
    void blanksByteOrderMarksAndFormsOfLettersMakeNoOtherName() throws Exception {
        project.write("routes/people/table.yaml", TABLE.replace("name: name, type", "name: name, from: naïve, type"));
        project.write("data/a.csv", "id,naïve\n1,Ann\n");
        assertThat(project.cli("run", "people")).isZero();
        project.write("data/a.csv", "id,\u00a0nai\u0308ve\ufeff \n1,Ann\n");
        assertThat(project.cli("run", "people")).as("%s", project.err()).isZero();
        assertThat(rows()).containsExactly("1 Ann");
        project.write("data/a.csv", "id,naïve, naïve\n1,Ann,Bob\n");
        assertThat(project.cli("run", "people")).isEqualTo(1);
        assertThat(project.err())
                .anyMatch(line -> line.contains(
                        "column names must differ, also without blanks around them and in NFC, got 'naïve'"));
    }

    @Test
    void anOptionalFieldMayBeGoneAndAFieldThatNoRecordEverHadIsSaid() throws Exception {
        project.write(
                "routes/people/table.yaml",
                TABLE.replace("name: name, type: text", "name: name, type: text, optional: true")
                        + "  - {name: mail, from: email, type: text}\n");
        project.write("data/a.csv", "id,name,emial\n1,Ann,a@b\n");
        assertThat(project.cli("run", "people")).isZero();
        assertThat(project.out())
                .anyMatch(line ->
                        line.contains("column 'mail' of warehouse is filled by field 'email', which no record of"
                                + " a.csv has; nearest: 'emial'"));
        project.write("data/a.csv", "id,emial\n1,a@b\n");
        assertThat(project.cli("run", "people")).as("%s", project.err()).isZero();
        project.write("data/a.csv", "id,emial\n");
        assertThat(project.cli("run", "people", "--allow-deletes"))
                .as("%s", project.err())
                .isZero();
    }

    private List<String> rows() throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection c = DriverManager.getConnection(database.uri(), database.user(), database.password());
                Statement s = c.createStatement();
                ResultSet row = s.executeQuery("select id || ' ' || coalesce(name, '-') from people order by 1")) {
            while (row.next()) rows.add(row.getString(1));
        }
        return rows;
    }
}
