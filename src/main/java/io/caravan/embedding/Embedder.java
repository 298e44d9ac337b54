package io.caravan.embedding;

import java.util.List;

/** Turns texts into vectors of one model. Thread-safe; whatever is costly is loaded at first use. */
public interface Embedder extends AutoCloseable {

    /**
     * Which model, tokenizer and settings make the vectors: two embedders of the same identity give the same vectors,
     * so it is part of a cache's key.
     */
    String model();

    /** The length of each vector. */
    int dimensions();

    /**
     * Turns each text into the vector the model gives it; an empty or blank text becomes the zero vector.
     *
     * <ul>
     *   <li>in: texts of any length, none null; what is longer than the model's limit is cut
     *   <li>out: {@code float[texts][dimensions]}, in the order of the texts; equal texts may share an array, so
     *       callers do not change it
     *   <li>errors: {@link EmbeddingException} when the model cannot be loaded or fails
     * </ul>
     */
    float[][] embed(List<String> texts);

    /** Frees the model; a later call loads it again. */
    @Override
    void close();
}
