package io.caravan.query;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A user who reads or read a book.
 *
 * @param rating the mean of the user's ratings of it; null when there is none
 */
public record ReaderOfBook(@JsonProperty("user_id") String userId, String status, Double rating) {}
