package io.caravan.embedding;

import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import java.util.List;
import java.util.Locale;

/**
 * Refuses a service that makes other vectors than those that the cache has of it: once a process, a text that the cache knows is
 * embedded again. Whatever the service calls its model, the vectors of two are never mixed.
 */
final class SameModel implements Embedder {

    private static final List<String> KNOWN = List.of("The caravan went on through the night.");
    private static final double LEAST_COSINE = 0.999;

    private final String unit;
    private final Embedder cache;
    private final Embedder service;
    private volatile boolean looked;

    /** {@code cache}, of what the service makes, is closed with this one. */
    SameModel(String unit, Embedder cache, Embedder service) {
        this.unit = unit;
        this.cache = cache;
        this.service = service;
    }

    @Override
    public String model() {
        return cache.model();
    }

    @Override
    public int dimensions() {
        return cache.dimensions();
    }

    @Override
    public float[][] embed(List<String> texts) {
        if (!looked && texts.stream().anyMatch(text -> !text.isBlank())) look();
        return cache.embed(texts);
    }

    @Override
    public void close() {
        cache.close();
    }

    private void look() {
        float[] now = service.embed(KNOWN)[0];
        float[] before = cache.embed(KNOWN)[0];
        double cosine = before.length == now.length ? cosine(before, now) : 0;
        if (cosine < LEAST_COSINE) {
            throw new ConfigurationException(SettingChecks.sentence(
                            unit,
                            "the service of 'endpoint'",
                            "make the vectors it made before (cosine 0.999 or more)",
                            String.format(Locale.ROOT, "%.3f", cosine))
                    + "; it has another model: say another 'revision', and every text is embedded and sent again");
        }
        looked = true;
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            squaresA += (double) a[i] * a[i];
            squaresB += (double) b[i] * b[i];
        }
        return squaresA == 0 || squaresB == 0 ? 0 : dot / Math.sqrt(squaresA * squaresB);
    }
}
