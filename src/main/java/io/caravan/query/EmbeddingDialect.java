package io.caravan.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.embedding.SharedEmbedder;
import java.util.Locale;

/** A shape in which others ask for vectors, and get them or an error. */
public interface EmbeddingDialect {

    /** Reads a request; what breaks a rule is a {@link ProblemException}. */
    EmbeddingRequest read(JsonNode body, EmbeddingLimits limits, SharedEmbedder embedder);

    /** The answer, as what becomes JSON. */
    Object answer(EmbeddingRequest request, SharedEmbedder.Vectors vectors, SharedEmbedder embedder);

    /** The failure, as what becomes JSON. */
    Object error(int status, String message);

    /** Which field holds the texts. */
    String field();

    /** The status of a request that breaks a rule of form. */
    int malformed();

    /** The one of this name: {@code openai} or {@code tei}. */
    static EmbeddingDialect of(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "openai" -> new OpenAiDialect();
            case "tei" -> new TeiDialect();
            default -> throw new IllegalArgumentException("no dialect " + name);
        };
    }
}
