package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/adding-a-connector.md, "Without a class": its files in an empty folder, and the commands as it says them. */
class EndpointInOneFileTest {

    /** A name at the end of a sentence, and the block that it is the name of. */
    private static final Pattern FILE =
            Pattern.compile("`((?:routes/|in/|application)[^`]+)`:\\n\\n```[a-z]*\\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path folder;

    @Test
    void aSinkOfOneFileAppendsWhatIsNewAndIsKnownByTheIdOfItsStep() throws Exception {
        Endpoint database = TestStores.freshDatabase();
        UserProject project = new UserProject(folder);
        String page = Files.readString(Path.of("docs/adding-a-connector.md"));
        String section = page.substring(page.indexOf("## Without a class"), page.indexOf("## 1. The class"));
        Matcher file = FILE.matcher(section);
        int files = 0;
        for (; file.find(); files++) project.write(file.group(1), file.group(2));
        assertThat(files).isEqualTo(4);
        settings(project, database, "out");

        assertThat(project.cli("validate", "orders")).as("%s", project.out()).isZero();
        assertThat(project.cli("check", "orders"))
                .as("%s %s", project.out(), project.err())
                .isZero();
        assertThat(project.cli("run", "orders", "--json"))
                .as("%s", project.err())
                .isZero();
        assertThat(project.json().at("/sinks/write-log/written").asInt()).isEqualTo(2);
        assertThat(folder.resolve("out/orders.jsonl"))
                .hasContent("{\"id\":\"1\",\"total\":\"9.50\"}\n{\"id\":\"2\",\"total\":\"12\"}\n");

        assertThat(project.cli("run", "orders", "--json")).isZero();
        assertThat(project.json().at("/sinks/write-log/written").asInt()).isZero();
        project.replace("in/orders.csv", "2,12", "2,13\n3,1");
        assertThat(project.cli("run", "orders", "--json")).isZero();
        assertThat(project.json().at("/sinks/write-log/written").asInt()).isEqualTo(2);
        assertThat(Files.readAllLines(folder.resolve("out/orders.jsonl")))
                .containsExactly(
                        "{\"id\":\"1\",\"total\":\"9.50\"}",
                        "{\"id\":\"2\",\"total\":\"12\"}",
                        "{\"id\":\"2\",\"total\":\"13\"}",
                        "{\"id\":\"3\",\"total\":\"1\"}");

        settings(project, database, "other");
        assertThat(project.cli("run", "orders", "--json"))
                .as("another place gets all of it")
                .isZero();
        assertThat(project.json().at("/sinks/write-log/written").asInt()).isEqualTo(3);
    }

    /** Paths are whole here, as only the launcher goes into the project's folder. */
    private void settings(UserProject project, Endpoint database, String log) throws Exception {
        project.settings(Map.of(
                "caravan.orders.input", folder.resolve("in").toString(),
                "caravan.orders.log", folder.resolve(log).toString(),
                "caravan.ledger.uri", database.uri(),
                "caravan.ledger.user", database.user(),
                "caravan.ledger.password", database.password()));
    }
}
