package io.caravan.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.local.TestStores;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When nothing can be answered yet, or no more. */
class QueryApiUnavailableTest {

    private static final List<String> PATHS =
            List.of("/recommendations/similar-users", "/graph/user-campaigns", "/analytics/user-engagement");

    @TempDir
    Path folder;

    @Test
    void answersNothingUntilARunOfThePipelineHasSucceeded() throws Exception {
        QueryStores stores = new QueryStores(folder);
        stores.write(List.of(QueryStores.event("r1", "anna", "spring", "2025-09-01T10:00:00Z", 1)));
        try (QueryApi api = new QueryApi(stores.settings())) {
            assertNotYet(api);
            stores.run("personalization", "run", "failed");
            assertNotYet(api);
            stores.run("personalization", "run", "partial");
            assertNotYet(api);
            stores.run("personalization", "plan", "succeeded");
            assertNotYet(api);
            stores.run("other", "run", "succeeded");
            assertNotYet(api);

            stores.run("personalization", "run", "succeeded");
            assertServed(api);
            stores.run("personalization", "run", "failed");
            assertServed(api);
            dropRuns(stores);
            assertServed(api);
        }
    }

    @Test
    void saysWhichStoreDoesNotAnswerAndNothingElseOfIt() throws Exception {
        QueryStores stores = new QueryStores(folder);
        stores.run("personalization", "run", "succeeded");
        Properties settings = stores.settings();
        soonGivenUp(settings);
        settings.setProperty("caravan.graph.uri", "bolt://127.0.0.1:1");
        settings.setProperty("caravan.warehouse.uri", "jdbc:postgresql://127.0.0.1:1/db");
        Files.createDirectories(stores.vectors);
        Files.writeString(stores.vectors.resolve("segments_1"), "this is no index");
        try (QueryApi api = new QueryApi(settings)) {
            List<String> names = List.of("vectors", "graph", "warehouse");
            for (int i = 0; i < 3; i++) {
                QueryApiTest.assertProblem(
                        api.get(PATHS.get(i) + "?user_id=anna"),
                        503,
                        "Service Unavailable",
                        "query: the store of the " + names.get(i) + " does not answer; try again later",
                        PATHS.get(i));
            }
            HttpResponse<String> ready = api.get("/health/ready");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).isEqualTo("""
                            {"status":"DOWN","checks":[{"name":"personalization","status":"UP"},\
                            {"name":"graph","status":"DOWN","reason":"query: the store of the graph does not answer; try again later"},\
                            {"name":"vectors","status":"DOWN","reason":"query: the store of the vectors does not answer; try again later"},\
                            {"name":"warehouse","status":"DOWN","reason":"query: the store of the warehouse does not answer; try again later"}]}""");
            assertThat(api.get("/health/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void withoutItsLedgerOrWithAWrongPasswordItSaysSo() throws Exception {
        QueryStores stores = new QueryStores(folder);
        Properties settings = stores.settings();
        soonGivenUp(settings);
        settings.setProperty("caravan.ledger.uri", "jdbc:postgresql://127.0.0.1:1/db?password=secret");
        settings.setProperty("caravan.warehouse.password", "wrong");
        try (QueryApi api = new QueryApi(settings)) {
            QueryApiTest.assertProblem(
                    api.get(PATHS.get(0) + "?user_id=anna"),
                    503,
                    "Service Unavailable",
                    "query: the store of the ledger does not answer; try again later",
                    PATHS.get(0));
            assertThat(api.get("/health/ready").body())
                    .contains(
                            "{\"name\":\"personalization\",\"status\":\"DOWN\"",
                            "{\"name\":\"graph\",\"status\":\"UP\"}",
                            "{\"name\":\"warehouse\",\"status\":\"DOWN\",\"reason\":\"query: the store of the warehouse"
                                    + " cannot be used as it is configured; the log says why\"}")
                    .doesNotContain("secret", "wrong", "127.0.0.1");
        }
    }

    /** One that is away is asked again and again for this long, by each question. */
    private static void soonGivenUp(Properties settings) {
        settings.setProperty("caravan.api.timeoutMillis", "2000");
        settings.setProperty("caravan.ledger.connectTimeoutMillis", "2000");
    }

    private static void assertNotYet(QueryApi api) {
        for (String path : PATHS) {
            QueryApiTest.assertProblem(
                    api.get(path + "?user_id=anna"),
                    503,
                    "Service Unavailable",
                    "query: no run of personalization has succeeded yet; do: ./caravan run personalization",
                    path);
        }
        HttpResponse<String> ready = api.get("/health/ready");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body()).startsWith("{\"status\":\"DOWN\",\"checks\":[").contains("""
                        {"name":"personalization","status":"DOWN","reason":"query: no run of \
                        personalization has succeeded yet; do: ./caravan run personalization"},""");
        assertThat(api.get("/health/live").statusCode()).isEqualTo(200);
    }

    private static void assertServed(QueryApi api) {
        for (String path : PATHS) {
            assertThat(api.get(path + "?user_id=anna").statusCode()).as(path).isEqualTo(200);
        }
        assertThat(api.get("/health/ready").statusCode()).isEqualTo(200);
    }

    private static void dropRuns(QueryStores stores) throws Exception {
        try (Connection c = TestStores.dataSource(stores.database).getConnection();
                Statement s = c.createStatement()) {
            s.execute("delete from ledger.run");
        }
    }
}
