package io.caravan.embedding;

import io.caravan.error.SettingChecks;
import java.util.Arrays;
import java.util.List;

/**
 * Keeps the first numbers of each vector and gives what is left the length 1, as models made for it (Matryoshka) allow. The zero
 * vector stays one. What a cache below it keeps are the whole vectors: another number of dimensions embeds nothing again.
 */
final class FirstDimensions implements Embedder {

    private final Embedder embedder;
    private final int dimensions;

    /**
     * @param embedder closed with this one
     * @param dimensions at least 1; more than the vectors have is refused at the first text
     */
    private FirstDimensions(Embedder embedder, int dimensions) {
        this.embedder = embedder;
        this.dimensions = dimensions;
    }

    /** {@code dimensions}: 0 for all, which leaves the vectors as they are. */
    static Embedder of(String unit, Embedder embedder, int dimensions) {
        new SettingChecks(unit).between("dimensions", dimensions, 0, 65_536).check();
        return dimensions == 0 ? embedder : new FirstDimensions(embedder, dimensions);
    }

    @Override
    public String model() {
        return embedder.model() + ":first:" + dimensions;
    }

    @Override
    public int dimensions() {
        return dimensions;
    }

    @Override
    public float[][] embed(List<String> texts) {
        new SettingChecks(SentenceModel.UNIT)
                .between("dimensions", dimensions, 1, embedder.dimensions())
                .check();
        return Arrays.stream(embedder.embed(texts))
                .map(vector -> first(vector, dimensions))
                .toArray(float[][]::new);
    }

    @Override
    public void close() {
        embedder.close();
    }

    /** A vector of all its dimensions is that itself. */
    static float[] first(float[] vector, int dimensions) {
        if (vector.length == dimensions) return vector;
        float[] first = Arrays.copyOf(vector, dimensions);
        Lengths.unit(first);
        return first;
    }
}
