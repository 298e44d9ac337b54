package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands make of a table that keeps the earlier forms of its records. */
class WriteModesCommandsTest {

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
                          writeMode: "{{mode}}"
            """;

    private static final String HISTORY =
            "select id || ' ' || name || ' ' || is_current from people order by id, valid_from";

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private UserProject project;

    @BeforeEach
    void project() throws Exception {
        project = new UserProject(folder);
        project.write("routes/people/people.camel.yaml", ROUTE.formatted(folder.resolve("data")));
        project.write("routes/people/table.yaml", """
                table: people
                columns:
                  - {name: id, type: text, key: true}
                  - {name: name, type: text}
                """);
        project.write("data/a.csv", "id,name\n1,Ann\n2,Bob\n3,Cy\n");
    }

    private void mode(String mode) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of("mode", mode));
        for (String feature : new String[] {"ledger", "warehouse"}) {
            settings.put("caravan." + feature + ".uri", database.uri());
            settings.put("caravan." + feature + ".user", database.user());
            settings.put("caravan." + feature + ".password", database.password());
        }
        project.settings(settings);
    }

    @Test
    void aHistoryIsPlannedWrittenVerifiedRepairedAndResetAsAnyTableIs() throws Exception {
        mode("history");
        assertThat(project.cli("run", "people")).as("%s", project.err()).isZero();
        project.write("data/a.csv", "id,name\n1,Anna\n3,Cy\n4,Di\n");
        assertThat(project.cli("plan", "people", "--allow-deletes")).isZero();
        assertThat(project.out()).anyMatch(l -> l.matches("warehouse +1 +1 +1 +1 .*"));
        assertThat(texts(HISTORY)).containsExactly("1 Ann true", "2 Bob true", "3 Cy true");
        assertThat(project.cli("run", "people", "--allow-deletes")).isZero();
        List<String> rows = List.of("1 Ann false", "1 Anna true", "2 Bob false", "3 Cy true", "4 Di true");
        assertThat(texts(HISTORY)).containsExactlyElementsOf(rows);
        assertThat(texts("select count(distinct valid_from)::text from people")).containsExactly("2");
        assertThat(
                        texts(
                                "select count(*)::text from people p where valid_from not in (select started_at from ledger.run)"))
                .as("times are those at which runs began")
                .containsExactly("0");
        assertThat(project.cli("verify", "people", "--deep"))
                .as("%s", project.out())
                .isZero();

        assertThat(project.cli("reset", "people")).as("%s", project.err()).isZero();
        assertThat(project.cli("run", "people")).isZero();
        assertThat(texts(HISTORY)).as("sent again").containsExactlyElementsOf(rows);

        sql("update people set name = 'by hand' where id = '4'");
        assertThat(project.cli("verify", "people", "--deep")).isEqualTo(3);
        assertThat(project.cli("run", "people", "--repair"))
                .as("%s", project.err())
                .isZero();
        assertThat(texts(HISTORY)).endsWith("4 by hand false", "4 Di true");
        assertThat(project.cli("verify", "people", "--deep")).isZero();

        sql("drop table people");
        assertThat(project.cli("run", "people")).isZero();
        assertThat(texts(HISTORY))
                .as("a lost table is made again")
                .containsExactly("1 Anna true", "3 Cy true", "4 Di true");
        assertThat(
                        texts(
                                "select id from people where valid_from not in (select started_at from ledger.run where mode = 'run')"))
                .as("as of the runs that brought each form")
                .isEmpty();
        assertThat(texts("select count(distinct valid_from)::text from people")).containsExactly("2");

        assertThat(project.cli("remove", "people", "--with-data", "--yes"))
                .as("%s", project.err())
                .isZero();
        assertThat(texts(HISTORY)).containsExactly("1 Anna false", "3 Cy false", "4 Di false");
        assertThat(texts("select owner from caravan_markers")).isEmpty();
    }

    @Test
    void anotherModeForATableThatIsThereIsRefusedBeforeAnythingIsWritten() throws Exception {
        mode("merge");
        assertThat(project.cli("run", "people")).isZero();
        mode("history");
        project.write("data/a.csv", "id,name\n1,Anna\n");
        assertThat(project.cli("check", "people")).isNotZero();
        assertThat(project.cli("run", "people", "--allow-deletes")).isNotZero();
        assertThat(project.err())
                .anyMatch(l ->
                        l.contains("table \"public\".\"people\" must have the columns valid_from, valid_to, is_current"
                                + " of writeMode: history, got 'id, name'"));
        assertThat(texts("select name from people order by id")).containsExactly("Ann", "Bob", "Cy");
        mode("merge");
        assertThat(project.cli("run", "people", "--allow-deletes")).isZero();
        assertThat(texts("select name from people order by id")).containsExactly("Anna");
    }

    private void sql(String sql) throws SQLException {
        try (Connection c = TestStores.dataSource(database).getConnection()) {
            c.createStatement().execute(sql);
        }
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
