package io.caravan.vector;

import static io.caravan.vector.VectorRecords.COLLECTION;
import static io.caravan.vector.VectorRecords.gone;
import static io.caravan.vector.VectorRecords.record;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.error.ConfigurationException;
import io.caravan.record.Record;
import io.caravan.table.DecimalNumbers;
import io.caravan.table.KeyTexts;
import io.caravan.vector.VectorSearch.Similar;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store of vectors does, whichever it is. */
@Timeout(120)
abstract class VectorSinkContract<S extends Sink & AutoCloseable> {

    private static final float[] EAST = {1, 0};

    S sink;
    VectorSearch search;

    /** A sink of the collection, the same one for the same collection in one test. */
    abstract S sink(VectorCollection collection);

    abstract VectorSearch search(VectorCollection collection);

    /** How its messages begin. */
    abstract String unit();

    /** The longest text it holds. */
    abstract int maxBytes();

    @BeforeEach
    final void open() {
        sink = sink(COLLECTION);
        search = search(COLLECTION);
    }

    @AfterEach
    final void close() throws Exception {
        search.close();
        sink.close();
    }

    @Test
    void namesOfFieldsKeysAndValuesThatMeanToDoHarmStayWhatTheyAre() {
        HostileFields.tryOn(sink);
    }

    @Test
    void isEmptyBeforeTheFirstWrite() {
        assertThat(keys(sink)).isEmpty();
        assertThat(sink.differing(List.of(gone("1"), record("2", "ann", 1, 0)))).containsExactly("2");
        assertThat(search.vectorsOf("user_id", "ann", toList())).isEmpty();
        assertThat(search.similar(EAST, 3, "user_id", "me")).isEmpty();
        assertThat(sink.check()).isEmpty();
    }

    /** Key text to vector and back: of whatever is written, the store holds exactly the keys that were taken. */
    @Test
    void theKeysOfTheVectorsAreThoseOfTheRecordsWhateverTheyLookLike() {
        List<String> texts = KeyTexts.all();
        List<Record> batch = texts.stream()
                .map(key -> record(key, "ann", 1, texts.indexOf(key)))
                .toList();
        assertThat(sink.write(batch)).isEmpty();
        assertThat(keys(sink)).containsExactlyInAnyOrderElementsOf(texts);
        assertThat(sink.differing(batch)).isEmpty();
        assertThat(sink.write(List.of(gone("7"), gone("a"), gone("a|b")))).isEmpty();
        assertThat(keys(sink)).hasSize(texts.size() - 3).contains("007", " 7", "A", "a\\|b");
    }

    /** Decimal to field and back: the store finds each under the very number. */
    @Test
    void anyDecimalComesBackAsItIs() {
        Map<String, BigDecimal> numbers = DecimalNumbers.all();
        List<Record> batch = new ArrayList<>();
        numbers.forEach((key, number) -> batch.add(record(key, number, new float[] {1, 0})));
        assertThat(write(batch.toArray(Record[]::new))).isEmpty();
        assertThat(sink.differing(batch)).isEmpty();
        List<Record> neighbours = batch.stream()
                .map(r -> record(r.key(), DecimalNumbers.neighbour(numbers.get(r.key())), new float[] {1, 0}))
                .toList();
        assertThat(sink.differing(neighbours)).hasSameSizeAs(neighbours);
        Set<BigDecimal> found = new TreeSet<>();
        search.similar(EAST, 300, "user_id", "none").forEach(s -> found.add(new BigDecimal(s.group())));
        assertThat(found).isEqualTo(new TreeSet<>(numbers.values()));
    }

    @Test
    void aKeyIsNotKeptUnderTheNameOfAFieldThatIsAnother() {
        Record changed = record("1", "ann", 1, 0).with("record_id", "other");
        assertThat(sink.write(List.of(changed)))
                .extracting(Refusal::reason)
                .containsExactly(
                        unit() + ": keyField must name the key field, or no field of the records: it holds their"
                                + " key, got 'record_id'; correct 'keyField', and let no step change the key field");
        assertThat(keys(sink)).isEmpty();
    }

    @Test
    void replacesByKeyAndDeletesByKey() {
        assertThat(write(record("1", "ann", 1, 0), record("2", "bob", 0, 1), record("3", "bob", 0, 1)))
                .isEmpty();
        assertThat(keys(sink)).containsExactlyInAnyOrder("1", "2", "3");
        assertThat(search.vectorsOf("user_id", "bob", toList()))
                .containsExactly(new float[] {0, 1}, new float[] {0, 1});

        assertThat(write(record("1", "cid", 0.5f, 0), gone("2"), gone("never there")))
                .isEmpty();
        assertThat(keys(sink)).containsExactlyInAnyOrder("1", "3");
        assertThat(search.vectorsOf("user_id", "ann", toList())).isEmpty();
        assertThat(search.vectorsOf("user_id", "bob", toList())).containsExactly(new float[] {0, 1});
        assertThat(search.vectorsOf("user_id", "cid", toList())).containsExactly(new float[] {0.5f, 0});
    }

    @Test
    void keepsWhatItHeldWhenOpenedAgain() throws Exception {
        write(record("1", "ann", 1, 0), record("2", "bob", 0, 0));
        sink.close();
        try (S again = sink(COLLECTION)) {
            assertThat(again.differing(List.of(record("1", "ann", 1, 0), record("2", "bob", 0, 0))))
                    .isEmpty();
            again.write(List.of(record("2", "bob", 0, 1)));
            again.complete();
        }
        assertThat(keys(sink)).containsExactlyInAnyOrder("1", "2");
        assertThat(search.vectorsOf("user_id", "bob", toList())).containsExactly(new float[] {0, 1});
    }

    @Test
    void tellsWhichRecordsDiffer() {
        write(record("1", "ann", 1, 0), record("2", "bob", 0, 0), record("3", null, 0, 1), record("4", "dan", 1, 0));
        assertThat(sink.differing(List.of(
                        record("1", "ann", 1, 0), record("2", "bob", 0, 0), record("3", null, 0, 1), gone("5"))))
                .isEmpty();
        assertThat(sink.differing(List.of(
                        record("1", "bob", 1, 0),
                        record("2", "bob", 0, 1e-3f),
                        record("3", "", 0, 1),
                        gone("4"),
                        record("6", "eve", 1, 0),
                        record("7", "eve", "no vector"))))
                .containsExactlyInAnyOrder("1", "2", "3", "4", "6", "7");
    }

    @Test
    void refusesRecordsItCannotHoldAndKeepsTheRest() {
        String wide = "x".repeat(maxBytes() + 1);
        String half = "\ud83d";
        List<Refusal> refused = write(
                record("1", "ann", null),
                record("2", "bob", "text"),
                record("3", "cid", new float[] {1, 2, 3}),
                record("4", "dan", Float.NaN, 1),
                record("5", "eve", 1e30f, 1),
                record("6", new byte[1], new float[] {1, 0}),
                record("7", wide, new float[] {1, 0}),
                record("8", half, new float[] {1, 0}),
                record(half, "fay", new float[] {1, 0}),
                record("9", "x".repeat(maxBytes()), new float[] {1, 0}),
                record("10", "gil", 1, 0));
        assertThat(refused)
                .extracting(r -> r.record().key() + ": " + r.reason())
                .containsExactly(
                        "1: " + unit() + ": embedding must be a vector, got 'nothing'",
                        "2: " + unit() + ": embedding must be a vector, got 'a text'",
                        "3: " + unit() + ": embedding must have 2 dimensions, got '3'",
                        "4: " + unit() + ": embedding must have a length of 1e-19 to 1e19, got 'NaN'",
                        "5: " + unit() + ": embedding must have a length of 1e-19 to 1e19, got 'Infinity'",
                        "6: " + unit() + ": user_id must be a scalar, got 'bytes'",
                        "7: " + unit() + ": user_id must have at most " + maxBytes() + " bytes, got '"
                                + (maxBytes() + 1) + "'",
                        "8: " + unit() + ": user_id must hold no half surrogate pair, got '1 characters'",
                        half + ": " + unit() + ": record_id must hold no half surrogate pair, got '1 characters'");
        assertThat(keys(sink)).containsExactlyInAnyOrder("9", "10");
        assertThat(sink.differing(List.of(record("9", "x".repeat(maxBytes()), new float[] {1, 0}))))
                .isEmpty();
    }

    @Test
    void takesAnyTextAsAKeyAndAsAValue() {
        List<String> texts = new ArrayList<>(List.of(
                "\"", "\\", "\\\"", "a\"b", "c\\d", "e\nf", "g\rh", "i\tj", "'", "%_", "{x}", "${env:HOME}", "{{x}}"));
        texts.addAll(List.of(
                "\u0001\u007f\u0085\u2028",
                "\ud83d\ude00",
                "\\x41",
                "\\u0041",
                "../..",
                " ",
                "\"] or 1 == 1 or x in [\""));
        List<Record> batch = new ArrayList<>();
        for (String text : texts) batch.add(record(text, "of " + text, 1, 2));
        assertThat(write(batch.toArray(Record[]::new))).isEmpty();
        assertThat(keys(sink)).containsExactlyInAnyOrderElementsOf(texts);
        assertThat(sink.differing(batch)).isEmpty();
        for (String text : texts) {
            assertThat(search.vectorsOf("user_id", "of " + text, toList()))
                    .as(text)
                    .hasSize(1);
            assertThat(search.similar(EAST, 100, "user_id", "of " + text))
                    .as(text)
                    .extracting(Similar::group)
                    .hasSize(texts.size() - 1)
                    .doesNotContain("of " + text);
            write(gone(text));
            assertThat(sink.differing(List.of(gone(text)))).as(text).isEmpty();
            write(record(text, "of " + text, 1, 2));
        }
        assertThat(keys(sink)).containsExactlyInAnyOrderElementsOf(texts);
    }

    @Test
    void namesDistinctGroupsByTheirBestScore() {
        write(
                record("1", "me", 1, 0),
                record("2", "near", 2, 0),
                record("3", "near", 0, 1),
                record("4", "far", -1, 0),
                record("5", "also near", 3, 0),
                record("6", "diagonal", 1, 1),
                record("7", "silent", 0, 0),
                record("8", null, 1, 0));
        assertThat(search.similar(EAST, 10, "user_id", "me"))
                .containsExactly(
                        new Similar("also near", 1),
                        new Similar("near", 1),
                        new Similar("diagonal", 1 / Math.sqrt(2)),
                        new Similar("far", -1));
        assertThat(search.similar(EAST, 2, "user_id", "me"))
                .containsExactly(new Similar("also near", 1), new Similar("near", 1));
        assertThat(search.similar(new float[2], 2, "user_id", "me")).isEmpty();
        assertThat(search.vectorsOf("user_id", "silent", toList())).containsExactly(new float[2]);

        write(gone("5"), record("2", "near", 1, 1));
        assertThat(search.similar(EAST, 1, "user_id", "me"))
                .as("sees each acknowledged write")
                .containsExactly(new Similar("diagonal", 1 / Math.sqrt(2)));
    }

    @Test
    void saysWhichSearchIsWrong() {
        assertThatThrownBy(() -> search.vectorsOf("campaign", "x", toList()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("vector search: field must be one of [user_id], got 'campaign'");
        assertThatThrownBy(() -> search.similar(new float[3], 0, "user_id", "x"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("vector search: limit must be 1 ")
                .hasMessageEndingWith(
                        ", got '0'" + System.lineSeparator() + "vector search: query must have 2 dimensions, got '3'");
    }

    /** Few distinct vectors, many records: as texts of a campaign are. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void givesWhatComparingAllRecordsGives(long seed) throws Exception {
        Random random = new Random(seed);
        int records = 1 + random.nextInt(700);
        int users = 1 + random.nextInt(400);
        float[][] vectors = vectors(random, 1 + random.nextInt(40), 4);
        if (random.nextBoolean()) vectors[0] = new float[4];
        VectorCollection collection =
                new VectorCollection("few_texts", "record_id", "embedding", 4, List.of("user_id"));
        Map<String, Record> world = new HashMap<>();
        try (S many = sink(collection);
                VectorSearch find = search(collection)) {
            for (int batch = 0; batch < 3; batch++) {
                List<Record> changes = new ArrayList<>();
                for (int i = batch; i < records; i += 1 + random.nextInt(3)) {
                    String key = "" + i;
                    boolean gone = batch > 0 && random.nextInt(3) == 0;
                    Record record = gone
                            ? gone(key)
                            : record(key, "u" + random.nextInt(users), vectors[random.nextInt(vectors.length)]);
                    if (gone) world.remove(key);
                    else world.put(key, record);
                    changes.add(record);
                }
                many.write(changes);
            }
            many.complete();
            float[] query = random.nextBoolean() ? vectors[random.nextInt(vectors.length)] : vectors(random, 1, 4)[0];
            for (int limit : new int[] {1, 5, 20}) {
                assertSame(find.similar(query, limit, "user_id", "u0"), compareAll(world, query, limit, "u0"));
            }
            assertThat(find.vectorsOf("user_id", "u1", toList())).hasSize((int) world.values().stream()
                    .filter(r -> r.get("user_id").equals(Optional.of("u1")))
                    .count());
            assertThat(keys(many)).containsExactlyInAnyOrderElementsOf(world.keySet());
            assertThat(many.differing(List.copyOf(world.values()))).isEmpty();
        }
    }

    List<Refusal> write(Record... batch) {
        List<Refusal> refused = sink.write(List.of(batch));
        assertThat(sink.flush()).isEmpty();
        sink.complete();
        return refused;
    }

    static List<String> keys(Sink sink) {
        try (Stream<String> keys = sink.keys()) {
            return keys.toList();
        }
    }

    static float[][] vectors(Random random, int count, int dimensions) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    float[] vector = new float[dimensions];
                    for (int d = 0; d < dimensions; d++) vector[d] = (float) random.nextGaussian();
                    return vector;
                })
                .toArray(float[][]::new);
    }

    private static List<Similar> compareAll(Map<String, Record> world, float[] query, int limit, String excluding) {
        Map<String, Double> best = new HashMap<>();
        for (Record record : world.values()) {
            String user = (String) record.get("user_id").orElseThrow();
            double score = Cosine.of(query, (float[]) record.get("embedding").orElseThrow());
            if (!user.equals(excluding) && !Double.isNaN(score)) best.merge(user, score, Math::max);
        }
        return best.entrySet().stream()
                .map(e -> new Similar(e.getKey(), e.getValue()))
                .sorted(Comparator.comparingDouble(Similar::score).reversed().thenComparing(Similar::group))
                .limit(limit)
                .toList();
    }

    private static void assertSame(List<Similar> got, List<Similar> expected) {
        assertThat(got)
                .extracting(Similar::group)
                .containsExactlyElementsOf(expected.stream().map(Similar::group).toList());
        for (int i = 0; i < got.size(); i++) {
            assertThat(got.get(i).score()).isCloseTo(expected.get(i).score(), within(1e-6));
        }
    }
}
