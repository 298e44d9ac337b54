package io.caravan.vector;

import static io.caravan.vector.VectorRecords.COLLECTION;
import static io.caravan.vector.VectorRecords.gone;
import static io.caravan.vector.VectorRecords.record;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.delivery.MarkerContract;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LuceneSinkTest extends VectorSinkContract<LuceneSink> {

    private static final Duration LONG = Duration.ofMinutes(10);

    @TempDir
    private Path folder;

    @Override
    LuceneSink sink(VectorCollection collection) {
        return new LuceneSink("vectors", folder.toString(), collection, LONG);
    }

    @Override
    VectorSearch search(VectorCollection collection) {
        return new LuceneSearch(folder.toString(), collection);
    }

    @Override
    String unit() {
        return "lucene-sink";
    }

    @Override
    int maxBytes() {
        return 32_766;
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
    void theMarkerIsThereUntilTheIndexIsEmptiedInAnyWay() throws Exception {
        List<Record> records = List.of(record("1", "ann", 1, 0), record("2", "bob", 0, 0));
        Path index = folder.resolve("index");
        MarkerContract<LuceneSink> markers = new MarkerContract<>(
                () -> new LuceneSink("vectors", index.toString(), COLLECTION, LONG), records, gone("1"));
        markers.keeps();
        delete(index, true);
        markers.loses("rm -r of the folder", () -> delete(index, true));
        delete(index, true);
        markers.loses("rm of all files in it", () -> delete(index, false));
    }

    @Test
    void anIndexWithoutARecordHasNoMarker() {
        sink.mark("p/vectors", "0".repeat(32));
        assertThat(sink.marker("p/vectors")).isEmpty();
        write(record("1", "ann", 1, 0));
        assertThat(sink.marker("p/vectors")).contains("0".repeat(32));
        write(gone("1"));
        assertThat(sink.marker("p/vectors")).isEmpty();
    }

    private static void delete(Path folder, boolean itself) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.toList()) Files.delete(file);
        }
        if (itself) Files.delete(folder);
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
        assertThat(keys(sink)).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void opensTheFolderAtTheFirstWriteOnly() throws IOException {
        assertThat(keys(sink)).isEmpty();
        assertThat(sink.differing(List.of(gone("1")))).isEmpty();
        assertThat(search.vectorsOf("user_id", "ann", toList())).isEmpty();
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
        assertThat(keys(sink)).containsExactlyInAnyOrder("1", "2", "3");
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
            assertThat(keys(sink)).as("open: " + open).doesNotContain("1");
            write(record("2", "bob", 0, 1));
        }
        write(record("1", "ann", 1, 0));
        assertThat(keys(sink)).containsExactlyInAnyOrder("1", "2");
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
            assertThat(keys(sink)).as("readers lock nothing").containsAll(acknowledged);
            writer.toHandle().destroyForcibly();
            for (String line = out.readLine(); line != null; line = out.readLine()) acknowledged.add(line);
        } finally {
            writer.destroyForcibly();
        }
        assertThat(writer.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(writer.exitValue()).as("killed").isEqualTo(137);

        write(record("mine", "ann", 1, 0));
        List<String> kept = keys(sink);
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
