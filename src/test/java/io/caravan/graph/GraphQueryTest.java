package io.caravan.graph;

import static io.caravan.endpoint.TestContext.knownTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.FaultProxy;
import io.caravan.FaultProxy.Fault;
import io.caravan.FaultProxy.Kind;
import io.caravan.error.ConfigurationException;
import io.caravan.local.Endpoint;
import io.caravan.local.TestNeo4j;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.neo4j.driver.Session;
import org.neo4j.driver.exceptions.ClientException;

class GraphQueryTest {

    private static final Instant NOON = Instant.parse("2025-11-03T12:00:00Z");

    @BeforeEach
    void draw() {
        TestNeo4j.clear();
        try (Session session = TestNeo4j.driver().session()) {
            session.run("CREATE (u:User {user_id: 'ann'}), (u)-[:IN {at: datetime('2025-11-03T12:00:00Z')}]->(:Campaign"
                            + " {campaign: 'sale'}), (u)-[:IN]->(:Campaign {campaign: 'gala'})")
                    .consume();
        }
    }

    @Test
    void answersWithRowsInOrder() {
        GraphQuery query = query("MATCH (:User {user_id: $user_id})-[r:IN]->(c:Campaign)"
                + " RETURN c.campaign AS campaign, r.at AS at ORDER BY campaign DESC");
        List<Map<String, Object>> rows = query.rows(Map.of("user_id", "ann"));

        assertThat(rows).hasSize(2);
        assertThat(rows.get(0)).isEqualTo(Map.of("campaign", "sale", "at", NOON));
        assertThat(rows.get(1)).containsEntry("campaign", "gala").containsEntry("at", null);
        assertThat(query.rows(Map.of("user_id", "ann'}) DETACH DELETE (n"))).isEmpty();
    }

    @Test
    void cannotWrite() {
        GraphQuery query = query("MATCH (n) DETACH DELETE n");

        assertThatThrownBy(() -> query.rows(Map.of()))
                .isInstanceOf(ClientException.class)
                .hasMessageContaining("not allowed");
        assertThat(GraphDump.of()).hasSize(5);
    }

    @Test
    void refusesABlankCypher() {
        assertThatThrownBy(() -> query(" "))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("graph query: cypher must not be blank, got ' '");
    }

    @Test
    void asksAgainWhereAConnectionWasLostMeanwhile() throws IOException {
        Endpoint e = TestNeo4j.endpoint();
        try (FaultProxy proxy = new FaultProxy(e.uri().replaceFirst("bolt://", ""))) {
            GraphQuery query = query("bolt://" + proxy.address(), "MATCH (c:Campaign) RETURN count(c) AS all");
            assertThat(query.rows(Map.of())).containsExactly(Map.of("all", 2L));
            for (Kind kind : List.of(Kind.CUT_REQUEST, Kind.CUT_REPLY, Kind.DROP_REPLY)) {
                int before = proxy.fired();
                proxy.arm(new Fault(kind, 1));
                assertThat(query.rows(Map.of())).as(kind.name()).containsExactly(Map.of("all", 2L));
                assertThat(proxy.fired()).as(kind.name()).isEqualTo(before + 1);
            }
        }
    }

    private static GraphQuery query(String cypher) {
        return query(TestNeo4j.endpoint().uri(), cypher);
    }

    private static GraphQuery query(String uri, String cypher) {
        Endpoint e = TestNeo4j.endpoint();
        return knownTo(new GraphQuery(uri, e.user(), e.password(), "neo4j", cypher, 10_000));
    }
}
