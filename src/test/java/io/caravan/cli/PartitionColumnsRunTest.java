package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.nio.file.Files;
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

/** Folders such as year=2024 become a column of a table, from files that have none. */
class PartitionColumnsRunTest {

    private static final String ROUTE = """
            - route:
                id: sales
                from:
                  uri: kamelet:objects-source
                  parameters: {pipeline: sales, input: "%s", format: %s, keyFields: "%s"%s}
                  steps:
                    - to:
                        uri: kamelet:warehouse-sink
                        parameters:
                          sink: warehouse
                          uri: "{{caravan.warehouse.uri}}"
                          user: "{{caravan.warehouse.user}}"
                          password: "{{caravan.warehouse.password}}"
                          table: sales/table.yaml
            """;

    private static final String TABLE = """
            table: sales
            columns:
              - {name: id, type: text, key: true}
              - {name: v, type: text}
              - {name: year, type: bigint%s}
            """;

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private UserProject project;

    @BeforeEach
    void project() throws Exception {
        project = new UserProject(folder);
        Map<String, String> settings = new HashMap<>();
        for (String feature : new String[] {"ledger", "warehouse"}) {
            settings.put("caravan." + feature + ".uri", database.uri());
            settings.put("caravan." + feature + ".user", database.user());
            settings.put("caravan." + feature + ".password", database.password());
        }
        project.settings(settings);
        project.write("routes/sales/table.yaml", TABLE.formatted(""));
        project.write("data/year=2023/a.csv", "id,v\n1,x\n2,y\n");
        project.write("data/year=2024/a.csv", "id,v\n3,x\n4,y\n");
    }

    @Test
    void aRunWithoutTheSettingNamesItAndUnchangedFilesAreReadAgainOnceItIsThere() throws Exception {
        route("csv", "id", "");
        assertThat(project.cli("run", "sales")).as("%s", project.err()).isZero();
        assertThat(project.out())
                .anyMatch(line ->
                        line.contains("column 'year' of warehouse is filled by field 'year', which no record of the"
                                + " source has; only the path year=2024/a.csv says it: 'partitionColumns: auto' of objects-source"
                                + " makes it a field"));
        assertThat(rows()).containsExactly("1 -", "2 -", "3 -", "4 -");

        route("csv", "id", ", partitionColumns: auto");
        assertThat(project.cli("validate")).as("%s", project.out()).isZero();
        assertThat(project.cli("run", "sales")).as("%s", project.err()).isZero();
        assertThat(project.out()).noneMatch(line -> line.contains("is filled by"));
        assertThat(rows()).containsExactly("1 2023", "2 2023", "3 2024", "4 2024");
        assertThat(project.cli("run", "sales", "--json")).isZero();
        assertThat(project.json().findValue("written").asInt()).isZero();
        assertThat(project.cli("verify", "sales", "--deep"))
                .as("%s", project.err())
                .isZero();

        project.write("data/year=__HIVE_DEFAULT_PARTITION__/a.csv", "id,v\n5,x\n");
        assertThat(project.cli("run", "sales")).as("%s", project.err()).isZero();
        assertThat(rows()).containsExactly("1 2023", "2 2023", "3 2024", "4 2024", "5 -");
    }

    @Test
    void aKeyMayBeOfThePathAndItsRecordsGoWithTheirFolder() throws Exception {
        project.write("routes/sales/table.yaml", TABLE.formatted(", key: true"));
        project.write("data/year=2024/a.csv", "id,v\n1,x\n2,y\n");
        route("csv", "id,year", ", columns: \"id,v\", partitionColumns: year");
        assertThat(project.cli("validate")).as("%s", project.out()).isZero();
        assertThat(project.cli("run", "sales")).as("%s", project.err()).isZero();
        assertThat(rows()).containsExactly("1 2023", "1 2024", "2 2023", "2 2024");
        Files.delete(folder.resolve("data/year=2023/a.csv"));
        assertThat(project.cli("run", "sales", "--allow-deletes"))
                .as("%s", project.err())
                .isZero();
        assertThat(rows()).containsExactly("1 2024", "2 2024");
        project.write("data/b.csv", "id,v\n9,x\n");
        assertThat(project.cli("run", "sales")).isEqualTo(1);
        assertThat(project.err())
                .anyMatch(line ->
                        line.contains("b.csv: the path must have a folder year=<value>, as partitionColumns says"));
        assertThat(rows()).containsExactly("1 2024", "2 2024");
    }

    @Test
    void validateKnowsTheFieldsThatThePathSays() throws Exception {
        route("csv", "id,year", ", columns: \"id,v\"");
        assertThat(project.cli("validate")).isEqualTo(2);
        assertThat(String.join("\n", project.out()) + String.join("\n", project.err()))
                .contains("keyFields must name fields that the records of sales have here: id, v, got 'year'");
        route("csv", "id", ", columns: \"id,v\", partitionColumns: month");
        assertThat(project.cli("validate")).isEqualTo(2);
        assertThat(String.join("\n", project.out()) + String.join("\n", project.err()))
                .contains("fields that the records of sales have here: id, month, v, got 'year'");
        route("csv", "id", ", columns: \"id,v\", partitionColumns: auto");
        assertThat(project.cli("validate")).as("%s", project.out()).isZero();
    }

    /** Its typed files also have the field that makes the folder. */
    @Test
    void whatObjectsSinkPartitionedComesBackFromParquet() throws Exception {
        project.write("routes/copy/copy.camel.yaml", """
                - route:
                    id: copy
                    from:
                      uri: kamelet:objects-source
                      parameters: {pipeline: copy, input: "%s", format: csv, keyFields: id, partitionColumns: auto}
                      steps:
                        - to: {uri: kamelet:convert-types-action, parameters: {types: year=integer}}
                        - to:
                            uri: kamelet:objects-sink
                            parameters: {output: "%s", format: parquet, partitionBy: year}
                """.formatted(folder.resolve("data"), folder.resolve("lake")));
        assertThat(project.cli("run", "copy")).as("%s", project.err()).isZero();
        assertThat(folder.resolve("lake/year=2024")).isDirectory();
        project.write(
                "routes/sales/sales.camel.yaml",
                ROUTE.formatted(
                        folder.resolve("lake"), "parquet", "id", ", namePattern: part-*, partitionColumns: auto"));
        assertThat(project.cli("run", "sales")).as("%s", project.err()).isZero();
        assertThat(rows()).containsExactly("1 2023", "2 2023", "3 2024", "4 2024");
    }

    private void route(String format, String keyFields, String more) throws Exception {
        project.write(
                "routes/sales/sales.camel.yaml", ROUTE.formatted(folder.resolve("data"), format, keyFields, more));
    }

    private List<String> rows() throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection c = DriverManager.getConnection(database.uri(), database.user(), database.password());
                Statement s = c.createStatement();
                ResultSet row = s.executeQuery("select id || ' ' || coalesce(year::text, '-') from sales order by 1")) {
            while (row.next()) rows.add(row.getString(1));
        }
        return rows;
    }
}
