package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.error.UnavailableException;
import io.caravan.format.CsvFormat;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectsSources;
import io.caravan.record.Hash;
import io.caravan.record.Record;
import io.caravan.run.RunReport.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Several objects that hold a record of one key, as exports of one day after another do. */
class WinnerTest {

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    @TempDir
    Path folder;

    private Things things;

    @BeforeEach
    void things() {
        things = new Things(ledger);
    }

    @Test
    void withoutASettingTheFirstWinsAndTheLetterSaysWhereItWasMet() throws IOException {
        source("first", "");
        write("a_1.csv", "id,v\n7,x\n1,old\n");
        write("a_2.csv", "id,v\n1,new\n1,newer\n");
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
        assertHolds("7,x", "1,old");
        String name = things.name + ": key must be met once in a run (the first wins), got '1'; it was met first in ";
        String remedy = "; 'winner' of the source says which object's record is taken";
        assertThat(reasons()).containsExactly(name + "a_1.csv:3" + remedy, name + "a_1.csv:3" + remedy);
        write("a_2.csv", "id,v\n1,changed\n");
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
        assertThat(reasons()).as("its object was not read in this run").contains(name + "a_1.csv" + remedy);
    }

    @Test
    void theLastObjectByNameWinsRunAfterRunAndTheOlderComesBackWhenItGoes() throws IOException {
        source("last", "");
        write("a_1.csv", "id,v\n1,old\n2,kept\n");
        write("a_2.csv", "id,v\n1,new\n");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertHolds("1,new", "2,kept");
        assertThat(things.letters()).isEmpty();

        RunReport again = things.run();
        assertThat(again.status()).isEqualTo(Status.SUCCEEDED);
        assertThat(again.sinks().get("left").written()).isZero();
        assertThat(again.sinks().get("left").deleted()).isZero();
        assertThat(again.recordsRead()).isEqualTo(3);
        assertThat(again.sinks().get("left").unchanged())
                .as("the older 1 is none of them")
                .isEqualTo(2);
        assertThat(again.notes())
                .containsExactly(
                        things.name + ": records read that no sink gets, as another object's record of their key"
                                + " wins ('winner' of the source): 1");

        write("a_3.csv", "id,v\n1,newest\n3,more\n");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertHolds("1,newest", "2,kept", "3,more");
        assertThat(things.verify().status()).isEqualTo(Status.SUCCEEDED);

        Files.delete(folder.resolve("a_3.csv"));
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertHolds("1,new", "2,kept");
        Files.delete(folder.resolve("a_2.csv"));
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertHolds("1,old", "2,kept");
        assertThat(things.verify().status()).isEqualTo(Status.SUCCEEDED);
    }

    @Test
    void twiceInOneObjectIsAMistakeWhicheverObjectWins() throws IOException {
        source("last", "");
        write("a_1.csv", "id,v\n1,a\n1,b\n2,c\n");
        assertThat(things.run().status()).isEqualTo(Status.PARTIAL);
        assertHolds("1,a", "2,c");
        assertThat(reasons()).singleElement().asString().endsWith("; it was met first in a_1.csv:2");
    }

    @Test
    void theObjectThatWasChangedLastWinsWhateverItsName() throws IOException {
        source("newest", "");
        touch(write("z.csv", "id,v\n1,old\n2,kept\n"), "2024-01-01T00:00:00Z");
        touch(write("a.csv", "id,v\n1,new\n"), "2024-01-02T00:00:00Z");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertHolds("1,new", "2,kept");
        touch(write("z.csv", "id,v\n1,mended\n2,kept\n"), "2024-01-03T00:00:00Z");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertHolds("1,mended", "2,kept");
        assertThat(things.letters()).isEmpty();
    }

    /** Its time would hide every later object for 178 years: it counts as of when it came. */
    @Test
    void anObjectWithATimeAheadHidesNoneThatComesLater() throws IOException {
        source("newest", "");
        touch(write("b.csv", "id,v\n1,old\n"), "2024-01-01T00:00:00Z");
        touch(write("a.csv", "id,v\n1,ahead\n2,kept\n"), "2204-01-01T00:00:00Z");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertHolds("1,ahead", "2,kept");
        write("c.csv", "id,v\n1,later\n");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertHolds("1,later", "2,kept");
        assertThat(things.letters()).isEmpty();
    }

    @Test
    void theGreatestValueOfAFieldWinsWhereverItStands() throws IOException {
        source("greatest", "v");
        write("a.csv", "id,v\n1,9\n2,2024-01-02\n3,\n");
        write("b.csv", "id,v\n1,10\n2,2024-01-01T23:59:59Z\n3,a\n1,8\n");
        write("c.csv", "id,v\n1,-3\n");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertHolds("1,10", "2,2024-01-02", "3,a");
        assertThat(things.run().sinks().get("left").written()).isZero();
        assertThat(things.verify().status()).isEqualTo(Status.SUCCEEDED);
        Files.delete(folder.resolve("b.csv"));
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertHolds("1,9", "2,2024-01-02", "3,");
        assertThat(things.letters()).isEmpty();
    }

    /** Files come, change and go, runs fail half-way: afterwards the sinks hold of each key what the last object has. */
    @Test
    void whateverComesAndGoesTheSinksHoldWhatTheLastObjectsSay() throws IOException {
        source("last", "");
        Random random = new Random(7);
        Map<String, Map<String, String>> files = new TreeMap<>();
        for (int round = 0; round < 25; round++) {
            String name = "f" + random.nextInt(5) + ".csv";
            if (random.nextInt(4) == 0) files.remove(name);
            else files.put(name, rows(random));
            if (files.isEmpty()) files.put(name, rows(random));
            for (int i = 0; i < 5; i++) Files.deleteIfExists(folder.resolve("f" + i + ".csv"));
            for (var file : files.entrySet()) {
                StringBuilder csv = new StringBuilder("id,v\n");
                file.getValue()
                        .forEach((id, v) -> csv.append(id).append(',').append(v).append('\n'));
                write(file.getKey(), csv.toString());
            }
            if (random.nextInt(3) == 0) {
                things.left.meddler = position -> {
                    throw new UnavailableException("away", null);
                };
                things.run();
                things.left.meddler = position -> {};
            }
            assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
            Map<String, String> wanted = new TreeMap<>();
            files.values().forEach(wanted::putAll); // in order of the names: the last wins
            String[] all = wanted.entrySet().stream()
                    .map(e -> e.getKey() + "," + e.getValue())
                    .toArray(String[]::new);
            assertHolds(all);
        }
        assertThat(things.verify().status()).isEqualTo(Status.SUCCEEDED);
    }

    private static Map<String, String> rows(Random random) {
        Map<String, String> rows = new TreeMap<>();
        for (int i = 0; i < 1 + random.nextInt(60); i++) rows.put("k" + random.nextInt(80), "v" + random.nextInt(4));
        return rows;
    }

    private void source(String winner, String field) {
        things.source = ObjectsSources.of(
                folder.toString(),
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
                winner,
                field);
    }

    private Path write(String name, String csv) throws IOException {
        return Files.writeString(folder.resolve(name), csv);
    }

    private static void touch(Path file, String time) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse(time)));
    }

    private void assertHolds(String... rows) {
        Map<String, Hash> wanted = new TreeMap<>();
        byte[] csv = ("id,v\n" + String.join("\n", rows) + "\n").getBytes(StandardCharsets.UTF_8);
        try (var reader = new CsvFormat(",", List.of()).open(new ByteArrayInputStream(csv), "o.csv", List.of("id"))) {
            for (Optional<Record> r = reader.read(b -> {}); r.isPresent(); r = reader.read(b -> {})) {
                wanted.put(r.get().key(), r.get().hash());
            }
        }
        assertThat(new TreeMap<>(things.left.held)).isEqualTo(wanted);
        assertThat(new TreeMap<>(things.right.held)).isEqualTo(wanted);
    }

    private List<String> reasons() {
        return ledger.texts(
                "select reason from ledger.dead_letter d join ledger.flow f on f.id = d.flow where f.name = '"
                        + things.name + "' and d.state = 'open' order by d.object, d.line");
    }
}
