package io.caravan.query;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A book by its id and name. */
public record BookTitle(@JsonProperty("book_id") String bookId, String title) {}
