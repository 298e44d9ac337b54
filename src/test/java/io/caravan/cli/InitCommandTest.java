package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What init makes works as it is: tests, a run, and a second one that writes nothing. */
class InitCommandTest {

    @TempDir
    private Path folder;

    @Test
    void aNewProjectPassesItsTestsAndRunsAtOnce() throws Exception {
        UserProject outside = new UserProject(folder);
        assertThat(outside.cli("init", "my-project", "--name", "sales")).isZero();
        assertThat(outside.out())
                .contains("  routes/sales/sales.camel.yaml", "  tests/sales/first-orders/input/orders.csv")
                .endsWith("Next: cd my-project && caravan run sales");
        UserProject project = new UserProject(folder.resolve("my-project"));
        Endpoint database = TestStores.freshDatabase();
        use(project, database);

        assertThat(project.cli("test")).isZero();
        assertThat(project.out())
                .containsExactly("sales/first-orders: passed, 3 records, 1 dead letter", "1 case: 1 passed, 0 failed");
        assertThat(project.cli("run", "sales", "--json")).isZero();
        assertThat(project.json().at("/sinks/warehouse/written").asInt()).isEqualTo(10);
        assertThat(project.cli("run", "sales", "--json")).isZero();
        assertThat(project.json().at("/sinks/warehouse/written").asInt()).isZero();
        assertThat(sum(database, "sales")).isEqualTo("10 129.15");
        assertThat(project.cli("verify", "sales", "--deep")).isZero();
    }

    @Test
    void aProjectGetsAnotherPipelineBesideTheFirst() throws Exception {
        UserProject project = new UserProject(folder);
        assertThat(project.cli("init")).isZero();
        assertThat(project.cli("init", "--name", "returns", "--json")).isZero();
        assertThat(project.json().at("/pipeline").asText()).isEqualTo("returns");

        assertThat(project.cli("list")).isZero();
        assertThat(project.out())
                .contains(
                        "pipeline orders: Orders from CSV files to a table",
                        "pipeline returns: Orders from CSV files to a table");
        assertThat(project.cli("test", "returns")).isZero();
        assertThat(project.cli("init", "--name", "returns")).isEqualTo(2);
        assertThat(project.err()).singleElement().asString().startsWith("init: --name must not be that of a pipeline");
    }

    @Test
    void aFolderThatIsNotEmptyIsLeftAsItIs() throws IOException {
        UserProject outside = new UserProject(folder);
        Path file = outside.write("mine/notes.txt", "mine");

        assertThat(outside.cli("init", "mine")).isEqualTo(2);
        assertThat(outside.err())
                .containsExactly("init: the folder must be new or empty, got '" + file.getParent()
                        + "'; name another: ./caravan init my-project");
        assertThat(outside.cli("init", "mine/notes.txt")).isEqualTo(2);
        assertThat(outside.cli("init")).isEqualTo(2);
        assertThat(file.getParent().toFile().list()).containsExactly("notes.txt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"personalization", "ledger", "job", "Orders", "a/b", "-", "two words", "", "x--y"})
    void aNameThatCannotBeOneIsRefused(String name) {
        assertThat(new UserProject(folder).cli("init", "p", "--name=" + name)).isEqualTo(2);
        assertThat(folder).isEmptyDirectory();
    }

    private static void use(UserProject project, Endpoint database) throws IOException {
        Map<String, String> settings = new HashMap<>();
        for (String feature : new String[] {"ledger", "warehouse"}) {
            settings.put("caravan." + feature + ".uri", database.uri());
            settings.put("caravan." + feature + ".user", database.user());
            settings.put("caravan." + feature + ".password", database.password());
        }
        // this process does not stand in the project's folder, as the launcher's does
        settings.put(
                "caravan.sales.input", project.folder.resolve("input/sales").toString());
        project.settings(settings);
    }

    private static String sum(Endpoint database, String table) throws SQLException {
        try (Connection c = DriverManager.getConnection(database.uri(), database.user(), database.password());
                ResultSet rows =
                        c.createStatement().executeQuery("select count(*) || ' ' || sum(price) from public." + table)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
