package io.caravan.query;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** A book that a user may like, with a path for each way that leads to it; the score is the sum of what the ways give. */
public record RecommendedBook(
        @JsonProperty("book_id") String bookId, String title, double score, List<GraphPath> paths) {}
