package io.caravan.graph;

import static io.caravan.graph.KindsFixture.gone;
import static io.caravan.graph.KindsFixture.ids;
import static io.caravan.graph.KindsFixture.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.local.TestNeo4j;
import io.caravan.record.Record;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever comes, moves and goes in whatever order: the graph is that of a fresh load of what is left. */
class ArrivalOrderTest {

    private static final int STEPS = 20;
    private static final Instant START = Instant.parse("2025-01-01T00:00:00Z");

    private static Neo4jSink sink;

    @BeforeAll
    static void open() {
        TestNeo4j.clear();
        sink = KindsFixture.sink();
    }

    @AfterAll
    static void close() {
        sink.close();
        TestNeo4j.clear();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theGraphIsThatOfAFreshLoad(long seed) {
        Random random = new Random(seed);
        KindsFixture.empty();
        Map<String, Record> left = new TreeMap<>();
        for (int step = 0; step < STEPS; step++) {
            Map<String, Record> batch = new LinkedHashMap<>();
            int size = 1 + random.nextInt(6);
            for (int i = 0; i < size; i++) {
                Record record = any(random);
                batch.put(record.key(), record);
            }
            assertThat(sink.write(List.copyOf(batch.values()))).isEmpty();
            batch.forEach((key, record) -> {
                if (record.deleted()) left.remove(key);
                else left.put(key, record);
            });
            assertThat(sink.differing(List.copyOf(batch.values()))).isEmpty();
        }
        List<Record> all = new ArrayList<>(left.values());
        List<String> reached = GraphDump.of();
        assertThat(sink.keys()).containsExactlyInAnyOrderElementsOf(left.keySet());
        assertThat(sink.strays()).isEmpty();
        assertThat(sink.differing(all)).isEmpty();

        KindsFixture.empty();
        sink.write(all);
        assertThat(GraphDump.of()).as("loaded at once").isEqualTo(reached);

        KindsFixture.empty();
        Collections.shuffle(all, random);
        all.forEach(record -> sink.write(List.of(record)));
        assertThat(GraphDump.of()).as("one by one").isEqualTo(reached);
    }

    private static Record any(Random random) {
        String kind = List.of("books", "creators", "clubs", "users", "user_reads", "user_reads", "genres")
                .get(random.nextInt(7));
        String id = kind.charAt(0) + kind.substring(kind.length() - 2) + random.nextInt(4);
        if (random.nextInt(4) == 0) return gone(kind, id);
        String some = String.valueOf(random.nextInt(3));
        return switch (kind) {
            case "books" ->
                record(
                        kind,
                        id,
                        "title",
                        some,
                        "author",
                        ids("crs" + random.nextInt(4), "crs" + random.nextInt(4)),
                        "genre",
                        List.of("ges" + random.nextInt(4)));
            case "users" ->
                record(kind, id, "bio", some, "clubs", List.of(Map.of("_id", "cbs" + random.nextInt(4), "role", some)));
            case "user_reads" ->
                record(
                        kind,
                        id,
                        "user_id",
                        "urs" + random.nextInt(2),
                        "book_id",
                        "bks" + random.nextInt(2),
                        "rstatus",
                        List.of("Read", "Reading", "Paused").get(random.nextInt(3)),
                        "at",
                        random.nextInt(4) == 0 ? null : START.plusSeconds(random.nextInt(3)),
                        "rating",
                        random.nextInt(3) == 0 ? null : random.nextInt(50) / 10.0);
            default -> record(kind, id, "name", some);
        };
    }
}
