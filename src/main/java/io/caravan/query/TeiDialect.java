package io.caravan.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.caravan.embedding.SharedEmbedder;
import java.util.Locale;

/** As {@code /embed} of Hugging Face's Text Embeddings Inference has it. */
final class TeiDialect implements EmbeddingDialect {

    @Override
    public EmbeddingRequest read(JsonNode body, EmbeddingLimits limits, SharedEmbedder embedder) {
        boolean normalize = EmbeddingLimits.flag(this, body, "normalize", true);
        if (normalize != embedder.normalized()) {
            String served = String.valueOf(embedder.normalized());
            throw EmbeddingLimits.bad(
                    malformed(), "normalize", "be " + served + ", as the model says", String.valueOf(normalize));
        }
        String direction =
                EmbeddingLimits.optional(this, body, "truncation_direction").orElse("Right");
        if (!direction.toLowerCase(Locale.ROOT).equals("right")) {
            throw EmbeddingLimits.bad(malformed(), "truncation_direction", "be Right", direction);
        }
        return new EmbeddingRequest(
                limits.texts(this, body),
                body.path("inputs").isTextual(),
                EmbeddingLimits.optional(this, body, "prompt_name").orElse("none"),
                EmbeddingLimits.dimensions(this, body, embedder.dimensions()),
                EmbeddingLimits.flag(this, body, "truncate", false),
                false);
    }

    @Override
    public Object answer(EmbeddingRequest request, SharedEmbedder.Vectors made, SharedEmbedder embedder) {
        return made.vectors();
    }

    /** What failed, and of which kind that is. */
    @JsonNaming(SnakeCaseStrategy.class)
    record Failed(String error, String errorType) {}

    @Override
    public Object error(int status, String message) {
        return new Failed(
                message,
                switch (status) {
                    case 401 -> "Unauthorized";
                    case 429 -> "Overloaded";
                    default -> status < 500 ? "Validation" : "Backend";
                });
    }

    @Override
    public String field() {
        return "inputs";
    }

    @Override
    public int malformed() {
        return 422;
    }
}
