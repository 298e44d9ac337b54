package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.error.Mask;
import io.caravan.local.Endpoint;
import io.caravan.local.LaptopStores;
import io.caravan.local.TestStores;
import io.caravan.run.TableSink;
import io.caravan.settings.Configuration;
import io.caravan.settings.SettingFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A ledger that commit eb2bb1f made, with the sinks that its two runs filled: {@code upgrade/ledger-eb2bb1f.sql}, which says how it
 * was made. The left sink refused record k3.
 */
class UpgradeTest {

    @TempDir
    Path folder;

    private final Endpoint database = TestStores.freshDatabase();
    private Screen screen = new Screen();

    @BeforeEach
    void restore() throws IOException, SQLException {
        try (var dump = UpgradeTest.class.getResourceAsStream("/upgrade/ledger-eb2bb1f.sql");
                Connection c = TestStores.dataSource(database).getConnection();
                Statement s = c.createStatement()) {
            s.execute(new String(dump.readAllBytes(), StandardCharsets.UTF_8));
        }
        file("a.csv", "k0,0,text 0", "k1,1,text 1", "k2,2,text 2", "k3,3,text 3", "k4,4,text 4 changed");
        file("b.csv", "m0,10,more 0", "m1,11,more 1", "odd,many,not a number");
    }

    @Test
    void theNextRunWithTheSameInputWritesNothing() throws Exception {
        assertThat(cli("plan", "things", "--json")).isZero();
        assertThat(json().at("/sinks/left/inserts").asInt()
                        + json().at("/sinks/left/updates").asInt())
                .isZero();
        for (int i = 0; i < 2; i++) {
            assertThat(cli("run", "things", "--json")).isEqualTo(3);
            assertThat(json().at("/recordsRead").asInt()).isEqualTo(8);
            for (String sink : List.of("left", "right")) {
                assertThat(json().at("/sinks/" + sink + "/written").asInt())
                        .as(sink)
                        .isZero();
                assertThat(json().at("/sinks/" + sink + "/deleted").asInt())
                        .as(sink)
                        .isZero();
            }
        }
        try (Connection c = TestStores.dataSource(database).getConnection();
                Statement s = c.createStatement();
                ResultSet r = s.executeQuery(
                        "select count(*) from ledger.sink_state"
                                + " where generation in ('d866a6c74444a69b9744ca9aaeea55d4', '8eeba11a32bbf3a89dbc60acb8f4072e')")) {
            r.next();
            assertThat(r.getInt(1))
                    .as("sinks that are known as eb2bb1f knew them")
                    .isZero();
        }
    }

    @Test
    void changesAndDeletesAreSentAsBefore() throws Exception {
        file("a.csv", "k0,0,text 0", "k1,1,text 1 changed", "k3,3,text 3", "k4,4,text 4 changed");
        assertThat(cli("run", "things", "--json")).isEqualTo(3);
        assertThat(json().at("/sinks/right/written").asInt()).isEqualTo(1);
        assertThat(json().at("/sinks/right/deleted").asInt()).isEqualTo(1);
        assertThat(held("right")).containsOnlyKeys("k0", "k1", "k3", "k4", "m0", "m1");
        assertThat(held("right").get("k1")).contains("text 1 changed");
    }

    @Test
    void anOpenDeadLetterCanBeSentAgain() throws Exception {
        assertThat(cli("dead-letters", "list", "--json")).isZero();
        JsonNode letters = json();
        assertThat(letters).hasSize(2);
        for (JsonNode letter : letters) {
            boolean ofTheSink = letter.at("/key").asText().equals("k3");
            assertThat(cli("dead-letters", "replay", letter.at("/id").asText()))
                    .as("%s", letter)
                    .isEqualTo(3);
            assertThat(held("left").containsKey("k3") || !ofTheSink).isTrue();
        }
        cli("dead-letters", "list", "--json");
        assertThat(json()).hasSize(1);
        assertThat(json().at("/0/key").asText()).isEqualTo("odd");
        assertThat(json().at("/0/attempts").asInt()).isGreaterThan(1);
        assertThat(held("left")).isEqualTo(held("right"));
    }

    @Test
    void theOldRunsAreShown() throws Exception {
        assertThat(cli("runs", "--json")).isZero();
        assertThat(json()).hasSize(2);
        assertThat(json().at("/0/pipeline").asText()).isEqualTo("things");
        assertThat(json().at("/0/status").asText()).isEqualTo("partial");
        assertThat(json().at("/1/sinks/right/written").asInt()).isEqualTo(8);
        assertThat(json().at("/0/sinks/right/deleted").asInt()).isEqualTo(1);
    }

    private int cli(String... args) {
        screen = new Screen();
        Map<String, String> settings = new HashMap<>(Map.of(
                "caravan.things.input",
                folder.toString(),
                "caravan.things.namePattern",
                "*.csv",
                "caravan.ledger.uri",
                database.uri(),
                "caravan.ledger.user",
                database.user(),
                "caravan.ledger.password",
                database.password()));
        for (String sink : List.of("left", "right")) {
            settings.put(
                    "camel.beans." + sink,
                    "#class:io.caravan.run.TableSink(\"" + sink + "\",\"" + database.uri() + "\",\"" + database.user()
                            + "\",\"" + database.password() + "\",100)");
        }
        Shell shell = new Shell(
                screen.terminal(),
                new Mask(),
                () -> Configuration.of(SettingFiles.layer("", ""), List.of(), n -> null, n -> null)
                        .with(settings),
                () -> Pipelines.in("cliroutes"),
                () -> new LaptopStores(folder, List.of()));
        return new Cli(shell, folder).run(args);
    }

    private Map<String, String> held(String sink) {
        return new TableSink(sink, database.uri(), database.user(), database.password(), 1).contents();
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(screen.out().get(0));
    }

    private void file(String name, String... rows) throws IOException {
        Files.writeString(folder.resolve(name), "id,size,text\n" + String.join("\n", rows) + "\n");
    }
}
