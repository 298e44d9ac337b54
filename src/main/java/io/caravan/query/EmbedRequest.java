package io.caravan.query;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What {@code POST /embed} takes; for the OpenAPI document. {@code inputs} is a text or a list of texts. */
public record EmbedRequest(
        Object inputs,
        Boolean truncate,
        Boolean normalize,
        Integer dimensions,
        @JsonProperty("prompt_name") String promptName) {}
