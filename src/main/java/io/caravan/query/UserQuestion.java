package io.caravan.query;

import java.util.Optional;

/** One thing that can be asked about a user, and the store that knows it. Thread-safe. */
public interface UserQuestion {

    /** What messages call the store. */
    String store();

    /**
     * The answer, to be written as JSON; empty when the store does not know the user.
     *
     * <ul>
     *   <li>errors: {@link io.caravan.error.UnavailableException} and {@link
     *       io.caravan.error.ConfigurationException} when the store cannot be asked
     * </ul>
     */
    Optional<Object> answer(UserRequest request);
}
