package io.caravan.embedding;

import java.util.List;
import java.util.function.BiConsumer;

/** Finds out on which texts of a batch a model fails, so that the others get their vectors. */
final class TellingEmbedder {

    /** Any model makes a vector of this, if it can make one at all. */
    private static final List<String> HARMLESS = List.of("a");

    private TellingEmbedder() {}

    /**
     * The vector of each text, null for those that the model fails on, which {@code refused} is told by their place; a model that
     * fails on a harmless text too is broken, and its failure is thrown.
     *
     * @param model what is behind the embedder, without a cache that would know the harmless text
     */
    static float[][] embed(
            Embedder embedder, Embedder model, List<String> texts, BiConsumer<Integer, EmbeddingException> refused) {
        try {
            return embedder.embed(texts);
        } catch (EmbeddingException e) {
            try {
                model.embed(HARMLESS);
            } catch (EmbeddingException broken) {
                throw e;
            }
            float[][] vectors = new float[texts.size()][];
            halves(embedder, texts, 0, e, vectors, refused);
            return vectors;
        }
    }

    /** Embeds the halves of texts on which the model has failed with {@code failure}. */
    private static void halves(
            Embedder embedder,
            List<String> texts,
            int offset,
            EmbeddingException failure,
            float[][] vectors,
            BiConsumer<Integer, EmbeddingException> refused) {
        if (texts.size() == 1) {
            refused.accept(offset, failure);
            return;
        }
        int middle = texts.size() / 2;
        for (int from : new int[] {0, middle}) {
            List<String> half = texts.subList(from, from == 0 ? middle : texts.size());
            try {
                float[][] made = embedder.embed(half);
                System.arraycopy(made, 0, vectors, offset + from, made.length);
            } catch (EmbeddingException e) {
                halves(embedder, half, offset + from, e, vectors, refused);
            }
        }
    }
}
