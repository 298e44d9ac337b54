package io.caravan.query;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * A club of a user.
 *
 * @param role what the user is in it
 * @param books the five that it chose last
 */
public record ClubOfUser(
        @JsonProperty("club_id") String clubId,
        String name,
        String role,
        @JsonProperty("is_active") Boolean active,
        List<BookTitle> books) {}
