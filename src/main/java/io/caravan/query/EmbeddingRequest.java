package io.caravan.query;

import java.util.List;

/**
 * What somebody wants of the embedder, in whatever shape it came.
 *
 * @param single whether the texts came as one text, not as a list
 * @param dimensions 0 for all
 * @param cut whether a text that is too long for the model is cut, not refused
 */
record EmbeddingRequest(
        List<String> texts, boolean single, String prompt, int dimensions, boolean cut, boolean base64) {}
