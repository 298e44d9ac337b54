package io.caravan.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.UnavailableException;
import io.caravan.ledger.PlainTransactions;
import io.caravan.local.TestStores;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class EmbeddingCacheTest {

    private final DataSource ledger = TestStores.freshDataSource();
    private final CountingEmbedder model = new CountingEmbedder("a");
    private final EmbeddingCache cache = new EmbeddingCache(ledger, model);

    @BeforeEach
    void migrate() {
        Flyway.configure()
                .dataSource(ledger)
                .schemas("ledger")
                .locations("classpath:db/migration")
                .load()
                .migrate();
    }

    @Test
    void embedsEachDistinctTextOnce() {
        float[][] first = cache.embed(List.of("one", "three", "", "one", "  "));
        assertThat(first).isDeepEqualTo(new float[][] {
            {3, "one".hashCode(), -0.1f},
            {5, "three".hashCode(), -0.1f},
            {0, 0, 0},
            {3, "one".hashCode(), -0.1f},
            {0, 0, 0}
        });
        assertThat(cache.embed(List.of("three", "one", "seven")))
                .isDeepEqualTo(new float[][] {first[1], first[0], {5, "seven".hashCode(), -0.1f}});
        assertThat(model.asked).containsOnlyKeys("one", "three", "seven").allSatisfy((text, times) -> assertThat(times)
                .isOne());
    }

    @Test
    void remembersAcrossProcesses() {
        float[][] made = cache.embed(List.of("hello", "a\u0000b", "Größe 🛒"));
        CountingEmbedder later = new CountingEmbedder("a");
        assertThat(new EmbeddingCache(ledger, later).embed(List.of("hello", "a\u0000b", "Größe 🛒")))
                .isDeepEqualTo(made);
        assertThat(later.asked).isEmpty();
    }

    @Test
    void keepsTheVectorsOfEachModelApart() {
        cache.embed(List.of("hello"));
        CountingEmbedder other = new CountingEmbedder("b");
        new EmbeddingCache(ledger, other).embed(List.of("hello"));
        assertThat(other.asked).containsOnlyKeys("hello");
    }

    @Test
    void embedsEachTextOnceInAProcessAndAllProcessesUseOneVector() throws Exception {
        CountingEmbedder elsewhere = new CountingEmbedder("a");
        Embedder slightlyOther = new StubEmbedder(texts -> {
            float[][] made = elsewhere.embed(texts);
            for (float[] vector : made) vector[0] += 0.001f; // of another processor, say
            return made;
        });
        List<EmbeddingCache> caches = List.of(cache, new EmbeddingCache(ledger, slightlyOther));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        Map<String, Set<List<Float>>> vectors = new ConcurrentHashMap<>();
        try {
            List<Future<?>> batches = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                EmbeddingCache one = caches.get(i % 2);
                List<String> texts = new ArrayList<>(
                        IntStream.range(0, 60).mapToObj(n -> "text " + n).toList());
                Collections.shuffle(texts, new Random(i));
                batches.add(threads.submit(() -> {
                    float[][] got = one.embed(texts.subList(0, 30));
                    for (int n = 0; n < got.length; n++)
                        vectors.computeIfAbsent(texts.get(n), text -> ConcurrentHashMap.newKeySet())
                                .add(List.of(got[n][0], got[n][1], got[n][2]));
                }));
            }
            for (Future<?> batch : batches) batch.get();
        } finally {
            threads.shutdownNow();
        }
        assertThat(vectors).hasSize(60).allSatisfy((text, different) -> assertThat(different)
                .hasSize(1));
        assertThat(model.asked.values()).containsOnly(1);
        assertThat(elsewhere.asked.values()).containsOnly(1);
    }

    @Test
    void holdsNothingOfTheDatabaseWhileTheModelWorks() {
        List<String> held = new ArrayList<>();
        Embedder looking = new StubEmbedder(texts -> {
            new PlainTransactions(ledger).in(c -> {
                try (var s = c.createStatement();
                        var r = s.executeQuery("select state || ' ' || query from pg_stat_activity"
                                + " where datname = current_database() and pid <> pg_backend_pid()"
                                + " and (xact_start is not null or pid in (select pid from pg_locks where locktype = 'advisory'))"
                                + " and backend_type = 'client backend'")) {
                    while (r.next()) held.add(r.getString(1));
                }
                return null;
            });
            return model.embed(texts);
        });
        new EmbeddingCache(ledger, looking).embed(List.of("hello"));
        assertThat(model.asked).containsOnlyKeys("hello");
        assertThat(held).isEmpty();
    }

    @Test
    void keepsNothingOfABatchThatFailed() {
        Embedder failing = new StubEmbedder(texts -> {
            throw new EmbeddingException("embedding model a: fails", null);
        });
        assertThatThrownBy(() -> new EmbeddingCache(ledger, failing).embed(List.of("hello")))
                .isInstanceOf(EmbeddingException.class);
        cache.embed(List.of("hello"));
        assertThat(model.asked).containsOnlyKeys("hello");
        assertThat(rows()).isOne();
    }

    @Test
    void saysThatTheLedgerIsOutOfReach() {
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        nowhere.setUrl("jdbc:postgresql://localhost:1/none");
        EmbeddingCache away = new EmbeddingCache(nowhere, model);
        assertThatThrownBy(() -> away.embed(List.of("hello"))).isInstanceOf(UnavailableException.class);
        assertThat(away.embed(List.of(" "))).isDeepEqualTo(new float[1][3]);
    }

    @Test
    void closesTheModel() {
        cache.close();
        assertThat(model.closed()).isTrue();
    }

    /** Model a, of what it is told. */
    private record StubEmbedder(Made makes) implements Embedder {

        interface Made {
            float[][] embed(List<String> texts);
        }

        @Override
        public String model() {
            return "a";
        }

        @Override
        public int dimensions() {
            return 3;
        }

        @Override
        public float[][] embed(List<String> texts) {
            return makes.embed(texts);
        }

        @Override
        public void close() {}
    }

    private long rows() {
        return new PlainTransactions(ledger).in(c -> {
            try (var s = c.createStatement();
                    var r = s.executeQuery("select count(*) from ledger.embedding_cache")) {
                r.next();
                return r.getLong(1);
            }
        });
    }
}
