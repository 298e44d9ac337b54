package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.error.StoppedException;
import io.caravan.format.CsvFormat;
import io.caravan.format.TextOptions;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectsSource;
import io.caravan.object.ObjectsSources;
import io.caravan.quality.QualityCheck;
import io.caravan.record.Record;
import io.caravan.run.RunReport.Status;
import io.caravan.schema.SchemaFile;
import io.caravan.source.RecordReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** An object whose rows are too poor by their schema: set aside whole, before any of them goes on. */
class MinimumScoreTest {

    private static final String SCHEMA = """
            columns:
              id: {type: integer, required: true, unique: true}
              v: {type: integer, aliases: [value], minimum: 0, maximum: 9}
            """;

    @RegisterExtension
    static final TestLedger ledger = new TestLedger();

    @TempDir
    Path folder;

    private Things things;
    private Path schema;

    @BeforeEach
    void source() throws IOException {
        things = new Things(ledger);
        schema = Files.writeString(
                Files.createDirectory(folder.resolve("schemas")).resolve("s.yaml"), SCHEMA);
        Files.createDirectory(folder.resolve("in"));
        things.source = source("90");
    }

    @Test
    void aPoorObjectIsSetAsideWholeAndStopsNothingElse() throws IOException {
        write("a.csv", "1,1", "2,2");
        write("b.csv", "11,1", "12,2", "13,3");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);

        write("a.csv", "1,9", "2,many", "3,x");
        write("b.csv", "11,1", "12,4", "13,3");
        RunReport run = things.run();
        String why = "a.csv: score must be 90 or more, got '89', as 2 of 3 values of v are no integer;"
                + " it is set aside whole: fix it or the schema, or lower minimumScore";
        assertThat(run.status()).isEqualTo(Status.PARTIAL);
        assertThat(run.notes()).startsWith(why);
        assertThat(run.recordsRead()).as("not one row of it").isEqualTo(3);
        assertThat(run.sinks().get("left").written()).isEqualTo(1);
        assertThat(run.sinks().get("left").deleted()).isZero();
        assertThat(things.left.held).containsOnlyKeys("1", "2", "11", "12", "13");
        assertThat(things.letters()).containsExactly("a.csv:0 open");
        assertThat(things.verify().notes()).contains(why);

        write("a.csv", "1,9", "2,8", "3,7");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        assertThat(things.left.held).containsOnlyKeys("1", "2", "3", "11", "12", "13");
        assertThat(things.letters()).containsExactly("a.csv:0 gone");
    }

    @Test
    void columnsThatAreCalledOtherwiseCountAndThoseThatAreMissingAreTheWorst() throws IOException {
        Files.writeString(folder.resolve("in/a.csv"), "ID,value\n1,1\n2,2\n");
        assertThat(things.run().status()).isEqualTo(Status.SUCCEEDED);
        Files.writeString(folder.resolve("in/b.csv"), "v\n1\nx\n\u0007\n");
        things.source = source("99");
        assertThat(things.run().notes())
                .singleElement()
                .asString()
                .startsWith("b.csv: score must be 99 or more, got '")
                .contains("as required column id is missing; ");
    }

    /** The score is that of {@code check-quality}, whatever the rows are. */
    @Test
    void exactlyTheObjectsThatScoreAsMuchGoOn() throws IOException {
        Random random = new Random(11);
        for (int round = 0; round < 30; round++) {
            List<String> rows = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(40); i++) {
                String id = random.nextInt(8) == 0 ? "" : String.valueOf(random.nextInt(60));
                String v = List.of("1", "7", "12", "x", "").get(random.nextInt(random.nextInt(5) + 1));
                rows.add(random.nextInt(12) == 0 ? "only" + id : id + "," + v);
            }
            int minimum = 60 + random.nextInt(41);
            things = new Things(ledger);
            things.limits = new Limits(100, 10, 100, Tolerance.parse("100%"), 0);
            things.source = source(String.valueOf(minimum));
            write("o.csv", rows.toArray(String[]::new));
            RunReport run = things.run();
            int score = score(rows);
            assertThat(run.notes().stream().anyMatch(note -> note.contains("got '" + score + "'")))
                    .as("%s of %s: %s", score, minimum, run)
                    .isEqualTo(score < minimum);
            assertThat(run.recordsRead()).isEqualTo(score < minimum ? 0 : rows.size());
        }
    }

    private int score(List<String> rows) {
        byte[] csv = ("id,v\n" + String.join("\n", rows) + "\n").getBytes(StandardCharsets.UTF_8);
        var check = QualityCheck.of(SchemaFile.load("test", "schema", schema.toString()))
                .begin();
        try (RecordReader reader =
                new CsvFormat(",", List.of()).open(new ByteArrayInputStream(csv), "o.csv", List.of())) {
            for (Optional<Record> r = reader.read(b -> check.bad(b.reason()));
                    r.isPresent();
                    r = reader.read(b -> check.bad(b.reason()))) check.add(r.get());
        }
        return check.end().score();
    }

    @Test
    void whoIsStoppedWhileALongObjectIsScoredStops() throws IOException {
        String[] rows = new String[3_000];
        for (int i = 0; i < rows.length; i++) rows[i] = i + ",1";
        write("a.csv", rows);
        ObjectsSource source = source("80");
        try (RecordReader reader = source.open(source.objects().next())) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> reader.read(bad -> {})).isInstanceOf(StoppedException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aMinimumThatIsNoneAndOneWithoutASchemaAreRefused() {
        for (String wrong : List.of("0", "101", "80 %", "-1"))
            assertThatThrownBy(() -> source(wrong))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("objects-source: minimumScore must be blank or 1 to 100, got '" + wrong + "'");
        schema = Path.of("");
        assertThatThrownBy(() -> source("80"))
                .hasMessage("objects-source: minimumScore must be blank without schema, by which rows are scored, got"
                        + " '80'");
        assertThat(source("")).isNotNull();
    }

    private void write(String name, String... rows) throws IOException {
        Files.writeString(folder.resolve("in").resolve(name), "id,v\n" + String.join("\n", rows) + "\n");
    }

    private ObjectsSource source(Object minimum) {
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
                "last",
                "",
                "",
                "",
                schema.toString(),
                "",
                minimum,
                "",
                TextOptions.DEFAULT);
    }
}
