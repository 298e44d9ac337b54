package io.caravan.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.error.ConfigurationException;
import io.caravan.graph.GraphMapping.Condition;
import io.caravan.graph.GraphMapping.Derived;
import io.caravan.graph.GraphMapping.Direct;
import io.caravan.graph.GraphMapping.Kind;
import io.caravan.graph.GraphMapping.Node;
import io.caravan.graph.GraphMapping.Property;
import io.caravan.graph.GraphMapping.Rule;
import io.caravan.graph.GraphMapping.Summary;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraphMappingReaderTest {

    private static final String NODES = """
            record: event
            nodes:
              event: { label: Event, key: id, properties: { time: time } }
              user: { label: User, key: user_id }
              campaign: { label: Campaign, key: campaign }
            """;

    private static final String ANCHORS = """
            relationships:
              - { from: user, type: DID, to: event }
              - { from: event, type: OF, to: campaign }
            """;

    @Test
    void readsTheMappingThatPersonalizationShips() {
        GraphMapping mapping = GraphMappingReader.read("classpath:routes/personalization/graph.yaml");

        assertThat(mapping)
                .isEqualTo(new GraphMapping(
                        new Node(
                                "event",
                                "Event",
                                "record_id",
                                "record_id",
                                List.of(new Property("message", "message"), new Property("timestamp", "timestamp")),
                                List.of()),
                        List.of(
                                new Node("user", "User", "user_id", "user_id", List.of(), List.of()),
                                new Node(
                                        "campaign",
                                        "Campaign",
                                        "campaign",
                                        "campaign",
                                        List.of(),
                                        List.of(new Condition("campaign", Set.of())))),
                        List.of(
                                new Direct("PERFORMED", false, 0, List.of()),
                                new Direct("PART_OF", true, 1, List.of())),
                        List.of(new Derived(
                                0,
                                1,
                                List.of(
                                        new Kind("PARTICIPATED_IN", List.of()),
                                        new Kind(
                                                "TARGETED_BY",
                                                List.of(new Summary("first_seen", Rule.EARLIEST, "timestamp"))))))));
    }

    @Test
    void findsDerivedRelationshipsWhereverTheyStand() {
        GraphMapping mapping = read(NODES + """
                relationships:
                  - { from: user, type: SAW, to: campaign }
                  - { from: user, type: DID, to: event }
                  - { from: event, type: OF, to: campaign }
                """);

        assertThat(mapping.derived()).containsExactly(new Derived(0, 1, List.of(new Kind("SAW", List.of()))));
    }

    @Test
    void saysAllThatIsWrongAtOnce() {
        assertThatThrownBy(() -> read("""
                        record: evnt
                        node: {}
                        nodes:
                          event: { label: "Ev`ent", key: 7, colour: red }
                          user: { label: User, key: user_id, when: { user_id: maybe } }
                        """))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(lines(
                        "graph mapping test: node must be one of [nodes, record, relationships], got 'node'",
                        "graph mapping test: nodes.event.colour must be one of [field, key, label, properties, when], got 'colour'",
                        "graph mapping test: nodes.event.key must be a text that is not blank, got '7'",
                        "graph mapping test: nodes.event.label must match [A-Za-z_][A-Za-z0-9_]*, got 'Ev`ent'",
                        "graph mapping test: nodes.event.key must match [A-Za-z_][A-Za-z0-9_]*, got '7'",
                        "graph mapping test: nodes.user.when.user_id must be 'present' or a list of texts, got '\"maybe\"'",
                        "graph mapping test: record must be one of nodes [event, user], got 'evnt'"));
    }

    @Test
    void saysAllThatIsWrongWithRelationshipsAtOnce() {
        assertThatThrownBy(() -> read(NODES + """
                        relationships:
                          - { from: user, type: "DID]-() //", to: event, properties: { "a b": c } }
                          - { from: user, type: KNOWS, to: usr }
                          - { from: user, type: IS, to: user }
                          - { from: user, type: SAW, to: campaign, properties: { first: { earliest: when } } }
                          - { from: user, type: SAW, to: campaign, properties: { n: count } }
                        """))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(lines(
                        "graph mapping test: relationships[0].type must match [A-Za-z_][A-Za-z0-9_]*, got 'DID]-() //'",
                        "graph mapping test: relationships[0].properties must match [A-Za-z_][A-Za-z0-9_]*, got 'a b'",
                        "graph mapping test: relationships[1].to must be one of nodes [event, user, campaign], got 'usr'",
                        "graph mapping test: relationships[2].to must differ from its from, got 'user'",
                        "graph mapping test: nodes.campaign must have a relationship with the record's own node, got 'campaign'",
                        "graph mapping test: relationships[3].properties.first must be of a property of the record's own node"
                                + " [time], got 'when'",
                        "graph mapping test: relationships[4] must be given once for its labels, got 'SAW'",
                        "graph mapping test: relationships[4].properties.n must be { earliest: <property> } or"
                                + " { latest: <property> }, got '\"count\"'"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            user: { label: Event, key: user_id }   | nodes.user.label must differ from the record's own, got 'Event'
            user: { label: Campaign, key: user_id }| nodes.campaign.key must be the same for one label, got 'campaign'
            user: { label: User, key: k, properties: { k: x } } | nodes.user.properties must not hold the key again, got 'k'
            user: { label: User, key: k, properties: [x] } | nodes.user.properties must be a map from property to the record's field, got '["x"]'
            """)
    void refusesNodesThatCouldNotBeToldApart(String node, String problem) {
        String nodes = NODES.replaceFirst("user: \\{.*}", node);

        assertThatThrownBy(() -> read(nodes + ANCHORS))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("graph mapping test: " + problem);
    }

    @Test
    void refusesAConditionOnTheRecordsOwnNode() {
        assertThatThrownBy(() -> read(NODES.replace("key: id,", "key: id, when: { id: present },") + ANCHORS))
                .hasMessage("graph mapping test: nodes.event must have neither when nor field: it is the record's own,"
                        + " got 'event'");
    }

    @Test
    void refusesAKeyGivenTwice() {
        assertThatThrownBy(() -> read("record: a\nrecord: b\n"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("graph mapping test: text must be YAML, got 'Duplicate field 'record'' in line 2");
    }

    @Test
    void saysThatTheFileIsMissing() {
        assertThatThrownBy(() -> GraphMappingReader.read("classpath:no/such.yaml"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("neo4j-sink: mapping must be a readable file or classpath:<resource>,"
                        + " got 'classpath:no/such.yaml'");
    }

    private static GraphMapping read(String yaml) {
        return GraphMappingReader.parse("graph mapping test", yaml);
    }

    private static String lines(String... lines) {
        return String.join(System.lineSeparator(), lines);
    }
}
