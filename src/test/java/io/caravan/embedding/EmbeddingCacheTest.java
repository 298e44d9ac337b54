package io.caravan.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.UnavailableException;
import io.caravan.ledger.PlainTransactions;
import io.caravan.local.TestStores;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
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
    void embedsEachTextOnceWhenBatchesOfSeveralProcessesRunSideBySide() throws Exception {
        CountingEmbedder elsewhere = new CountingEmbedder("a");
        List<EmbeddingCache> caches = List.of(cache, new EmbeddingCache(ledger, elsewhere));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<float[][]>> batches = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                EmbeddingCache one = caches.get(i % 2);
                List<String> texts = new ArrayList<>(
                        IntStream.range(0, 60).mapToObj(n -> "text " + n).toList());
                Collections.shuffle(texts, new Random(i));
                batches.add(threads.submit(() -> one.embed(texts.subList(0, 30))));
            }
            for (Future<float[][]> batch : batches) assertThat(batch.get()).hasDimensions(30, 3);
        } finally {
            threads.shutdownNow();
        }
        List<String> asked = new ArrayList<>(model.asked.keySet());
        asked.addAll(elsewhere.asked.keySet());
        assertThat(asked).doesNotHaveDuplicates().hasSize(60);
        assertThat(model.asked.values()).containsOnly(1);
        assertThat(elsewhere.asked.values()).containsOnly(1);
    }

    @Test
    void keepsNothingOfABatchThatFailed() {
        Embedder failing = new Embedder() {
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
                throw new EmbeddingException("embedding model a: fails", null);
            }

            @Override
            public void close() {}
        };
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
