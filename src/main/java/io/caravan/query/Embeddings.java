package io.caravan.query;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/**
 * Vectors as OpenAI's API has them.
 *
 * @param object always {@code list}
 * @param data in the order of the texts
 * @param model name, files and settings of what made the vectors: another one makes others
 */
public record Embeddings(String object, List<Embedding> data, String model, Usage usage) {

    /** {@code embedding}: a list of numbers, or base64 of little-endian ones of 32 bits. */
    public record Embedding(String object, int index, Object embedding) {}

    /** How many tokens were read. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Usage(int promptTokens, int totalTokens) {}
}
