package io.caravan.query;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What {@code POST /v1/embeddings} takes; for the OpenAPI document. {@code input} is a text or a list of texts. */
public record EmbeddingsRequest(
        Object input,
        String model,
        Integer dimensions,
        @JsonProperty("encoding_format") String encodingFormat,
        @JsonProperty("prompt_name") String promptName) {}
