package io.caravan.object;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.delivery.EndedRun;
import io.caravan.delivery.MarkerContract;
import io.caravan.delivery.Refusal;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.format.Compression;
import io.caravan.format.JsonlForm;
import io.caravan.record.ContentHash;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectsSinkTest {

    private static final Fields FIELDS = Fields.of("id", "campaign", "size");

    @TempDir
    Path folder;

    @Test
    void holdsTheNewestFormOfEachRecordSortedInDeterministicObjects() throws IOException {
        try (ObjectsSink sink = sink("jsonl", "none", 2, "")) {
            write(sink, record("b", "x", 1L), record("a", "x", 2L), record("c", "x", 3L), record("d", "y", 4L));
            assertThat(files()).isEmpty();
            assertThat(sink.flush()).isEmpty();
            Map<String, String> first = files();
            assertThat(first.keySet())
                    .containsExactly("out/part-00000-of-00002.jsonl", "out/part-00001-of-00002.jsonl");
            assertThat(String.join("", first.values()).lines().sorted())
                    .containsExactly(
                            "{\"_key\":\"a\",\"id\":\"a\",\"campaign\":\"x\",\"size\":2}",
                            "{\"_key\":\"b\",\"id\":\"b\",\"campaign\":\"x\",\"size\":1}",
                            "{\"_key\":\"c\",\"id\":\"c\",\"campaign\":\"x\",\"size\":3}",
                            "{\"_key\":\"d\",\"id\":\"d\",\"campaign\":\"y\",\"size\":4}");
            write(sink, record("a", "x", 20L), deleted("b"), record("e", "x", 5L), deleted("no such"));
            write(sink, record("e", "x", 6L));
            sink.flush();
            assertThat(keys(sink)).containsExactly("a", "c", "d", "e");
            assertThat(sink.differing(List.of(
                            record("a", "x", 20L),
                            record("c", "x", 0L),
                            record("e", "x", 6L),
                            deleted("b"),
                            deleted("d"))))
                    .containsExactlyInAnyOrder("c", "d");
            write(sink, deleted("a"), deleted("c"), deleted("d"), deleted("e"));
            sink.flush();
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void whatARunPutAndDeletedStandsBesideAndIsNoData() throws IOException {
        try (ObjectsSink sink = ObjectsSinks.of(
                "s",
                folder.toString(),
                "out/",
                "parquet",
                "none",
                1,
                "campaign",
                "_key",
                "",
                ",",
                false,
                true,
                ObjectAccess.DEFAULT)) {
            write(sink, record("a", "x", 1L), record("b", "x", 2L), record("c", "y", 3L), record("d", "z", 4L));
            sink.flush();
            sink.ended(run(1));
            write(sink, deleted("d"), of(Fields.of("id", "campaign", "more"), "c", "c", "y", 9L));
            sink.flush();
            sink.ended(run(2));
            sink.ended(run(3));
            assertThat(keys(sink)).containsExactly("a", "b", "c");
            assertThat(sink.differing(List.of(record("a", "x", 1L)))).isEmpty();
        }
        assertThat(manifest(1)).isEqualTo("silver ten x:2 y:1 z:1 []");
        assertThat(manifest(2))
                .as("x has a column more")
                .isEqualTo("silver ten x:2 y:1 [\"out/campaign=z/part-00000-of-00001.parquet\"]");
        assertThat(folder.resolve("out/_caravan-runs/run-3.json")).doesNotExist();
        Iterator<SourceObject> data = ObjectMarkers.without(new FileObjectStore(folder).list("out/", new Glob("*")));
        assertThat(data).toIterable().extracting(SourceObject::name).hasSize(2).allMatch(n -> n.endsWith(".parquet"));
    }

    private static EndedRun run(long number) {
        return new EndedRun(number, "silver", "ten", Instant.EPOCH);
    }

    /** Sizes and etags of the last are those that the store says. */
    private String manifest(int run) throws IOException {
        JsonNode said = new ObjectMapper()
                .readTree(
                        folder.resolve("out/_caravan-runs/run-" + run + ".json").toFile());
        StringBuilder text = new StringBuilder(
                said.get("pipeline").asText() + " " + said.get("tenant").asText());
        for (JsonNode object : said.get("objects")) {
            String key = object.get("key").asText();
            if (run == 2) {
                SourceObject stored =
                        new FileObjectStore(folder).list(key, new Glob("*")).next();
                assertThat(object.get("size").asLong()).isEqualTo(stored.size());
                assertThat(object.get("etag").asText()).isEqualTo(stored.etag());
            }
            text.append(" ")
                    .append(key.replaceAll("out/campaign=(.*)/.*", "$1:"))
                    .append(object.get("records"));
        }
        return text.append(" ").append(said.get("deleted")).toString();
    }

    @Test
    void flushingNothingTouchesNothingAndDiscardingForgets() throws IOException {
        try (ObjectsSink sink = sink("jsonl", "gzip", 4, "")) {
            write(sink, record("a", "x", 1L));
            sink.discard();
            sink.flush();
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void memoryDoesNotGrowWithTheRecordsOfAPartition() throws IOException {
        try (ObjectsSink sink = sink("jsonl", "none", 1, "campaign")) {
            long early = 0;
            for (int i = 0; i < 200_000; i += 500) {
                int from = i;
                write(
                        sink,
                        IntStream.range(from, from + 500)
                                .mapToObj(n -> record("key ".repeat(20) + n, "x", (long) n))
                                .toArray(Record[]::new));
                if (i == 50_000) early = held();
            }
            assertThat(held() - early).as("bytes for 150,000 records more").isLessThan(15L << 20);
        }
    }

    private static long held() {
        System.gc();
        Runtime memory = Runtime.getRuntime();
        return memory.totalMemory() - memory.freeMemory();
    }

    @Test
    void aRecordLeavesTheFolderOfItsOldValue() throws IOException {
        try (ObjectsSink sink = sink("csv", "none", 1, "campaign")) {
            write(
                    sink,
                    record("a", "Spring", 1L),
                    record("b", "a/b=é", 2L),
                    record("c", null, 3L),
                    record("d", "", 4L));
            sink.flush();
            assertThat(files().keySet())
                    .containsExactly(
                            "out/campaign=/part-00000-of-00001.csv",
                            "out/campaign=Spring/part-00000-of-00001.csv",
                            "out/campaign=__HIVE_DEFAULT_PARTITION__/part-00000-of-00001.csv",
                            "out/campaign=a%2Fb%3D%C3%A9/part-00000-of-00001.csv");
            write(sink, record("a", "..", 1L), record("b", "x", 2L), record("b", "Spring", 2L), deleted("c"));
            sink.flush();
            assertThat(files())
                    .isEqualTo(Map.of(
                            "out/campaign=/part-00000-of-00001.csv", "_key,id,campaign,size\nd,d,\"\",4\n",
                            "out/campaign=%2E%2E/part-00000-of-00001.csv", "_key,id,campaign,size\na,a,..,1\n",
                            "out/campaign=Spring/part-00000-of-00001.csv", "_key,id,campaign,size\nb,b,Spring,2\n"));
        }
        try (ObjectsSink another = sink("csv", "none", 1, "campaign")) {
            write(another, record("b", "..", 9L), deleted("d"));
            another.flush();
            assertThat(keys(another)).containsExactly("a", "b");
            assertThat(files().keySet()).containsExactly("out/campaign=%2E%2E/part-00000-of-00001.csv");
        }
    }

    @ParameterizedTest
    @CsvSource({"jsonl,gzip,''", "csv,zstd,''", "parquet,zstd,''", "jsonl,snappy,campaign", "csv,none,campaign"})
    void anySequenceOfChangesAndCrashesEndsWithExactlyWhatIsThere(String format, String compression, String by)
            throws IOException {
        for (int seed = 0; seed < 15; seed++) {
            Random random = new Random(seed);
            Path root = Files.createDirectories(folder.resolve("w" + seed));
            Map<String, Record> expected = new TreeMap<>();
            Map<String, Record> unacknowledged = new HashMap<>();
            for (int run = 0; run < 8; run++) {
                for (int i = random.nextInt(40); i > 0; i--) {
                    String key = "k" + random.nextInt(30);
                    Record change = random.nextInt(3) == 0
                            ? deleted(key)
                            : record(key, random.nextInt(4) == 0 ? null : "c" + random.nextInt(3), random.nextLong());
                    unacknowledged.put(key, change);
                    if (change.deleted()) expected.remove(key);
                    else expected.put(key, change);
                }
                int crashAfter = random.nextInt(6);
                try (ObjectsSink sink = ObjectsSinks.of(
                        "s",
                        root.toString(),
                        "p/",
                        format,
                        compression,
                        3,
                        by,
                        "_key",
                        "",
                        ",",
                        false,
                        false,
                        ObjectAccess.DEFAULT)) {
                    CrashingStore store = new CrashingStore(new FileObjectStore(root), run < 7 ? crashAfter : 999);
                    ObjectsSink crashing = sink.over(store);
                    crashing.discard();
                    write(crashing, unacknowledged.values().toArray(Record[]::new));
                    try {
                        crashing.flush();
                        unacknowledged.clear();
                    } catch (UnavailableException e) {
                        crashing.close();
                        continue;
                    }
                    assertThat(keys(crashing)).containsExactlyElementsOf(expected.keySet());
                    assertThat(crashing.differing(List.copyOf(expected.values())))
                            .isEmpty();
                    crashing.close();
                }
            }
        }
    }

    @Test
    void moreChangesThanMemoryHoldsAreSortedOnDisk() throws IOException {
        Spool spool = new Spool(20_000);
        Random random = new Random(1);
        Map<String, Integer> newest = new TreeMap<>();
        for (int i = 0; i < 50_000; i++) {
            int key = random.nextInt(20_000);
            newest.put("o" + key % 7 + " k" + key, i);
            spool.add(new Spool.Change(
                    "o" + key % 7, "k" + key, Integer.toString(i).getBytes(UTF_8)));
        }
        Map<String, Integer> sorted = new LinkedHashMap<>();
        try (Spool.Newest changes = spool.sorted()) {
            changes.forEachRemaining(
                    c -> sorted.put(c.object() + " " + c.key(), Integer.valueOf(new String(c.row(), UTF_8))));
        }
        assertThat(sorted).isEqualTo(newest);
        assertThat(sorted.keySet()).containsExactlyElementsOf(newest.keySet());
        spool.close();
        assertThat(spool.isEmpty()).isTrue();
    }

    @Test
    void refusesWhatItsFormatCannotHoldAndKeepsTheRest() throws IOException {
        try (ObjectsSink sink = sink("jsonl", "none", 1, "")) {
            List<Refusal> refused = sink.write(List.of(
                    record("a", "\ud800", 1L),
                    record("b", "x", Double.NaN),
                    record("k".repeat(2000), "x", 1L),
                    record("", "x", 1L),
                    record("c", "x", new BigDecimal("1e20000")),
                    record("good", "x", 1L),
                    of(Fields.of("_key"), "d", "x")));
            assertThat(refused)
                    .extracting(Refusal::reason)
                    .containsExactly(
                            "record: field 'campaign' must hold no half surrogate pair, got 'one at character 0'",
                            "record: field 'size' must be a finite number, got 'NaN'",
                            "record: key must not be blank, hold no NUL and be at most 1990 bytes, got '"
                                    + "k".repeat(100) + "…'",
                            "record: key must not be blank, hold no NUL and be at most 1990 bytes, got ''",
                            "record: field 'size' must have at most 1000 digits and an exponent of at most 10000, got '1 digits'",
                            "record: field '_key' must have another name than keyColumn, or be excluded, got '_key'");
            sink.flush();
            assertThat(keys(sink)).containsExactly("good");
        }
    }

    @ParameterizedTest
    @CsvSource({"jsonl", "csv", "parquet"})
    void everyTypeOfValueIsHeldAndFoundTheSame(String format) throws IOException {
        Fields fields =
                Fields.of("i", "dec", "dbl", "t", "s", "e", "n", "date", "local", "at", "bytes", "vec", "list", "map");
        Object[] values = {
            123456789012345678L,
            new BigDecimal("12345678901234567890.123456789"),
            0.1,
            true,
            "=1+1 \"q\", é😀\n\r\0\uFEFF",
            "",
            null,
            LocalDate.of(2024, 2, 29),
            LocalDateTime.of(2024, 2, 29, 1, 2),
            Instant.parse("2024-02-29T01:02:03.123456789Z"),
            new byte[] {0, -1},
            new float[] {0.1f, -2},
            Arrays.asList(1L, null, "x", List.of(LocalDate.EPOCH)),
            Map.of("k", new BigDecimal("1.50"), "l", Map.of())
        };
        Record record = of(fields, "key/..\"'", values);
        try (ObjectsSink sink = ObjectsSinks.of(
                "s",
                folder.toString(),
                "out/",
                format,
                "none",
                1,
                "",
                "_key",
                "",
                ",",
                true,
                false,
                ObjectAccess.DEFAULT)) {
            write(sink, record, record("z", "'=x", 1L));
            sink.flush();
            assertThat(sink.differing(List.of(record, record("z", "'=x", 1L)))).isEmpty();
            assertThat(sink.differing(List.of(record.with("at", Instant.EPOCH))))
                    .containsExactly("key/..\"'");
            Map<String, String> once = files();
            write(sink, record("y", "x", 1L));
            sink.flush();
            write(sink, deleted("y"));
            sink.flush();
            assertThat(files()).isEqualTo(once);
        }
    }

    @Test
    void objectsOfOtherSettingsAreNotMixedWithOurs() throws IOException {
        try (ObjectsSink sink = sink("jsonl", "none", 2, "")) {
            write(sink, record("a", "x", 1L));
            sink.flush();
        }
        try (ObjectsSink other = sink("jsonl", "none", 3, "")) {
            write(other, record("a", "x", 1L));
            assertThatThrownBy(other::flush)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageMatching(
                            "objects-sink: what is below prefix 'out/' must be written with these settings, got"
                                    + " 'out/part-0000.-of-00002.jsonl'; delete what is there or choose another prefix, the next run"
                                    + " writes everything again");
            assertThat(other.check()).isPresent();
        }
    }

    @ParameterizedTest
    @CsvSource({"out/,''", "out/,campaign", "'',''", "out/part-,''"})
    void theMarkerIsThereUntilTheObjectsAreDeletedInAnyWay(String prefix, String by) throws Exception {
        MarkerContract<ObjectsSink> markers = new MarkerContract<>(
                () -> sink(folder, prefix, by),
                List.of(record("a", "x", 1L), record("b", "y", 2L), record("c", null, 3L)),
                deleted("a"));
        markers.keeps();
        delete(".*");
        markers.loses("deletion of all below the prefix", () -> delete(".*"));
        delete(".*");
        markers.loses("deletion of what holds records", () -> delete(".*\\.jsonl"));
    }

    @Test
    void aSourceOfWhatTheSinkWroteReadsTheRecordsOnly() throws Exception {
        try (ObjectsSink sink = sink("jsonl", "none", 2, "")) {
            sink.mark("p/objects", "0123456789abcdef0123456789abcdef");
            write(sink, record("a", "x", 1L), record("b", "y", 2L), record("c", "x", 3L), record("d", "y", 4L));
            sink.flush();
        }
        assertThat(files().keySet())
                .filteredOn(name -> name.startsWith("out/_caravan-"))
                .singleElement()
                .asString()
                .endsWith("-0123456789abcdef0123456789abcdef");
        Files.writeString(folder.resolve("out/_caravan-notes.txt"), "somebody's own");
        try (ObjectsSource source = new ObjectsSource(
                new FileObjectStore(folder), new JsonlForm(Compression.NONE), "", "*", List.of("id"))) {
            assertThat(source.objects())
                    .toIterable()
                    .extracting(SourceObject::name)
                    .containsExactly(
                            "out/_caravan-notes.txt", "out/part-00000-of-00002.jsonl", "out/part-00001-of-00002.jsonl");
        }
    }

    private void delete(String pattern) throws IOException {
        for (String file : files().keySet()) {
            if (file.matches(pattern)) Files.delete(folder.resolve(file));
        }
    }

    @Test
    void aFolderThatIsMissingIsMadeByTheFirstBatchAndUntilThenHoldsNothing() throws IOException {
        Path output = folder.resolve("a/b/c");
        for (String by : List.of("", "campaign")) {
            try (ObjectsSink sink = sink(output, by)) {
                assertThat(sink.check()).isEmpty();
                assertThat(keys(sink)).isEmpty();
                assertThat(sink.differing(List.of(record("a", "x", 1L)))).containsExactly("a");
                assertThat(Files.exists(folder.resolve("a"))).isFalse();
                write(sink, record("a", "x", 1L));
                assertThat(Files.isDirectory(output)).isTrue();
                assertThat(sink.flush()).isEmpty();
                assertThat(keys(sink)).containsExactly("a");
                assertThat(sink.check()).isEmpty();
            }
            try (Stream<Path> all = Files.walk(folder.resolve("a"))) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
            }
        }
    }

    @Test
    void aFolderThatCannotBeMadeFailsTheFirstBatchAndTheCheckAndSaysWhatIsInTheWay() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));
        for (Path output : List.of(file, file.resolve("a/b"), link, link.resolve("a"))) {
            Path inTheWay = output.startsWith(file) ? file : link;
            String why = "s: output must be a folder that is there or can be made, got '" + output + "' (" + inTheWay
                    + " is no folder); create it, grant write access or correct 'output'";
            for (String by : List.of("", "campaign")) {
                try (ObjectsSink sink = sink(output, by)) {
                    assertThatThrownBy(() -> write(sink, record("a", "x", 1L)))
                            .isInstanceOf(ConfigurationException.class)
                            .hasMessage(why);
                    assertThat(sink.check()).contains(why);
                }
            }
        }
    }

    private static ObjectsSink sink(Path output, String by) {
        return ObjectsSinks.of(
                "s",
                output.toString(),
                "out/",
                "jsonl",
                "none",
                1,
                by,
                "_key",
                "",
                ",",
                false,
                false,
                ObjectAccess.DEFAULT);
    }

    @Test
    void allThatIsWrongIsSaidAtOnce() {
        assertThatThrownBy(() -> ObjectsSinks.of(
                        "s",
                        "ftp://x",
                        "/a",
                        "xml",
                        "rar",
                        0,
                        "a b",
                        "k k",
                        "",
                        ",",
                        false,
                        false,
                        ObjectAccess.DEFAULT))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("objects-sink: output must be a folder")
                .hasMessageEndingWith(String.join(
                        System.lineSeparator(),
                        "objects-sink: compression must be none, gzip, zstd or snappy, got 'rar'",
                        "objects-sink: prefix must not begin with / nor have a part that is empty or begins with a dot, got '/a'",
                        "objects-sink: partitions must be 1 to 10000, got '0'",
                        "objects-sink: partitionBy must match [A-Za-z_][A-Za-z0-9_]*, got 'a b'",
                        "objects-sink: keyColumn must match [A-Za-z_][A-Za-z0-9_]*, got 'k k'"));
        assertThat(new JsonlForm(Compression.GZIP).suffix()).isEqualTo(".jsonl.gz");
    }

    /** A store whose machine dies after so many puts and deletes. */
    record CrashingStore(ObjectStore store, int[] left) implements ObjectStore {

        CrashingStore(ObjectStore store, int left) {
            this(store, new int[] {left});
        }

        @Override
        public Iterator<SourceObject> list(String prefix, Glob name) {
            return store.list(prefix, name);
        }

        @Override
        public InputStream open(SourceObject object) {
            return store.open(object);
        }

        @Override
        public String put(String name, Content content) {
            live();
            return store.put(name, content);
        }

        @Override
        public Optional<String> create(String name, Content content) {
            live();
            return store.create(name, content);
        }

        @Override
        public Optional<String> replace(String name, String etag, Content content) {
            live();
            return store.replace(name, etag, content);
        }

        @Override
        public Optional<StoredObject> read(String name, int mostBytes) {
            return store.read(name, mostBytes);
        }

        @Override
        public void check() {
            store.check();
        }

        @Override
        public void delete(String name) {
            live();
            store.delete(name);
        }

        private void live() {
            if (left[0]-- <= 0) throw new UnavailableException("killed", null);
        }
    }

    private ObjectsSink sink(String format, String compression, int partitions, String by) {
        return ObjectsSinks.of(
                "s",
                folder.toString(),
                "out/",
                format,
                compression,
                partitions,
                by,
                "_key",
                "",
                ",",
                false,
                false,
                ObjectAccess.DEFAULT);
    }

    private static ObjectsSink sink(Path folder, String prefix, String by) {
        return ObjectsSinks.of(
                "s",
                folder.toString(),
                prefix,
                "jsonl",
                "none",
                2,
                by,
                "_key",
                "",
                ",",
                false,
                false,
                ObjectAccess.DEFAULT);
    }

    private static void write(ObjectsSink sink, Record... records) {
        assertThat(sink.write(List.of(records))).isEmpty();
    }

    private static Set<String> keys(ObjectsSink sink) {
        try (Stream<String> keys = sink.keys()) {
            List<String> all = keys.sorted().toList();
            assertThat(all).doesNotHaveDuplicates();
            return new TreeSet<>(all);
        }
    }

    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                if (PrefixSchema.keeps(file.toString())) continue; // PrefixSchemaTest looks at it
                files.put(folder.relativize(file).toString(), new String(Files.readAllBytes(file), UTF_8));
            }
        }
        return files;
    }

    private static Record record(String id, String campaign, Object size) {
        return of(FIELDS, id, id, campaign, size);
    }

    private static Record of(Fields fields, String key, Object... values) {
        return Record.read(key, fields, values, new Origin("o", 1), new ContentHash().of(fields, values));
    }

    private static Record deleted(String key) {
        return Record.tombstone(key, Fields.of("id"), new Object[] {key}, 1);
    }
}
