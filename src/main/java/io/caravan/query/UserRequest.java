package io.caravan.query;

/**
 * What a caller wants to know of whom.
 *
 * @param limit how many answers at most; 0 where a question has no limit
 */
public record UserRequest(String userId, int limit) {

    /** The longest user id, in characters. */
    public static final int LONGEST_USER_ID = 256;
}
