package io.caravan.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.endpoint.Clients;
import io.caravan.endpoint.EndpointCounts;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.local.Endpoint;
import io.caravan.local.TestNeo4j;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.component.mock.InterceptSendToMockEndpointStrategy;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.SimpleMain;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.neo4j.driver.AccessMode;
import org.neo4j.driver.AuthTokens;
import org.neo4j.driver.Driver;
import org.neo4j.driver.GraphDatabase;
import org.neo4j.driver.Session;
import org.neo4j.driver.Transaction;

/** What Camel's neo4j endpoint does, and whose driver it is. */
class GraphEndpointTest {

    private static final String MAPPING = "classpath:routes/personalization/graph.yaml";
    private static final Endpoint SERVER = TestNeo4j.endpoint();
    /** Where nobody listens. */
    private static final String NOWHERE = "bolt://127.0.0.1:1";

    private final DefaultCamelContext context = new DefaultCamelContext();

    @BeforeEach
    void clear() {
        TestNeo4j.clear();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void theEndpointMakesTheConstraintsAndEveryoneSharesOneDriver() {
        context.start();
        EndpointCounts counts = EndpointCounts.of(context);
        Neo4jSink sink = known(sink(SERVER.uri(), ""));
        GraphQuery query = known(new GraphQuery(
                SERVER.uri(), SERVER.user(), SERVER.password(), "", "MATCH (e:Event) RETURN e.record_id AS id", 9_000));

        assertThat(sink.check()).isEmpty();
        sink.write(List.of(event("e1")));
        sink.write(List.of(event("e2")));

        assertThat(query.rows(Map.of())).hasSize(2);
        assertThat(counts.calls()).containsExactly(Map.entry("neo4j", 3L));
        assertThat(constraints()).hasSize(3);
        assertThat(context.getRegistry().findByType(Driver.class)).hasSize(1);
        assertThat(Clients.of(context).uses()).containsOnlyKeys("neo4jDriver");
        assertThat(HealthCheckRegistry.get(context)
                        .getCheck("client-neo4jDriver")
                        .orElseThrow()
                        .call()
                        .getState())
                .isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void aMockThatTakesTheEndpointsPlaceLeavesNoConstraint() throws Exception {
        context.getCamelContextExtension()
                .registerEndpointCallback(new InterceptSendToMockEndpointStrategy("neo4j:*", true));
        context.start();

        known(sink(SERVER.uri(), "neo4j")).write(List.of(event("e1")));

        assertThat(constraints()).isEmpty();
        assertThat(context.getEndpoint("mock:neo4j:neo4j", MockEndpoint.class).getReceivedCounter())
                .isEqualTo(3);
    }

    @Test
    void theUsersDriverWins() {
        try (Driver users = driver()) {
            context.getRegistry().bind("mine", users);
            context.start();

            // also where no laptop store was ever started
            known(sink("laptop", "")).write(List.of(event("e1")));

            assertThat(constraints()).hasSize(3);
            context.stop();
            users.verifyConnectivity(); // it is his to close
        }
    }

    @Test
    void aDriverAtTheComponentWinsOverBeans() throws Exception {
        SimpleMain main = new SimpleMain(context);
        try (Driver users = driver();
                Driver other = GraphDatabase.driver(NOWHERE)) {
            context.getRegistry().bind("mine", users);
            context.getRegistry().bind("other", other);
            main.addInitialProperty("camel.component.neo4j.driver", "#bean:mine");
            main.start();

            known(sink(NOWHERE, "")).write(List.of(event("e1")));

            assertThat(constraints()).hasSize(3);
        } finally {
            main.stop();
        }
    }

    @Test
    void whereTheSinkSaysNoUriThatOfTheComponentCounts() throws Exception {
        SimpleMain main = new SimpleMain(context);
        try {
            main.addInitialProperty("camel.component.neo4j.database-url", SERVER.uri());
            main.addInitialProperty("camel.component.neo4j.username", SERVER.user());
            main.addInitialProperty("camel.component.neo4j.password", SERVER.password());
            main.start();

            known(sink("", "")).write(List.of(event("e1")));

            assertThat(constraints()).hasSize(3);
        } finally {
            main.stop();
        }
    }

    @Test
    void whereNobodySaysAUriThatIsSaid() {
        context.start();

        assertThatThrownBy(() -> known(sink("", "")).write(List.of(event("e1"))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("graph: uri must be laptop or like neo4j+s://host:7687 (no password inside), got '';"
                        + " or bring a driver, or set camel.component.neo4j.database-url");
    }

    @ParameterizedTest
    @ValueSource(strings = {"${env:HOME}", "{{x}}", "$simple{1}", "{{env:HOME}}", "a'b", "RAW(x)", "$name", "é\n"})
    void theEndpointLeavesNamesAsTheyAre(String name) {
        context.start();
        Neo4jConnection neo4j = known(connection(60_000));

        neo4j.run("CREATE CONSTRAINT FOR (n:" + Cypher.quoted(name) + ") REQUIRE n." + Cypher.quoted(name)
                + " IS UNIQUE");

        assertThat(constraints()).containsExactly(name + "." + name);
    }

    @Test
    void aLateCallEndsItsOwnConnectionAndNoOther() {
        context.start();
        Neo4jConnection patient = known(connection(60_000));
        Neo4jConnection impatient = known(connection(500));

        int rows = patient.with(AccessMode.WRITE, session -> {
            try (Transaction open = session.beginTransaction()) {
                open.run("CREATE (:Kept)").consume();
                assertThatThrownBy(() -> {
                            try (Stream<?> endless =
                                    impatient.rows("UNWIND range(1, 1000000000) AS n RETURN count(n)")) {
                                endless.toList();
                            }
                        })
                        .isInstanceOf(UnavailableException.class)
                        .hasMessageContaining("answers within 500 ms");
                open.commit();
            }
            return session.run("MATCH (n:Kept) RETURN n").list().size();
        });

        assertThat(rows).isEqualTo(1);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(context.getRegistry().findByType(Driver.class)).hasSize(1);
    }

    private static Neo4jConnection connection(int timeoutMillis) {
        return new Neo4jConnection("graph", SERVER.uri(), SERVER.user(), SERVER.password(), "", 10_000, timeoutMillis);
    }

    private <T extends org.apache.camel.CamelContextAware> T known(T connector) {
        connector.setCamelContext(context);
        return connector;
    }

    private static Neo4jSink sink(String uri, String database) {
        return new Neo4jSink("graph", uri, SERVER.user(), SERVER.password(), database, MAPPING, 10_000, 60_000);
    }

    private static Driver driver() {
        return GraphDatabase.driver(SERVER.uri(), AuthTokens.basic(SERVER.user(), SERVER.password()));
    }

    private static Record event(String id) {
        return Record.read(
                id, Fields.of("record_id", "user_id"), new Object[] {id, "ann"}, new Origin("test.csv", 1), Hash.NONE);
    }

    private static List<String> constraints() {
        try (Session session = TestNeo4j.driver().session()) {
            return session.run("SHOW CONSTRAINTS YIELD labelsOrTypes, properties")
                    .list(row -> row.get(0).get(0).asString() + "."
                            + row.get(1).get(0).asString());
        }
    }
}
