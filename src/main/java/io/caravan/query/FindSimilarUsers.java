package io.caravan.query;

import io.caravan.vector.VectorSearch;
import java.util.Optional;

/**
 * Finds the users whose vectors are most similar to the mean of a user's vectors, best first, the user himself left out.
 * Zero vectors neither count in the mean nor are they similar to anything; a user who has no others is similar to nobody.
 */
public final class FindSimilarUsers implements UserQuestion {

    private static final String USER = "user_id";

    private final VectorSearch vectors;

    /** {@code vectors}: a collection whose records have a scalar field {@code user_id}. */
    public FindSimilarUsers(VectorSearch vectors) {
        this.vectors = vectors;
    }

    @Override
    public String store() {
        return "vectors";
    }

    @Override
    public Optional<Object> answer(UserRequest request) {
        return vectors.vectorsOf(USER, request.id(), Mean.collector())
                .map(mean -> vectors.similar(mean, request.limit(), USER, request.id()).stream()
                        .map(similar -> new SimilarUser(similar.group(), similar.score()))
                        .toList());
    }
}
