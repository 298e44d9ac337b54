package io.caravan.query;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * A user who knows books that another knows.
 *
 * @param sharedBooks how many both know
 * @param score which part that is of all books that either knows
 * @param books five of those that both know, the first by id
 */
public record SimilarReader(
        @JsonProperty("user_id") String userId,
        @JsonProperty("shared_books") long sharedBooks,
        double score,
        List<BookTitle> books) {}
