package io.caravan.query;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A user whose events are about similar things; the score is a cosine, -1 to 1. */
public record SimilarUser(
        @JsonProperty("user_id") String userId,
        @JsonProperty("similarity_score") double similarityScore) {}
