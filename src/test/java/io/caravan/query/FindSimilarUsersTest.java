package io.caravan.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.caravan.record.Record;
import io.caravan.vector.LuceneSearch;
import io.caravan.vector.LuceneSink;
import io.caravan.vector.VectorCollection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FindSimilarUsersTest {

    private static final int USERS = 120;

    @TempDir
    Path folder;

    @Test
    void theMeanLeavesZeroVectorsOut() {
        assertThat(mean(List.of(new float[] {1, 0}, new float[2], new float[] {0, 3})))
                .containsExactly(0.5f, 1.5f);
        assertThat(mean(List.of(new float[2]))).containsExactly(0, 0);
    }

    @Test
    void findsWhatComparingEveryVectorFinds() {
        long seed = 20260101;
        Map<String, List<float[]>> users = users(new Random(seed));
        try (LuceneSearch search = new LuceneSearch(
                folder.toString(),
                VectorCollection.of("user_data", "record_id", "text_embedding", QueryStores.DIMENSIONS, "user_id"))) {
            write(users);
            FindSimilarUsers find = new FindSimilarUsers(search);
            for (String user : users.keySet()) {
                for (int limit : new int[] {1, 5, 20}) {
                    List<?> found =
                            (List<?>) find.answer(new UserRequest(user, limit)).orElseThrow();
                    List<SimilarUser> wanted = compared(users, user, limit);
                    assertThat(found).as(user + ", seed " + seed).hasSameSizeAs(wanted);
                    for (int i = 0; i < wanted.size(); i++) {
                        SimilarUser one = (SimilarUser) found.get(i);
                        assertThat(one.userId())
                                .as(user + ", seed " + seed)
                                .isEqualTo(wanted.get(i).userId());
                        assertThat(one.similarityScore())
                                .isEqualTo(wanted.get(i).similarityScore(), within(1e-6));
                    }
                }
            }
            assertThat(find.answer(new UserRequest("nobody", 5))).isEmpty();
        }
    }

    private static float[] mean(List<float[]> vectors) {
        return vectors.stream().collect(Mean.collector()).orElseThrow();
    }

    /** Every user with up to four vectors: of his own, shared with others, and zero. */
    private static Map<String, List<float[]>> users(Random random) {
        List<float[]> shared = new ArrayList<>();
        for (int i = 0; i < 10; i++) shared.add(vector(random));
        Map<String, List<float[]>> users = new TreeMap<>();
        for (int i = 0; i < USERS; i++) {
            List<float[]> own = new ArrayList<>();
            for (int n = random.nextInt(4); n >= 0; n--) {
                own.add(
                        switch (random.nextInt(4)) {
                            case 0 -> new float[QueryStores.DIMENSIONS];
                            case 1 -> shared.get(random.nextInt(shared.size()));
                            default -> vector(random);
                        });
            }
            users.put("user" + i, own);
        }
        return users;
    }

    private static float[] vector(Random random) {
        float[] vector = new float[QueryStores.DIMENSIONS];
        for (int i = 0; i < vector.length; i++) vector[i] = (float) random.nextGaussian();
        return vector;
    }

    private void write(Map<String, List<float[]>> users) {
        List<Record> records = new ArrayList<>();
        users.forEach((user, vectors) -> vectors.forEach(vector ->
                records.add(QueryStores.event("r" + records.size(), user, null, "2025-09-01T10:00:00Z", vector))));
        try (LuceneSink sink = new LuceneSink(
                "v",
                folder.toString(),
                "user_data",
                "record_id",
                "text_embedding",
                QueryStores.DIMENSIONS,
                "user_id",
                1)) {
            assertThat(sink.write(records)).isEmpty();
        }
    }

    private static List<SimilarUser> compared(Map<String, List<float[]>> users, String user, int limit) {
        float[] mean = mean(users.get(user));
        Map<String, Double> best = new LinkedHashMap<>();
        users.forEach((other, vectors) -> vectors.forEach(vector -> {
            double cosine = cosine(mean, vector);
            if (!other.equals(user) && !Double.isNaN(cosine)) best.merge(other, cosine, Math::max);
        }));
        return best.entrySet().stream()
                .map(e -> new SimilarUser(e.getKey(), e.getValue()))
                .sorted(Comparator.comparingDouble(SimilarUser::similarityScore)
                        .reversed()
                        .thenComparing(SimilarUser::userId))
                .limit(limit)
                .toList();
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            dot += (double) a[i] * b[i];
            aa += (double) a[i] * a[i];
            bb += (double) b[i] * b[i];
        }
        return dot / Math.sqrt(aa * bb);
    }
}
