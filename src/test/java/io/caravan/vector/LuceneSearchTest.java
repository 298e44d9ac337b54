package io.caravan.vector;

import static io.caravan.vector.VectorRecords.COLLECTION;
import static io.caravan.vector.VectorRecords.gone;
import static io.caravan.vector.VectorRecords.record;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.caravan.error.ConfigurationException;
import io.caravan.record.Record;
import io.caravan.vector.VectorSearch.Similar;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collector;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LuceneSearchTest {

    private static final float[] EAST = {1, 0};

    @Test
    void saysWhichSettingIsWrong(@TempDir Path folder) {
        try (LuceneSearch search = new LuceneSearch(folder.resolve("none").toString(), COLLECTION)) {
            assertThat(search.similar(EAST, 3, "user_id", "me")).isEmpty();
            assertThat(folder.resolve("none")).doesNotExist();
            assertThatThrownBy(() -> search.vectorsOf("campaign", "x", toList()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("vector search: field must be one of [user_id], got 'campaign'");
            assertThatThrownBy(() -> search.similar(new float[3], 0, "user_id", "x"))
                    .hasMessage("vector search: limit must be 1 or more, got '0'" + System.lineSeparator()
                            + "vector search: query must have 2 dimensions, got '3'");
        }
    }

    /** Few distinct vectors, many records: as texts of a campaign are. */
    @Property(tries = 60)
    void givesWhatComparingAllRecordsGives(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 40) int distinct,
            @ForAll @IntRange(min = 1, max = 300) int records,
            @ForAll @IntRange(min = 1, max = 60) int users,
            @ForAll @IntRange(min = 1, max = 20) int limit)
            throws IOException {
        Path folder = Files.createTempDirectory("vectors");
        Random random = new Random(seed);
        float[][] vectors = vectors(random, distinct, 4);
        if (random.nextBoolean()) vectors[0] = new float[4];
        VectorCollection collection = collection(4);
        Map<String, Record> world = new HashMap<>();
        try (LuceneSink sink = sink(folder, collection);
                LuceneSearch search = new LuceneSearch(folder.toString(), collection);
                LuceneSearch byGraph = new LuceneSearch(folder.toString(), collection, 0)) {
            for (int batch = 0; batch < 3; batch++) {
                List<Record> changes = new ArrayList<>();
                for (int i = batch; i < records; i += 1 + random.nextInt(3)) {
                    String key = "" + i;
                    boolean gone = batch > 0 && random.nextInt(3) == 0;
                    Record record = gone
                            ? gone(key)
                            : record(key, "u" + random.nextInt(users), vectors[random.nextInt(distinct)]);
                    if (gone) world.remove(key);
                    else world.put(key, record);
                    changes.add(record);
                }
                sink.write(changes);
            }
            float[] query = random.nextBoolean() ? vectors[random.nextInt(distinct)] : vectors(random, 1, 4)[0];
            List<Similar> expected = compareAll(world.values().stream().toList(), query, limit, "u0");
            assertSame(search.similar(query, limit, "user_id", "u0"), expected);
            assertSame(byGraph.similar(query, limit, "user_id", "u0"), expected);
            assertThat(search.vectorsOf("user_id", "u1", toList())).hasSize((int) world.values().stream()
                    .filter(r -> r.get("user_id").equals(java.util.Optional.of("u1")))
                    .count());
            try (Stream<String> keys = sink.keys()) {
                assertThat(keys.toList()).containsExactlyInAnyOrderElementsOf(world.keySet());
            }
            assertThat(sink.differing(List.copyOf(world.values()))).isEmpty();
        } finally {
            delete(folder);
        }
    }

    @Test
    void findsNearlyAllByTheGraphAloneAndAllWhenItsOwnRecordsCrowdOutTheRest(@TempDir Path folder) {
        int count = 6_000;
        Random random = new Random(5);
        float[][] vectors = vectors(random, count, 16);
        VectorCollection collection = collection(16);
        List<Record> world = new ArrayList<>();
        for (int i = 0; i < count; i++) world.add(record("" + i, "u" + i % 900, vectors[i]));
        // one user has the 3,000 vectors nearest to the query
        float[] query = vectors[0];
        for (int i = 0; i < 3_000; i++) {
            float[] close = query.clone();
            close[random.nextInt(16)] += 0.001f * random.nextFloat();
            world.add(record("crowd" + i, "crowd", close));
        }
        try (LuceneSink sink = sink(folder, collection);
                LuceneSearch byGraph = new LuceneSearch(folder.toString(), collection, 0)) {
            for (int i = 0; i < world.size(); i += 500) sink.write(world.subList(i, Math.min(world.size(), i + 500)));
            int found = 0;
            for (int q = 1; q <= 20; q++) {
                List<Similar> exact = compareAll(world, vectors[q], 20, "u" + q);
                List<Similar> got = byGraph.similar(vectors[q], 20, "user_id", "u" + q);
                assertThat(got).hasSize(20).isSortedAccordingTo(Comparator.comparingDouble(s -> -s.score()));
                found += (int) got.stream()
                        .filter(g -> exact.stream()
                                .anyMatch(e -> e.group().equals(g.group()) && Math.abs(e.score() - g.score()) < 1e-6))
                        .count();
            }
            assertThat(found).as("of 400").isGreaterThan(380);
            assertSame(byGraph.similar(query, 20, "user_id", "crowd"), compareAll(world, query, 20, "crowd"));
            assertThat(byGraph.vectorsOf("user_id", "crowd", stillHeld(3_000)))
                    .as("of 3,000 vectors of a user, in memory when the last is given")
                    .isBetween(1L, 1_100L);
        }
    }

    /** How many vectors somebody holds when so many were given. */
    private static Collector<float[], ?, Long> stillHeld(int count) {
        long[] held = {0};
        return Collector.of(
                ArrayList<WeakReference<float[]>>::new,
                (given, vector) -> {
                    given.add(new WeakReference<>(vector));
                    if (given.size() < count) return;
                    System.gc();
                    held[0] = given.stream().filter(v -> v.get() != null).count();
                },
                (one, other) -> one,
                given -> held[0]);
    }

    private static LuceneSink sink(Path folder, VectorCollection collection) {
        return new LuceneSink("vectors", folder.toString(), collection, Duration.ofMinutes(10));
    }

    private static VectorCollection collection(int dimensions) {
        return new VectorCollection("user_data", "record_id", "embedding", dimensions, List.of("user_id"));
    }

    private static float[][] vectors(Random random, int count, int dimensions) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    float[] vector = new float[dimensions];
                    for (int d = 0; d < dimensions; d++) vector[d] = (float) random.nextGaussian();
                    return vector;
                })
                .toArray(float[][]::new);
    }

    private static List<Similar> compareAll(List<Record> world, float[] query, int limit, String excluding) {
        Map<String, Double> best = new HashMap<>();
        for (Record record : world) {
            String user = (String) record.get("user_id").orElseThrow();
            double score = cosine(query, (float[]) record.get("embedding").orElseThrow());
            if (!user.equals(excluding) && !Double.isNaN(score)) best.merge(user, score, Math::max);
        }
        return best.entrySet().stream()
                .map(e -> new Similar(e.getKey(), e.getValue()))
                .sorted(Comparator.comparingDouble(Similar::score).reversed().thenComparing(Similar::group))
                .limit(limit)
                .toList();
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        double squares = 0;
        double others = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            squares += (double) a[i] * a[i];
            others += (double) b[i] * b[i];
        }
        return Math.max(-1, Math.min(1, dot / Math.sqrt(squares * others)));
    }

    private static void assertSame(List<Similar> actual, List<Similar> expected) {
        assertThat(actual)
                .extracting(Similar::group)
                .isEqualTo(expected.stream().map(Similar::group).toList());
        for (int i = 0; i < actual.size(); i++) {
            assertThat(actual.get(i).score()).isCloseTo(expected.get(i).score(), within(1e-9));
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
