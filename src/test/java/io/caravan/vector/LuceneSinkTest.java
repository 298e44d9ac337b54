package io.caravan.vector;

import static io.caravan.vector.VectorRecords.COLLECTION;
import static io.caravan.vector.VectorRecords.gone;
import static io.caravan.vector.VectorRecords.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.delivery.Refusal;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.record.Record;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class LuceneSinkTest {

    private static final Duration LONG = Duration.ofMinutes(10);

    @TempDir
    private Path folder;

    private LuceneSink sink;
    private LuceneSearch search;

    @BeforeEach
    void open() {
        sink = sink(LONG);
        search = new LuceneSearch(folder.toString(), COLLECTION);
    }

    @AfterEach
    void close() {
        search.close();
        sink.close();
    }

    @Test
    void replacesByKeyAndDeletesByKey() {
        assertThat(write(record("1", "ann", 1, 0), record("2", "bob", 0, 1), record("3", "bob", 0, 1)))
                .isEmpty();
        assertThat(keys()).containsExactlyInAnyOrder("1", "2", "3");
        assertThat(search.vectorsOf("user_id", "bob")).containsExactly(new float[] {0, 1}, new float[] {0, 1});

        assertThat(write(record("1", "cid", 0.5f, 0), gone("2"), gone("never there")))
                .isEmpty();
        assertThat(keys()).containsExactlyInAnyOrder("1", "3");
        assertThat(search.vectorsOf("user_id", "ann")).isEmpty();
        assertThat(search.vectorsOf("user_id", "bob")).containsExactly(new float[] {0, 1});
        assertThat(search.vectorsOf("user_id", "cid")).containsExactly(new float[] {0.5f, 0});
    }

    @Test
    void keepsWhatItHeldWhenOpenedAgain() {
        write(record("1", "ann", 1, 0), record("2", "bob", 0, 0));
        sink.close();
        try (LuceneSink again = sink(LONG)) {
            assertThat(again.differing(List.of(record("1", "ann", 1, 0), record("2", "bob", 0, 0))))
                    .isEmpty();
            again.write(List.of(record("2", "bob", 0, 1)));
        }
        assertThat(keys()).containsExactlyInAnyOrder("1", "2");
        assertThat(search.vectorsOf("user_id", "bob")).containsExactly(new float[] {0, 1});
    }

    @Test
    void writesNothingWhenNothingChanges() throws IOException {
        List<Record> batch = List.of(record("1", "ann", 1, 0), record("2", "bob", 0, 0), record("3", null, 0, 1));
        sink.write(batch);
        List<String> before = files();
        sink.write(batch);
        sink.write(List.of(gone("4")));
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void keepsEachDistinctVectorOnceAndOnlyWhileARecordHasIt() throws IOException {
        write(record("1", "ann", 1, 0), record("2", "bob", 1, 0), record("3", "cid", 0, 1));
        assertThat(vectors()).isEqualTo(2);
        write(record("1", "ann", 0, 1));
        assertThat(vectors()).as("still that of record 2").isEqualTo(2);
        write(gone("2"), record("4", "dan", 0.5f, 0.5f));
        assertThat(vectors()).isEqualTo(2);
        write(gone("4"), record("3", "cid", 0.5f, 0.5f));
        assertThat(vectors()).as("left by 4, taken by 3").isEqualTo(2);
        write(gone("1"), gone("3"), gone("4"));
        assertThat(vectors()).isZero();
    }

    @Test
    void tellsWhichRecordsDiffer() {
        assertThat(sink.differing(List.of(record("1", "ann", 1, 0), gone("2")))).containsExactly("1");
        write(record("1", "ann", 1, 0), record("2", "bob", 0, 0), record("3", null, 0, 1), record("4", "dan", 1, 0));
        assertThat(sink.differing(List.of(
                        record("1", "ann", 1, 0), record("2", "bob", 0, 0), record("3", null, 0, 1), gone("5"))))
                .isEmpty();
        assertThat(sink.differing(List.of(
                        record("1", "bob", 1, 0),
                        record("2", "bob", 0, 1e-3f),
                        record("3", "", 0, 1),
                        gone("4"),
                        record("6", "eve", 1, 0))))
                .containsExactlyInAnyOrder("1", "2", "3", "4", "6");
    }

    @Test
    void refusesRecordsItCannotHoldAndKeepsTheRest() {
        String wide = "x".repeat(40_000);
        List<Refusal> refused = write(
                record("1", "ann", null),
                record("2", "bob", "text"),
                record("3", "cid", new float[] {1, 2, 3}),
                record("4", "dan", Float.NaN, 1),
                record("5", "eve", 1e30f, 1),
                record("6", new byte[1], new float[] {1, 0}),
                record("7", wide, new float[] {1, 0}),
                record("8", "gil", 1, 0));
        assertThat(refused)
                .extracting(r -> r.record().key() + ": " + r.reason())
                .containsExactly(
                        "1: lucene-sink: embedding must be a vector, got 'nothing'",
                        "2: lucene-sink: embedding must be a vector, got 'String'",
                        "3: lucene-sink: embedding must have 2 dimensions, got '3'",
                        "4: lucene-sink: embedding must have a length of 1e-19 to 1e19, got 'NaN'",
                        "5: lucene-sink: embedding must have a length of 1e-19 to 1e19, got 'Infinity'",
                        "6: lucene-sink: user_id must be a scalar, got 'byte[]'",
                        "7: lucene-sink: user_id must have at most 32766 bytes, got '40000'");
        assertThat(keys()).containsExactly("8");
    }

    @Test
    void namesAllWrongSettings() {
        assertThatThrownBy(() -> new LuceneSink("", " ", "user_data", "id", "embedding", 2_000, "", 0))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(String.join(
                        System.lineSeparator(),
                        "lucene-sink: sink must not be blank, got ''",
                        "lucene-sink: path must not be blank, got ' '",
                        "lucene-sink: dimensions must be 1 to 1024, got '2000'",
                        "lucene-sink: idleMillis must be 1 to 3600000, got '0'"));
        assertThatThrownBy(() -> VectorCollection.of("../x", "id", "id", 0, "a b"))
                .hasMessageContaining("vector collection: name must match [A-Za-z_][A-Za-z0-9_]*, got '../x'")
                .hasMessageContaining("dimensions must be 1 to 32768, got '0'")
                .hasMessageContaining("scalarFields must match [A-Za-z_][A-Za-z0-9_]*, got 'a b'")
                .hasMessageContaining("fields must have names of their own, got 'id, id, a b'");
    }

    @Test
    void saysThatAnotherModelNeedsAnotherCollection() {
        write(record("1", "ann", 1, 0));
        sink.close();
        VectorCollection wider = new VectorCollection("user_data", "record_id", "embedding", 3, List.of("user_id"));
        try (LuceneSink other = new LuceneSink("vectors", folder.toString(), wider, LONG)) {
            String problem = "lucene-sink: dimensions must be 2 as in " + folder
                    + ", got '3'; for another model choose another collection, or remove the folder";
            assertThatThrownBy(() -> other.write(List.of(record("2", "bob", new float[] {1, 2, 3}))))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage(problem);
            assertThat(other.check()).contains(problem);
        }
        assertThat(sink.check()).isEmpty();
        write(record("2", "bob", 0, 1));
        assertThat(keys()).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void opensTheFolderAtTheFirstWriteOnly() throws IOException {
        assertThat(keys()).isEmpty();
        assertThat(sink.differing(List.of(gone("1")))).isEmpty();
        assertThat(search.vectorsOf("user_id", "ann")).isEmpty();
        assertThat(files()).isEmpty();
        assertThat(sink.writing()).isFalse();
    }

    @Test
    void freesTheFolderWhenNothingIsWrittenForAWhile() throws Exception {
        try (LuceneSink brief = sink(Duration.ofMillis(50))) {
            brief.write(List.of(record("1", "ann", 1, 0)));
            while (brief.writing()) Thread.onSpinWait();
            sink.write(List.of(record("2", "bob", 0, 1)));
            sink.close();
            brief.write(List.of(record("3", "cid", 0, 1)));
        }
        assertThat(keys()).containsExactlyInAnyOrder("1", "2", "3");
    }

    @Test
    void blamesNoRecordForAnInterruptAndGoesOnAfterIt() {
        for (boolean open : List.of(false, true)) {
            Thread.currentThread().interrupt();
            try {
                assertThatThrownBy(() -> write(record("1", "ann", 1, 0))).isInstanceOf(UnavailableException.class);
            } finally {
                assertThat(Thread.interrupted()).isTrue();
            }
            assertThat(keys()).as("open: " + open).doesNotContain("1");
            write(record("2", "bob", 0, 1));
        }
        write(record("1", "ann", 1, 0));
        assertThat(keys()).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void letsOneProcessWriteAtATimeAndSurvivesItsKilling() throws Exception {
        Process writer = child();
        List<String> acknowledged = new ArrayList<>();
        try (BufferedReader out = writer.inputReader(StandardCharsets.UTF_8)) {
            while (acknowledged.size() < 20) acknowledged.add(out.readLine());
            assertThatThrownBy(() -> write(record("mine", "ann", 1, 0)))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage("vectors: " + folder + " is being written by another process or sink; wait until it has"
                            + " ended, or choose another folder with path");
            assertThat(keys()).as("readers lock nothing").containsAll(acknowledged);
            writer.toHandle().destroyForcibly();
            for (String line = out.readLine(); line != null; line = out.readLine()) acknowledged.add(line);
        } finally {
            writer.destroyForcibly();
        }
        assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(writer.exitValue()).as("killed").isEqualTo(137);

        write(record("mine", "ann", 1, 0));
        List<String> kept = keys();
        assertThat(kept).doesNotHaveDuplicates().contains("mine").containsAll(acknowledged);
        // of a batch that was not acknowledged all or nothing is there
        assertThat((kept.size() - 1) % 10).isZero();
    }

    private Process child() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writing.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Writes batches of ten and says the last key of each when it is acknowledged, until it is killed. */
    static final class Writing {
        public static void main(String[] args) {
            try (LuceneSink sink = new LuceneSink("vectors", args[0], COLLECTION, LONG)) {
                for (int batch = 0; ; batch++) {
                    int first = batch * 10;
                    sink.write(IntStream.range(first, first + 10)
                            .mapToObj(i -> record("" + i, "user" + i % 7, i + 1, 1))
                            .toList());
                    System.out.println(first + 9);
                }
            }
        }
    }

    private LuceneSink sink(Duration idle) {
        return new LuceneSink("vectors", folder.toString(), COLLECTION, idle);
    }

    private List<Refusal> write(Record... batch) {
        return sink.write(List.of(batch));
    }

    private List<String> keys() {
        try (Stream<String> keys = sink.keys()) {
            return keys.toList();
        }
    }

    private int vectors() throws IOException {
        try (FSDirectory directory = FSDirectory.open(folder);
                DirectoryReader reader = DirectoryReader.open(directory)) {
            int[] count = {0};
            for (var leaf : reader.leaves()) {
                var values = leaf.reader().getFloatVectorValues(LuceneIndex.VECTOR);
                var live = leaf.reader().getLiveDocs();
                if (values == null) continue;
                for (int d = values.nextDoc(); d != Integer.MAX_VALUE; d = values.nextDoc()) {
                    if (live == null || live.get(d)) count[0]++;
                }
            }
            return count[0];
        }
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).sorted().toList();
        }
    }
}
