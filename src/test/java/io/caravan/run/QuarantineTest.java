package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.format.TextOptions;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectsSource;
import io.caravan.object.ObjectsSources;
import io.caravan.run.RunReport.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Rows that were refused, kept as an object beside the object that held them. */
class QuarantineTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    @TempDir
    Path folder;

    private Things things;

    @BeforeEach
    void source() throws IOException {
        things = new Things(ledger);
        Files.createDirectory(folder.resolve("in"));
        things.source = source(folder.resolve("out").toString());
    }

    @Test
    void theRowsOfAnObjectThatWereRefusedAreOneObjectThatGoesWhenTheyAreRight() throws IOException {
        write("a.csv", "1,1", ",2", "3", "4,4", "1,5");
        write("b.csv", "11,1");
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
        Path kept = quarantined().get("a.csv");
        assertThat(quarantined()).containsOnlyKeys("a.csv");
        assertThat(kept.toString())
                .startsWith(folder.resolve("out/quarantine/a.csv." + things.name + ".")
                        .toString());
        List<JsonNode> rows = rows(kept);
        assertThat(rows).extracting(r -> r.get("line").asInt()).containsExactly(3, 4, 6);
        assertThat(rows.get(0).get("row").asText()).isEqualTo(",2");
        assertThat(rows.get(1).get("reason").asText()).isEqualTo("a.csv:4: columns must be 2, got '1'");
        assertThat(rows.get(2).get("key").asText()).isEqualTo("1");
        assertThat(rows.get(2).get("row").get("v").asText()).isEqualTo("5");

        FileTime time = Files.getLastModifiedTime(kept);
        things.run();
        assertThat(quarantined()).containsExactlyEntriesOf(Map.of("a.csv", kept));
        assertThat(Files.getLastModifiedTime(kept)).as("nobody writes it again").isEqualTo(time);

        write("a.csv", "1,1", ",2", "3,3", "4,4");
        things.run();
        assertThat(rows(quarantined().get("a.csv"))).hasSize(1);
        write("a.csv", "1,1", "2,2", "3,3", "4,4");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(quarantined()).isEmpty();
    }

    @Test
    void anObjectThatIsSetAsideOrGoneIsInItAsTheLedgerHasIt() throws IOException {
        write("a.csv", ",1", ",2", ",3", ",4", ",5");
        write("b.csv", "11,1", "x");
        things.run();
        assertThat(rows(quarantined().get("a.csv"))).singleElement().satisfies(row -> {
            assertThat(row.get("line").asInt()).isZero();
            assertThat(row.get("reason").asText()).contains("it is set aside whole");
        });
        Files.delete(folder.resolve("in/a.csv"));
        things.run();
        assertThat(quarantined()).containsOnlyKeys("b.csv");
        things.run(RunRequest.of(Mode.REMOVE));
        assertThat(quarantined()).isEmpty();
    }

    @Test
    void whatAnotherPipelineKeepsThereStays() throws IOException {
        write("a.csv", "x");
        write("b.csv", "1,1");
        things.run();
        Things other = new Things(ledger);
        other.source = things.source;
        other.run();
        write("a.csv", "2,2");
        things.run();
        try (Stream<Path> all = Files.list(folder.resolve("out/quarantine"))) {
            assertThat(all).singleElement().asString().contains("a.csv." + other.name + ".");
        }
    }

    @Test
    void aRunWhoseQuarantineIsAwayDeliversAndSaysSoAndTheNextMakesUpForIt() throws IOException {
        write("a.csv", "1,1", "x");
        Files.writeString(folder.resolve("out"), "a file where the folder should be");
        RunReport run = things.run();
        assertThat(things.left.held).containsOnlyKeys("1");
        assertThat(run.status()).isEqualTo(Status.PARTIAL);
        assertThat(run.notes())
                .singleElement()
                .asString()
                .startsWith(things.name + ": what was refused could not be kept in its quarantine: ")
                .endsWith("; all of it is in the ledger, and the next run tries again");
        Files.delete(folder.resolve("out"));
        assertThat(things.run().notes()).isEmpty();
        assertThat(quarantined()).containsOnlyKeys("a.csv");
    }

    @Test
    void whateverComesAndGoesItHoldsTheRefusedRowsOfThoseThatAreThere() throws IOException {
        Random random = new Random(5);
        Map<String, Integer> bad = new TreeMap<>();
        write("always.csv", "0,0");
        for (int round = 0; round < 15; round++) {
            String name = "f" + random.nextInt(4) + " #%.csv";
            int wrong = random.nextInt(3);
            if (random.nextInt(4) == 0) {
                Files.deleteIfExists(folder.resolve("in").resolve(name));
                bad.remove(name);
            } else {
                List<String> rows = new ArrayList<>(List.of(name.charAt(1) + "0,1"));
                for (int i = 0; i < wrong; i++) rows.add("\"" + random.nextInt(9) + "\n\"");
                write(name, rows.toArray(String[]::new));
                if (wrong > 0) bad.put(name, wrong);
                else bad.remove(name);
            }
            things.run();
            Map<String, Integer> kept = new TreeMap<>();
            for (var one : quarantined().entrySet())
                kept.put(one.getKey(), rows(one.getValue()).size());
            assertThat(kept).isEqualTo(bad);
        }
    }

    @Test
    void itIsNotWhereObjectsAreRead() {
        for (String place : List.of("in", "in/deeper"))
            assertThatThrownBy(() -> source(folder.resolve(place).toString()))
                    .hasMessageStartingWith("objects-source: quarantine must not be where objects are read, input and"
                            + " prefix, got '");
        assertThat(source(folder.toString())).isNotNull();
    }

    private Map<String, Path> quarantined() throws IOException {
        Map<String, Path> kept = new TreeMap<>();
        Path quarantine = folder.resolve("out/quarantine");
        if (!Files.exists(quarantine)) return kept;
        try (Stream<Path> all = Files.walk(quarantine).filter(Files::isRegularFile)) {
            for (Path file : all.toList()) {
                List<JsonNode> rows = rows(file);
                assertThat(kept.put(rows.get(0).get("object").asText(), file)).isNull();
            }
        }
        return kept;
    }

    private static List<JsonNode> rows(Path file) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) rows.add(JSON.readTree(line));
        return rows;
    }

    private void write(String name, String... rows) throws IOException {
        Files.writeString(folder.resolve("in").resolve(name), "id,v\n" + String.join("\n", rows) + "\n");
    }

    private ObjectsSource source(String quarantine) {
        return ObjectsSources.of(
                folder.resolve("in").toString(),
                "",
                "*",
                "csv",
                "id",
                "",
                ",",
                "",
                "1",
                1,
                200,
                ObjectAccess.DEFAULT,
                "first",
                "",
                "first",
                "",
                "",
                "",
                "",
                "",
                "",
                quarantine,
                TextOptions.DEFAULT);
    }
}
