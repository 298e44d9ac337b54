package io.caravan.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.error.UnavailableException;
import io.caravan.record.ContentHash;
import io.caravan.record.Fields;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** After every run all objects below a prefix have one schema, whatever their records were and are. */
class PrefixSchemaTest {

    private static final Fields PRICES = Fields.of("id", "price");

    @TempDir
    Path folder;

    @Test
    void aDecimalAmongWholeNumbersMakesDecimalsOfAllObjects() throws IOException {
        try (ObjectsSink sink = sink(folder, "parquet", 6)) {
            write(
                    sink,
                    IntStream.range(0, 24)
                            .mapToObj(i -> price("k" + i, 10L + i))
                            .toList());
            assertThat(schemas(folder).values()).hasSize(6).allMatch(s -> s.contains("int64 price"));
            assertThat(sink.notes()).isEmpty();

            write(sink, List.of(price("k1", new BigDecimal("11.5"))));

            assertThat(schemas(folder).values().stream().distinct())
                    .singleElement()
                    .asString()
                    .contains("price (DECIMAL(20,1))");
            assertThat(sink.notes())
                    .containsExactly(
                            "s: schema widened: price long -> decimal(20,1); 5 objects without changes rewritten");
            assertThat(sink.differing(List.of(price("k1", new BigDecimal("11.5")), price("k2", 12L))))
                    .isEmpty();
        }
    }

    @Test
    void anObjectIsNotWrittenAgainWhileTheSchemaStays() throws IOException {
        try (ObjectsSink sink = sink(folder, "parquet", 6)) {
            write(
                    sink,
                    IntStream.range(0, 24)
                            .mapToObj(i -> price("k" + i, new BigDecimal("1.25")))
                            .toList());
            Map<String, FileTime> before = times();

            write(sink, List.of(price("k1", new BigDecimal("123456.5"))));
            write(sink, List.of(price("k1", 7L)));
            write(sink, List.of(price("k1", null)));

            Map<String, FileTime> after = times();
            assertThat(after.keySet()).isEqualTo(before.keySet());
            assertThat(after.entrySet().stream().filter(file -> !file.getValue().equals(before.get(file.getKey()))))
                    .hasSize(1);
            assertThat(sink.notes()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "csv"})
    void aNewFieldIsAColumnOfAllObjects(String format) throws IOException {
        try (ObjectsSink sink = sink(folder, format, 4)) {
            write(sink, IntStream.range(0, 9).mapToObj(i -> price("k" + i, 1L)).toList());

            write(sink, List.of(of(Fields.of("color", "price", "id"), "k1", "red", 2L, "k1")));

            assertThat(schemas(folder).values().stream().distinct())
                    .singleElement()
                    .asString()
                    .contains("color");
            assertThat(sink.differing(List.of(of(Fields.of("color", "price", "id"), "k1", "red", 2L, "k1"))))
                    .isEmpty();
        }
    }

    @Test
    void objectsOfEarlierVersionsWithTypesOfTheirOwnGetOne() throws IOException {
        try (ObjectsSink sink = sink(folder, "parquet", 1)) {
            write(sink, List.of(price("a", 1L)));
        }
        Path one = folder.resolve("out/part-00000-of-00001.parquet");
        Files.move(one, folder.resolve("long.parquet"));
        try (ObjectsSink sink = sink(folder.resolve("b"), "parquet", 1)) {
            write(sink, List.of(price("zz", new BigDecimal("2.55"))));
        }
        Files.createDirectories(folder.resolve("c/out"));
        Files.move(folder.resolve("long.parquet"), folder.resolve("c/out/part-00000-of-00003.parquet"));
        Files.move(
                folder.resolve("b/out/part-00000-of-00001.parquet"),
                folder.resolve("c/out/part-00001-of-00003.parquet"));
        try (ObjectsSink sink = sink(folder.resolve("c"), "parquet", 3)) {
            write(sink, List.of(price("a", 3L), price("b", 4L)));
            assertThat(schemas(folder.resolve("c")).values().stream().distinct())
                    .hasSize(1);
            assertThat(sink.differing(List.of(price("zz", new BigDecimal("2.55")))))
                    .isEmpty();
        }
    }

    /** Every value that records have, in any order of runs that are killed between two objects. */
    @ParameterizedTest
    @ValueSource(strings = {"parquet", "csv"})
    void afterAnySequenceOfChangesAndCrashesThereIsOneSchemaAndNothingIsLost(String format) throws IOException {
        for (int seed = 0; seed < 25; seed++) {
            Random random = new Random(seed);
            Path root = Files.createDirectories(folder.resolve(format + seed));
            List<Supplier<Object>> kinds = kinds(random);
            Map<String, Record> expected = new TreeMap<>();
            Map<String, Record> waiting = new TreeMap<>();
            for (int run = 0; run < 8; run++) {
                for (int i = random.nextInt(12); i >= 0; i--) {
                    String key = "k" + random.nextInt(20);
                    Object value = kinds.get(random.nextInt(run == 0 ? 1 : 2) + random.nextInt(2))
                            .get();
                    Record record = random.nextInt(6) == 0
                            ? of(Fields.of("f" + random.nextInt(3), "price"), key, value, 1L)
                            : price(key, value);
                    waiting.put(key, record);
                    expected.put(key, record);
                }
                try (ObjectsSink made = sink(root, format, 4);
                        ObjectsSink sink = made.over(new ObjectsSinkTest.CrashingStore(
                                new FileObjectStore(root), run < 7 ? random.nextInt(9) : 999))) {
                    assertThat(sink.write(List.copyOf(waiting.values()))).isEmpty();
                    try {
                        sink.flush();
                    } catch (UnavailableException e) {
                        continue;
                    }
                    waiting.clear();
                    assertThat(schemas(root).values().stream().distinct())
                            .as("seed " + seed + " run " + run)
                            .hasSize(1);
                    assertThat(sink.differing(List.copyOf(expected.values()))).isEmpty();
                }
            }
        }
    }

    private static List<Supplier<Object>> kinds(Random random) {
        List<Supplier<Object>> kinds = new ArrayList<>(List.of(
                () -> (long) random.nextInt(100),
                random::nextLong,
                () -> BigDecimal.valueOf(random.nextInt(), random.nextInt(9)),
                () -> random.nextInt() / 8.0,
                () -> "text " + random.nextInt(),
                random::nextBoolean,
                () -> LocalDate.ofEpochDay(random.nextInt(40_000)),
                () -> LocalDateTime.of(2024, 1, 1, 0, 0).plusNanos(random.nextInt()),
                () -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1000) * 1000L),
                () -> Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000)),
                () -> List.of(random.nextInt(9) + 0L, "x"),
                () -> null));
        java.util.Collections.shuffle(kinds, random);
        return kinds;
    }

    private void write(ObjectsSink sink, List<Record> records) {
        assertThat(sink.write(records)).isEmpty();
        assertThat(sink.flush()).isEmpty();
    }

    private Map<String, FileTime> times() throws IOException {
        Map<String, FileTime> times = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder.resolve("out"))) {
            for (Path file : files.toList()) times.put(file.toString(), Files.getLastModifiedTime(file));
        }
        return times;
    }

    /** What each object says of its columns: the schema of Parquet, the header of CSV. */
    private static Map<String, String> schemas(Path root) throws IOException {
        Map<String, String> schemas = new TreeMap<>();
        try (Stream<Path> files = Files.list(root.resolve("out"))) {
            for (Path file : files.filter(f -> f.getFileName().toString().startsWith("part-"))
                    .toList()) {
                schemas.put(file.toString(), file.toString().endsWith(".csv") ? header(file) : schema(file));
            }
        }
        return schemas;
    }

    private static String header(Path file) throws IOException {
        return Files.readAllLines(file).get(0);
    }

    private static String schema(Path file) throws IOException {
        var options =
                ParquetReadOptions.builder(new PlainParquetConfiguration()).build();
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
            return reader.getFileMetaData().getSchema().toString();
        }
    }

    private static ObjectsSink sink(Path root, String format, int partitions) throws IOException {
        Files.createDirectories(root);
        return ObjectsSinks.of(
                "s",
                root.toString(),
                "out/",
                format,
                "none",
                partitions,
                "",
                "_key",
                "",
                ",",
                false,
                false,
                ObjectAccess.DEFAULT);
    }

    private static Record price(String key, Object price) {
        return of(PRICES, key, key, price);
    }

    private static Record of(Fields fields, String key, Object... values) {
        return Record.read(key, fields, values, new Origin("o", 1), new ContentHash().of(fields, values));
    }
}
