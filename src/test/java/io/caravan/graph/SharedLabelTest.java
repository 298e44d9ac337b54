package io.caravan.graph;

import static io.caravan.endpoint.TestContext.knownTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.local.Endpoint;
import io.caravan.local.TestNeo4j;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.shape.BookclubSample;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The users of personalization and those of the book club are {@code User} nodes of one graph: each pipeline leaves the other's alone. */
class SharedLabelTest {

    private final Neo4jSink events = sink("routes/personalization/graph.yaml");
    private final Neo4jSink club = sink("routes/bookclub/graph.yaml");

    @BeforeEach
    void empty() {
        TestNeo4j.clear();
    }

    @AfterEach
    void close() {
        events.close();
        club.close();
        TestNeo4j.clear();
    }

    @Test
    void neitherTakesTheOthersForStrays() {
        assertThat(events.write(List.of(event("e1", "user_87")))).isEmpty();
        // a member without a country, a read or a club is a node to which nothing relates
        assertThat(club.write(List.of(member("sami2", "us2")))).isEmpty();
        List<String> both = GraphDump.of();
        assertThat(both).anyMatch(line -> line.startsWith("User{_id=sami2")).contains("User{user_id=user_87}");

        assertThat(events.strays()).isEmpty();
        assertThat(club.strays()).isEmpty();
        events.removeStrays();
        club.removeStrays();

        assertThat(GraphDump.of()).isEqualTo(both);
        assertThat(events.keys()).containsExactly("e1");
    }

    @Test
    void whatNobodyKnowsIsAStrayAsEver() {
        events.write(List.of(event("e1", "user_87")));
        club.write(List.of(member("sami2", "us2")));
        try (var session = TestNeo4j.driver().session()) {
            session.run("CREATE (:User {name: 'by hand'})").consume();
        }

        assertThat(club.strays()).hasSize(1);
        club.removeStrays();

        assertThat(GraphDump.of()).noneMatch(line -> line.contains("by hand")).hasSize(4);
    }

    @Test
    void aUserOfTheOneIsNeverTakenForThatOfTheOther() {
        club.write(List.of(member("sami2", "us2")));

        assertThatThrownBy(() -> events.write(List.of(event("e1", "us2"))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "graph: node User must be known by 'user_id' alone where it is ours, got 'us2', which others know by"
                                + " '_id'; give one of the two mappings another label, or point one at another Neo4j");

        assertThat(GraphDump.of()).hasSize(1);
        assertThat(events.write(List.of(event("e2", "user_87")))).isEmpty();
    }

    private static Neo4jSink sink(String mapping) {
        Endpoint graph = TestNeo4j.endpoint();
        return knownTo(
                new Neo4jSink("graph", graph.uri(), graph.user(), graph.password(), "", mapping, 10_000, 60_000));
    }

    private static Record event(String id, String user) {
        return Record.read(
                id, Fields.of("record_id", "user_id"), new Object[] {id, user}, new Origin("test.csv", 1), Hash.NONE);
    }

    private static Record member(String handle, String id) {
        return BookclubSample.record("users", Map.of("_id", handle, "_kind", "users", "handle", handle, "user_id", id));
    }
}
