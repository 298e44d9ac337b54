package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.local.Endpoint;
import io.caravan.local.TestStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects, tables and records followed through runs, both ways, with a ledger and a warehouse in PostgreSQL. */
class LineageCommandTest {

    private static final String TABLE = """
                    - to:
                        uri: kamelet:warehouse-sink
                        parameters:
                          sink: table
                          uri: "{{caravan.warehouse.uri}}"
                          user: "{{caravan.warehouse.user}}"
                          password: "{{caravan.warehouse.password}}"
                          table: copy/people.yaml
            """;

    @TempDir
    Path folder;

    private UserProject project;

    @BeforeEach
    void writeAProject() throws IOException {
        Endpoint database = TestStores.freshDatabase();
        project = new UserProject(folder);
        Map<String, String> settings = new HashMap<>();
        for (String feature : List.of("ledger", "warehouse")) {
            settings.put("caravan." + feature + ".uri", database.uri());
            settings.put("caravan." + feature + ".user", database.user());
            settings.put("caravan." + feature + ".password", database.password());
        }
        settings.put("caravan.copy.input", folder.resolve("in").toString());
        settings.put("caravan.copy.output", folder.resolve("out").toString());
        project.settings(settings);
        project.write("application.properties", "caravan.copy.input =\ncaravan.copy.prefix =\ncaravan.copy.output =\n");
        project.write("routes/copy/copy.camel.yaml", JobRunTest.COPY + TABLE);
        project.write(
                "routes/copy/people.yaml",
                "table: people\ncolumns:\n  - {name: id, type: text, key: true}\n  - {name: name, type: text}\n");
        project.write("in/day/a.csv", "id,name\n1,a\n2,b\n");
        project.write("in/day/b.csv", "id,name\n3,c\n");
    }

    @Test
    void anObjectIsFollowedToWhatItsRunsWroteAndBack() throws IOException {
        run(0, "run", "copy");
        project.write("in/day/b.csv", "id,name\n3,changed\n");
        run(0, "run", "copy");
        run(0, "run", "copy"); // reads nothing

        JsonNode a = lineage("day/a.csv");
        assertThat(a.at("/readBy").findValuesAsText("runId")).containsExactly("1");
        assertThat(a.at("/readBy/0/inputs/0/bytes").asLong()).isEqualTo(16);
        assertThat(a.at("/readBy/0/inputs/0/etag").asText()).isNotEmpty();
        JsonNode b = lineage(folder.resolve("in/day/b.csv").toString());
        assertThat(b.at("/readBy").findValuesAsText("runId")).containsExactly("2", "1");
        assertThat(b.at("/readBy/0/inputs")).hasSize(1);
        assertThat(b.at("/readBy/0/inputs/0/etag").asText())
                .isNotEqualTo(b.at("/readBy/1/inputs/0/etag").asText());
        assertThat(b.at("/readBy/1/inputsInAll").asInt()).isEqualTo(2);
        assertThat(b.at("/readBy/0/source").asText())
                .contains(folder.resolve("in").toString());
        assertThat(b.at("/readBy/0/outputs").findValuesAsText("sink")).containsExactly("out", "table");
        assertThat(b.at("/readBy/0/outputs").findValuesAsText("written")).containsExactly("1", "1");
        assertThat(b.at("/readBy/1/outputs").findValuesAsText("written")).containsExactly("3", "3");

        JsonNode table = lineage("public.people");
        assertThat(table.at("/writtenBy").findValuesAsText("runId")).containsExactly("2", "1");
        assertThat(table.at("/writtenBy/1/inputs").findValuesAsText("object"))
                .containsExactly("day/a.csv", "day/b.csv");
        JsonNode part = lineage(part().toString());
        assertThat(part.at("/writtenBy").findValuesAsText("runId")).containsExactly("2", "1");
        assertThat(part.at("/writtenBy/0/inputs").findValuesAsText("object")).containsExactly("day/b.csv");

        run(0, "lineage", "day/b.csv");
        assertThat(project.out())
                .anyMatch(l -> l.startsWith("Read by:"))
                .anyMatch(l ->
                        l.matches(" *2 +copy +succeeded .*day/b.csv .*out \\(1 written, 0 deleted\\): objects-sink.*"));
    }

    @Test
    void aRecordIsFollowedToItsObjectAndToTheSinksThatHoldIt() throws IOException {
        project.write("in/day/c.csv", "id,name\n4,d\n");
        run(0, "run", "copy");
        project.write("in/day/b.csv", "id,name\n3,changed\n");
        Files.delete(folder.resolve("in/day/c.csv"));
        run(3, "run", "copy", "--only-sinks", "table", "--limit", "3"); // deletes nothing
        JsonNode record = lineage("3");
        assertThat(record.at("/records/0/object").asText()).isEqualTo("day/b.csv");
        assertThat(record.at("/records/0/firstRun").asInt()).isEqualTo(1);
        assertThat(record.at("/records/0/changedRun").asInt()).isEqualTo(2);
        assertThat(record.at("/records/0/sinks").toString())
                .isEqualTo("{\"out\":\"waits for its newest form\",\"table\":\"waits for its newest form\"}");
        run(0, "run", "copy", "--allow-deletes");
        assertThat(lineage("3").at("/records/0/sinks").toString())
                .isEqualTo("{\"out\":\"holds it\",\"table\":\"holds it\"}");
        run(0, "lineage", "1", "--pipeline", "copy");
        assertThat(project.out())
                .singleElement()
                .asString()
                .matches(
                        "Record 1 of copy from day/a.csv, etag .+; first seen by run 1, changed by run 1; out holds it; table holds it");
        run(2, "lineage", "1", "--pipeline", "other");
        run(2, "lineage", "nobody/knows.csv");
        assertThat(project.err().get(0)).startsWith("lineage: the name must be of an object that a run read or wrote");
    }

    @Test
    void anObjectThatIsSetAsideIsAnInputThatSaysSo() throws IOException {
        project.write("in/day/b.csv", "id,name\n" + ",x\n".repeat(30));
        run(3, "run", "copy");
        assertThat(lineage("day/b.csv").at("/readBy/0/inputs/0/setAside").asBoolean())
                .isTrue();
        assertThat(lineage("day/a.csv").at("/readBy/0/inputs/0/setAside").asBoolean())
                .isFalse();
    }

    private Path part() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("out"))) {
            return files.filter(f -> f.getFileName().toString().startsWith("part-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private JsonNode lineage(String name) throws IOException {
        run(0, "lineage", name, "--json");
        return project.json();
    }

    private void run(int code, String... command) {
        assertThat(project.cli(command))
                .as("%s: %s %s", List.of(command), project.out(), project.err())
                .isEqualTo(code);
    }
}
