package io.caravan.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.UnavailableException;
import java.util.Arrays;
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

    /** A round that the machine disturbed is measured again; one that waits for others would be late in every round. */
    @Test
    void aLoneRequestIsNotDelayed() throws Exception {
        Embedder working = new Working();
        try (TextBatches batches = new TextBatches(64, () -> 1)) {
            double ratio = Double.MAX_VALUE;
            for (int round = 0; round < 10 && ratio > 1.5; round++) {
                long[] direct = new long[41];
                long[] batched = new long[41];
                for (int i = 0; i < direct.length; i++) {
                    List<String> text = List.of("text " + round + " " + i);
                    long begun = System.nanoTime();
                    working.embed(text);
                    long middle = System.nanoTime();
                    batches.embed(working, text);
                    direct[i] = middle - begun;
                    batched[i] = System.nanoTime() - middle;
                }
                ratio = Math.min(ratio, (double) median(batched) / median(direct));
            }
            System.out.printf("TextBatchesTest: a lone request takes %.2f times as long as the model%n", ratio);
            assertThat(ratio).isLessThan(1.5);
        }
    }

    private static long median(long[] nanos) {
        Arrays.sort(nanos);
        return nanos[nanos.length / 2];
    }

    /** Takes 4 ms, as a small model does for a short text. */
    private static final class Working implements Embedder {
        @Override
        public String model() {
            return "working";
        }

        @Override
        public int dimensions() {
            return 1;
        }

        @Override
        public float[][] embed(List<String> texts) {
            long until = System.nanoTime() + 4_000_000;
            while (System.nanoTime() < until) Thread.onSpinWait();
            return LENGTHS.embed(texts);
        }

        @Override
        public void close() {}
    }
}
