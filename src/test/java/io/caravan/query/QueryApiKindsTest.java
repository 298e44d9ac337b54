package io.caravan.query;

import static io.caravan.query.QueryStores.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.SilentProxy;
import io.caravan.bigquery.BigQuerySink;
import io.caravan.bigquery.BigQueryStub;
import io.caravan.endpoint.TestContext;
import io.caravan.record.Record;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The query API asks the warehouse of the kind that is chosen, and answers as from the other. */
class QueryApiKindsTest {

    private static final String ENGAGEMENT = "/analytics/user-engagement?user_id=";

    private static final List<Record> EVENTS = List.of(
            event("r1", "anna", "spring", "2025-09-01T10:00:00.000001Z", 1),
            event("r2", "anna", null, "2025-09-03T10:00:00.999999Z", 1),
            event("r3", "b' OR '1'='1", "spring", "1999-12-31T23:59:59Z", 1),
            event("r4", "@user_id", "spring", "2025-09-01T12:00:00Z", 1),
            event("r5", "emil & söhne", "spring", "2025-09-01T12:00:00Z", 1));

    @TempDir
    static Path folder;

    private static BigQueryStub bigQuery;
    private static QueryStores stores;

    @BeforeAll
    static void fill() throws Exception {
        bigQuery = new BigQueryStub();
        stores = new QueryStores(folder);
        stores.write(EVENTS);
        try (BigQuerySink sink = TestContext.knownTo(sink())) {
            sink.write(EVENTS);
            sink.flush();
        }
        stores.run("personalization", "run", "succeeded");
    }

    @AfterAll
    static void stop() {
        bigQuery.close();
    }

    @Test
    void bigQueryAnswersAsPostgresqlDoes() throws Exception {
        try (QueryApi there = new QueryApi(settings(bigQuery.host()));
                QueryApi here = new QueryApi(stores.settings())) {
            assertThat(there.get(ENGAGEMENT + "anna").body()).isEqualTo("""
                    {"user_id":"anna","total_events":2,"first_event_time":"2025-09-01T10:00:00.000001Z",\
                    "last_event_time":"2025-09-03T10:00:00.999999Z"}""");
            for (String user : List.of(
                    "anna", "b' OR '1'='1", "@user_id", ":user_id", "emil & söhne", "nobody", "`x`; DROP TABLE y")) {
                String path = ENGAGEMENT + URLEncoder.encode(user, StandardCharsets.UTF_8);
                HttpResponse<String> answer = there.get(path);
                assertThat(answer.body()).as(user).isEqualTo(here.get(path).body());
                assertThat(answer.statusCode())
                        .as(user)
                        .isEqualTo(here.get(path).statusCode());
            }
            assertThat(there.get("/health/ready").body()).contains("{\"name\":\"warehouse\",\"status\":\"UP\"}");
        }
    }

    @Test
    void aBigQueryThatSaysNothingIsGivenUpInTimeAndOneWithoutTheTableIsSaid() throws Exception {
        URI host = URI.create(bigQuery.host());
        try (SilentProxy proxy = new SilentProxy(host.getHost(), host.getPort())) {
            Properties settings = settings("http://127.0.0.1:" + proxy.port());
            settings.setProperty("caravan.api.timeoutMillis", "1500");
            try (QueryApi api = new QueryApi(settings)) {
                assertThat(api.get(ENGAGEMENT + "anna").statusCode()).isEqualTo(200);
                proxy.silence();
                long begun = System.nanoTime();
                QueryApiTest.assertProblem(
                        api.get(ENGAGEMENT + "anna"),
                        503,
                        "Service Unavailable",
                        "query: the store of the warehouse does not answer; try again later",
                        "/analytics/user-engagement");
                assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
                proxy.speak();
                assertThat(api.get(ENGAGEMENT + "anna").statusCode()).isEqualTo(200);
            }
        }
        try (BigQueryStub empty = new BigQueryStub();
                QueryApi api = new QueryApi(settings(empty.host()))) {
            QueryApiTest.assertProblem(
                    api.get(ENGAGEMENT + "anna"),
                    503,
                    "Service Unavailable",
                    "query: the store of the warehouse cannot be used as it is configured; the log says why",
                    "/analytics/user-engagement");
        }
    }

    private static Properties settings(String host) {
        Properties settings = stores.settings();
        settings.setProperty("caravan.warehouse.kind", "bigquery");
        settings.setProperty("caravan.warehouse.project", BigQueryStub.PROJECT);
        settings.setProperty("caravan.warehouse.dataset", BigQueryStub.DATASET);
        settings.setProperty("caravan.warehouse.host", host);
        // connection refused: what is not chosen is not asked
        settings.setProperty("caravan.warehouse.uri", "jdbc:postgresql://127.0.0.1:1/db");
        return settings;
    }

    private static BigQuerySink sink() {
        return new BigQuerySink(
                "w",
                BigQueryStub.PROJECT,
                BigQueryStub.DATASET,
                "routes/personalization/warehouse.yaml",
                "",
                bigQuery.host(),
                1,
                2_000,
                5_000,
                0);
    }
}
