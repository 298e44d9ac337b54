package io.caravan.query;

import static io.caravan.query.QueryStores.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the query API answers, over HTTP, from real stores. */
class QueryApiTest {

    @TempDir
    static Path folder;

    private static QueryApi api;

    @BeforeAll
    static void start() throws Exception {
        QueryStores stores = new QueryStores(folder);
        stores.write(List.of(
                event("r1", "anna", "spring", "2025-09-01T10:00:00.000001Z", 1, 0),
                event("r2", "anna", "Autumn", "2025-09-03T10:00:00Z", 0, 0),
                event("r3", "anna", "spring", "2025-09-02T10:00:00Z", 1, 0),
                event("r4", "bert", null, "2025-09-01T12:00:00Z", 3, 4),
                event("r5", "bert", null, "2025-09-01T12:00:00Z", 0, 1),
                event("r6", "cleo", "spring", "2025-09-01T12:00:00Z", -1, 0),
                event("r7", "dora", "spring", "2025-09-01T12:00:00Z", 0, 0),
                event("r8", "emil & söhne", "spring", "2025-09-01T12:00:00Z", 4, 3)));
        stores.run("personalization", "run", "succeeded");
        api = new QueryApi(stores.settings());
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void findsSimilarUsersByTheMeanOfTheirVectorsBestFirst() {
        assertAnswer("/recommendations/similar-users?user_id=anna", """
                [{"user_id":"emil & söhne","similarity_score":0.8},{"user_id":"bert","similarity_score":0.6},\
                {"user_id":"cleo","similarity_score":-1.0}]""");
    }

    private static void assertAnswer(String path, String json) {
        HttpResponse<String> answer = api.get(path);
        assertThat(answer.body()).isEqualTo(json);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    }
}
