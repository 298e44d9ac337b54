package io.caravan.query;

import io.caravan.vector.VectorSearch;
import java.util.List;
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
        List<float[]> own = vectors.vectorsOf(USER, request.id());
        if (own.isEmpty()) return Optional.empty();
        return Optional.of(vectors.similar(mean(own), request.limit(), USER, request.id()).stream()
                .map(similar -> new SimilarUser(similar.group(), similar.score()))
                .toList());
    }

    /** The mean of the vectors that are not zero; zero if there are none. */
    static float[] mean(List<float[]> vectors) {
        double[] sum = new double[vectors.get(0).length];
        int counted = 0;
        for (float[] vector : vectors) {
            boolean zero = true;
            for (int i = 0; i < sum.length; i++) {
                sum[i] += vector[i];
                zero &= vector[i] == 0;
            }
            if (!zero) counted++;
        }
        float[] mean = new float[sum.length];
        for (int i = 0; i < sum.length; i++) mean[i] = (float) (sum[i] / Math.max(counted, 1));
        return mean;
    }
}
