package io.caravan.embedding;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

/**
 * Embeds the texts of requests that come at the same time together: what arrives while the model works is its next batch.
 *
 * <ul>
 *   <li>a batch waits for requests that have been let in and not yet brought their texts, 3 ms at most; a lone request waits
 *       for nobody
 *   <li>the texts of a large request take turns with those of others, {@code batchSize} at a time
 *   <li>a text that the model fails on fails its own request only
 * </ul>
 */
final class TextBatches implements AutoCloseable {

    private static final long LONGEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(3);

    private record Part(Embedder embedder, List<String> texts, CompletableFuture<Map<String, float[]>> made) {}

    private final int batchSize;
    private final IntSupplier expected;
    private final LinkedBlockingQueue<Part> queue = new LinkedBlockingQueue<>();
    private final AtomicLong calls = new AtomicLong();
    private final Thread worker = new Thread(this::work, "embedder");
    /** The worker's own, as what comes after them is. */
    private final List<Part> together = new ArrayList<>();

    private Part next;
    private volatile boolean closed;

    /** {@code expected}: how many requests have been let in and are not answered. */
    TextBatches(int batchSize, IntSupplier expected) {
        this.batchSize = batchSize;
        this.expected = expected;
        worker.setDaemon(true);
    }

    /** How many times a model was asked, or the cache before it. */
    long calls() {
        return calls.get();
    }

    /** As {@link Embedder#embed}; returns when the batches with these texts are done. */
    float[][] embed(Embedder embedder, List<String> texts) throws InterruptedException {
        float[][] vectors = new float[texts.size()][];
        for (int from = 0; from < vectors.length; from += batchSize) {
            List<String> some = texts.subList(from, Math.min(vectors.length, from + batchSize));
            Part part = new Part(embedder, some, new CompletableFuture<>());
            queue.add(part);
            start();
            if (closed) part.made().cancel(false); // the worker may have looked before it came
            Map<String, float[]> made = Waits.on(part.made());
            for (int i = 0; i < some.size(); i++) vectors[from + i] = made.get(some.get(i));
        }
        return vectors;
    }

    @Override
    public void close() {
        closed = true;
        worker.interrupt();
    }

    private synchronized void start() {
        if (worker.getState() == Thread.State.NEW) worker.start();
    }

    private void work() {
        try {
            while (!closed) make(gather());
        } catch (InterruptedException e) {
            closed = true;
        }
        // nobody shall wait for ever; what is made already stays so
        together.forEach(part -> part.made().cancel(false));
        if (next != null) next.made().cancel(false);
        Part waiting;
        while ((waiting = queue.poll()) != null) waiting.made().cancel(false);
    }

    private List<Part> gather() throws InterruptedException {
        together.clear();
        Part part = next != null ? next : queue.take();
        next = null;
        long until = System.nanoTime() + LONGEST_WAIT_NANOS;
        int texts = 0;
        while (part != null) {
            if (!together.isEmpty() && texts + part.texts().size() > batchSize) {
                next = part;
                break;
            }
            together.add(part);
            texts += part.texts().size();
            if (texts == batchSize) break;
            part = queue.poll();
            if (part == null && expected.getAsInt() > together.size()) {
                part = queue.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        }
        return together;
    }

    private void make(List<Part> gathered) {
        Map<Embedder, List<Part>> byEmbedder = new LinkedHashMap<>();
        gathered.forEach(part -> byEmbedder
                .computeIfAbsent(part.embedder(), e -> new ArrayList<>())
                .add(part));
        byEmbedder.forEach(this::make);
    }

    @SuppressWarnings("PMD.AvoidCatchingThrowable") // whoever waits must hear of it, whatever it is
    private void make(Embedder embedder, List<Part> parts) {
        Set<String> distinct = new LinkedHashSet<>();
        parts.forEach(part -> distinct.addAll(part.texts()));
        List<String> texts = List.copyOf(distinct);
        try {
            calls.incrementAndGet();
            float[][] vectors = embedder.embed(texts);
            Map<String, float[]> made = new LinkedHashMap<>();
            for (int i = 0; i < vectors.length; i++) made.put(texts.get(i), vectors[i]);
            parts.forEach(part -> part.made().complete(made));
        } catch (EmbeddingException e) {
            if (parts.size() == 1) parts.get(0).made().completeExceptionally(e);
            else parts.forEach(part -> make(embedder, List.of(part)));
        } catch (Throwable e) {
            parts.forEach(part -> part.made().completeExceptionally(e));
        }
    }
}
