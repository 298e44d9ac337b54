package io.caravan.query;

/**
 * What a caller wants to know of whom, or of what.
 *
 * @param id of the user, or of the book where a question is about one
 * @param limit how many answers at most; 0 where a question has no limit
 */
public record UserRequest(String id, int limit) {

    /** The longest id, in characters. */
    public static final int LONGEST_ID = 256;
}
