package io.caravan.bigquery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQueryOptions;
import io.caravan.Hostile;
import io.caravan.bigquery.BigQueryStub.Fault;
import io.caravan.endpoint.Clients;
import io.caravan.endpoint.EndpointCounts;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContextAware;
import org.apache.camel.component.google.bigquery.GoogleBigQueryConnectionFactory;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.SimpleMain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Questions through Camel's google-bigquery-sql endpoint, and whose client it is. */
@Timeout(60)
class BigQueryReaderTest {

    private static final String BY_USER = "SELECT COUNT(*) AS n, MIN(e.at) AS first FROM {dataset}.events AS e"
            + " WHERE e.user_id = @user_id HAVING COUNT(*) > 0";
    private static final Instant TIME = Instant.parse("2025-09-01T10:00:00Z");
    private static final String NOWHERE = "http://127.0.0.1:1";

    @TempDir
    Path folder;

    private final DefaultCamelContext context = new DefaultCamelContext();
    private BigQueryStub bigQuery;

    @BeforeEach
    void start() throws Exception {
        bigQuery = new BigQueryStub();
    }

    @AfterEach
    void stop() {
        context.stop();
        bigQuery.close();
    }

    @Test
    void theEndpointAsksAndSharesTheSinksConnectionFactory() throws Exception {
        context.start();
        EndpointCounts counts = EndpointCounts.of(context);
        write(bigQuery.host(), List.of("ann", "ann", "bob"));

        try (BigQueryReader reader = known(reader(bigQuery.host(), 10_000))) {
            assertThat(reader.rows(BY_USER, Map.of("user_id", "ann")))
                    .containsExactly(Map.of("n", 2L, "first", "2025-09-01T10:00:00Z"));
            assertThat(reader.rows(BY_USER, Map.of("user_id", "nobody"))).isEmpty();
        }
        assertThat(counts.calls()).containsExactly(Map.entry("google-bigquery-sql", 2L));
        assertThat(context.getRegistry().findByType(GoogleBigQueryConnectionFactory.class))
                .hasSize(1);
        assertThat(Clients.of(context).uses()).containsOnlyKeys("bigQueryConnectionFactory");
        HealthCheck.Result health = HealthCheckRegistry.get(context)
                .getCheck("client-bigQueryConnectionFactory")
                .orElseThrow()
                .call();
        assertThat(health.getState()).as("%s", health.getMessage()).isEqualTo(HealthCheck.State.UP);
        assertThat(bigQuery.problems).isEmpty();
    }

    @Test
    void valuesArriveAsTheyAre() throws Exception {
        context.start();
        List<String> users =
                new ArrayList<>(List.of("${env:HOME}", "{{x}}", "$simple{1}", "..", "a\r\nb", "@user_id", ":#x"));
        users.addAll(Hostile.names(200));
        // what no text of BigQuery can be
        users.removeIf(user -> user.contains("\u0000") || !UTF_8.newEncoder().canEncode(user));
        write(bigQuery.host(), users);

        try (BigQueryReader reader = known(reader(bigQuery.host(), 10_000))) {
            for (String user : users) {
                assertThat(reader.rows(BY_USER, Map.of("user_id", user)))
                        .as(user)
                        .hasSize(1);
            }
        }
    }

    @Test
    void aConnectionFactoryOfTheUserWins() throws Exception {
        context.getRegistry().bind("mine", factory());
        context.start();
        write(NOWHERE, List.of("ann"));

        try (BigQueryReader reader = known(reader(NOWHERE, 10_000))) {
            assertThat(reader.rows(BY_USER, Map.of("user_id", "ann"))).hasSize(1);
        }
    }

    @Test
    void aConnectionFactoryAtEitherComponentWinsOverBeans() throws Exception {
        for (String component : List.of("google-bigquery", "google-bigquery-sql")) {
            DefaultCamelContext own = new DefaultCamelContext();
            SimpleMain main = new SimpleMain(own);
            own.getRegistry().bind("mine", factory());
            own.getRegistry().bind("other", new GoogleBigQueryConnectionFactory());
            main.addInitialProperty("camel.component." + component + ".connection-factory", "#bean:mine");
            main.start();
            try (BigQuerySink sink = sink(NOWHERE)) {
                sink.setCamelContext(own);
                assertThat(sink.check()).as(component).isEmpty();
            } finally {
                main.stop();
            }
        }
    }

    @Test
    void saysWhatIsWrongWithTheQuery() {
        context.start();
        try (BigQueryReader reader = known(reader(bigQuery.host(), 10_000))) {
            assertThatThrownBy(() -> reader.rows(BY_USER, Map.of("user_id", "ann")))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("user-engagement: cannot query: ")
                    .hasMessageContaining("Not found: Table test-project:marketing.events");
        }
    }

    @Test
    void isLateInTime() throws Exception {
        context.start();
        write(bigQuery.host(), List.of("ann"));
        bigQuery.arm("POST /bigquery/.*/jobs", Fault.JOB_WAITS);
        try (BigQueryReader reader = known(reader(bigQuery.host(), 1_000))) {
            assertThatThrownBy(() -> reader.rows(BY_USER, Map.of("user_id", "ann")))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("answers within 1000 ms");
        }
    }

    @Test
    void saysThatNobodyAnswers() {
        context.start();
        try (BigQueryReader reader = known(reader(NOWHERE, 10_000))) {
            assertThatThrownBy(() -> reader.rows(BY_USER, Map.of("user_id", "ann")))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("(connection refused)");
        }
    }

    @Test
    void refusesWhatTheEndpointWouldFillIn() {
        context.start();
        try (BigQueryReader reader = known(reader(bigQuery.host(), 10_000))) {
            assertThatThrownBy(() -> reader.rows("SELECT '${user_id}'", Map.of()))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessage("user-engagement: sql must not hold ${, which Camel's endpoint fills in, got"
                            + " 'SELECT '${user_id}''");
        }
    }

    private GoogleBigQueryConnectionFactory factory() {
        return new GoogleBigQueryConnectionFactory(BigQueryOptions.newBuilder()
                .setProjectId("another-project")
                .setCredentials(NoCredentials.getInstance())
                .setHost(bigQuery.host())
                .build()
                .getService());
    }

    private <T extends CamelContextAware> T known(T connector) {
        connector.setCamelContext(context);
        return connector;
    }

    private void write(String host, List<String> users) throws Exception {
        List<Record> records = new ArrayList<>();
        for (String user : users) {
            Object[] values = {"e" + records.size(), user, TIME};
            records.add(Record.read(
                    "e" + records.size(), Fields.of("id", "user_id", "at"), values, new Origin("a", 1), Hash.NONE));
        }
        try (BigQuerySink sink = known(sink(host))) {
            assertThat(sink.write(records)).isEmpty();
            assertThat(sink.flush()).isEmpty();
        }
    }

    private BigQuerySink sink(String host) throws Exception {
        Path table = Files.writeString(folder.resolve("events.yaml"), """
                table: events
                columns:
                  - {name: id, type: string, key: true}
                  - {name: user_id, type: string}
                  - {name: at, type: timestamp}
                """);
        return new BigQuerySink(
                "analytics",
                BigQueryStub.PROJECT,
                BigQueryStub.DATASET,
                table.toString(),
                "",
                host,
                1,
                5_000,
                10_000,
                0);
    }

    private static BigQueryReader reader(String host, int timeoutMillis) {
        return new BigQueryReader(
                "user-engagement", BigQueryStub.PROJECT, BigQueryStub.DATASET, "", host, 4, timeoutMillis);
    }
}
