package io.caravan.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.UnavailableException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Texts of several requests that go through the model together. */
class TextBatchesTest {

    private static final Embedder LENGTHS = new Embedder() {
        @Override
        public String model() {
            return "lengths";
        }

        @Override
        public int dimensions() {
            return 1;
        }

        @Override
        public float[][] embed(List<String> texts) {
            float[][] vectors = new float[texts.size()][];
            for (int i = 0; i < vectors.length; i++)
                vectors[i] = new float[] {texts.get(i).length()};
            return vectors;
        }

        @Override
        public void close() {}
    };

    /** At any moment: while others are awaited, while the model works, before and after a request. */
    @Test
    void whoWaitsWhenItIsClosedHearsOfIt() throws Exception {
        for (int round = 0; round < 200; round++) {
            AtomicInteger requests = new AtomicInteger(2); // one more is expected than comes
            TextBatches batches = new TextBatches(64, requests::get);
            CompletableFuture<float[][]> answer = CompletableFuture.supplyAsync(() -> {
                try {
                    return batches.embed(LENGTHS, List.of("four"));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            long until = System.nanoTime() + round * 20_000L;
            while (System.nanoTime() < until) Thread.onSpinWait();
            batches.close();
            try {
                assertThat(answer.get(20, TimeUnit.SECONDS)[0]).containsExactly(4);
            } catch (ExecutionException e) {
                assertThat(e).cause().isInstanceOf(UnavailableException.class);
            }
            assertThatThrownBy(() -> batches.embed(LENGTHS, List.of("later"))).isInstanceOf(UnavailableException.class);
        }
    }
}
