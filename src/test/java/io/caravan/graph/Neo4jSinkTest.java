package io.caravan.graph;

import static io.caravan.endpoint.TestContext.knownTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.delivery.MarkerContract;
import io.caravan.delivery.Refusal;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.local.Endpoint;
import io.caravan.local.TestNeo4j;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.table.KeyTexts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.neo4j.driver.Session;
import org.neo4j.driver.exceptions.Neo4jException;

/** The mapping that personalization ships, on a real Neo4j. */
class Neo4jSinkTest {

    private static final String MAPPING = "classpath:routes/personalization/graph.yaml";
    private static final Fields FIELDS = Fields.of("record_id", "user_id", "message", "campaign", "timestamp");
    private static final Instant NOON = Instant.parse("2025-11-03T12:00:00.123456Z");

    private final Endpoint endpoint = TestNeo4j.endpoint();
    private Neo4jSink sink;

    @BeforeEach
    void open() {
        TestNeo4j.clear();
        sink = sink(endpoint.uri(), endpoint.password(), "neo4j");
    }

    @AfterEach
    void close() {
        sink.close();
    }

    @Test
    void drawsEventsUsersAndCampaigns() {
        sink.write(List.of(
                event("e1", "ann", "sale", NOON),
                event("e2", "ann", "sale", NOON.minusSeconds(60)),
                event("e3", "bob", null, NOON),
                event("e4", "bob", " ", NOON)));

        assertThat(counts())
                .isEqualTo(Map.of(
                        "Event",
                        4L,
                        "User",
                        2L,
                        "Campaign",
                        1L,
                        "PERFORMED",
                        4L,
                        "PART_OF",
                        2L,
                        "PARTICIPATED_IN",
                        1L,
                        "TARGETED_BY",
                        1L));
        assertThat(firstSeen("ann", "sale")).isEqualTo(NOON.minusSeconds(60));
        assertThat(sink.keys()).containsExactlyInAnyOrder("e1", "e2", "e3", "e4");
    }

    @Test
    void theMarkerIsThereUntilTheGraphIsEmptiedInAnyWay() throws Exception {
        MarkerContract<Neo4jSink> markers = new MarkerContract<>(
                () -> sink(endpoint.uri(), endpoint.password(), "neo4j"),
                List.of(event("e1", "ann", "sale", NOON), event("e2", "bob", null, NOON)),
                tombstone("e1"));
        markers.keeps();
        assertThat(counts())
                .as("nodes of their own, one of which was taken away")
                .containsEntry("CaravanMarker", 1L);
        for (String way : List.of("MATCH (n) DETACH DELETE n", "MATCH (n:Event) DETACH DELETE n")) {
            TestNeo4j.clear();
            markers.loses(way, () -> run(way));
        }
    }

    @Test
    void makesKeysUniqueFirst() {
        sink.write(List.of(event("e1", "ann", "sale", NOON)));

        assertThat(cells("SHOW CONSTRAINTS YIELD type, labelsOrTypes, properties"
                        + " RETURN type + ' ' + labelsOrTypes[0] + '.' + properties[0]"))
                .containsExactlyInAnyOrder(
                        "UNIQUENESS Event.record_id", "UNIQUENESS User.user_id", "UNIQUENESS Campaign.campaign");
    }

    @Test
    void changesNothingWhenTheSameRecordsComeAgain() {
        List<Record> batch = List.of(event("e1", "ann", "sale", NOON), event("e2", "bob", null, null));
        sink.write(batch);
        List<String> before = GraphDump.of();

        sink.write(batch);

        assertThat(GraphDump.of()).isEqualTo(before);
    }

    @Test
    void movesAnEventToItsNewCampaignAndDropsWhatNothingSupports() {
        sink.write(List.of(event("e1", "ann", "sale", NOON), event("e2", "ann", "sale", NOON.plusSeconds(5))));

        sink.write(List.of(event("e1", "ann", "gala", NOON)));
        assertThat(firstSeen("ann", "sale")).isEqualTo(NOON.plusSeconds(5));
        assertThat(firstSeen("ann", "gala")).isEqualTo(NOON);

        sink.write(List.of(event("e2", "ann", "gala", NOON.plusSeconds(5))));
        assertThat(cells("MATCH (c:Campaign) RETURN c.campaign")).containsExactly("gala");
        assertThat(counts())
                .isEqualTo(Map.of(
                        "Event",
                        2L,
                        "User",
                        1L,
                        "Campaign",
                        1L,
                        "PERFORMED",
                        2L,
                        "PART_OF",
                        2L,
                        "PARTICIPATED_IN",
                        1L,
                        "TARGETED_BY",
                        1L));
    }

    @Test
    void movesAnEventToItsNewUserAndDropsTheOneWithoutEvents() {
        sink.write(List.of(event("e1", "ann", "sale", NOON)));

        sink.write(List.of(event("e1", "bob", "sale", NOON)));

        assertThat(cells("MATCH (u:User) RETURN u.user_id")).containsExactly("bob");
        assertThat(cells("MATCH (u)-[:PARTICIPATED_IN]->() RETURN u.user_id")).containsExactly("bob");
        assertThat(firstSeen("bob", "sale")).isEqualTo(NOON);
    }

    @Test
    void deletesWhatATombstoneLeavesWithoutSupport() {
        sink.write(List.of(event("e1", "ann", "sale", NOON), event("e2", "ann", "sale", NOON.plusSeconds(5))));

        sink.write(List.of(tombstone("e1"), tombstone("never seen")));
        assertThat(firstSeen("ann", "sale")).isEqualTo(NOON.plusSeconds(5));

        sink.write(List.of(tombstone("e2")));
        assertThat(GraphDump.of()).isEmpty();
    }

    @Test
    void recomputesFirstSeenWhenTheEarliestEventMovesInTime() {
        sink.write(List.of(event("e1", "ann", "sale", NOON), event("e2", "ann", "sale", NOON.plusSeconds(5))));

        sink.write(List.of(event("e1", "ann", "sale", NOON.plusSeconds(60))));

        assertThat(firstSeen("ann", "sale")).isEqualTo(NOON.plusSeconds(5));
    }

    @Test
    void leavesNodesToWhichSomeoneElseRelates() {
        sink.write(List.of(event("e1", "ann", "sale", NOON)));
        run("MATCH (u:User) CREATE (:Order)-[:BY]->(u)");

        sink.write(List.of(tombstone("e1")));

        assertThat(cells("MATCH (u:User) RETURN u.user_id")).containsExactly("ann");
    }

    @ParameterizedTest
    @ValueSource(strings = {"' OR 1=1 //", "`User`", "$x", "{{x}}", "${x}", "\"}) DETACH DELETE (n)", "\u0000", "😀"})
    void keepsHostileTextAsText(String text) {
        List<Record> batch = List.of(
                Record.read(text, FIELDS, new Object[] {text, text, text, text + "x", NOON}, origin(), Hash.NONE));

        sink.write(batch);

        assertThat(
                        cells(
                                "MATCH (u:User)-->(e:Event)-->(c:Campaign) RETURN u.user_id + e.record_id + e.message + c.campaign"))
                .containsExactly(text + text + text + text + "x");
        assertThat(sink.differing(batch)).isEmpty();
        sink.write(List.of(tombstone(text)));
        assertThat(GraphDump.of()).isEmpty();
    }

    @Test
    void refusesTheRecordThatLacksAKeyAndWritesTheRest() {
        Record bad = event("e1", " ", "sale", NOON);

        List<Refusal> refusals = sink.write(List.of(bad, event("e2", "ann", "sale", NOON)));

        assertThat(refusals)
                .containsExactly(
                        new Refusal(bad, "graph: user_id must not be blank: it is the key of node User, got ' '"));
        assertThat(sink.keys()).containsExactly("e2");
    }

    @Test
    void refusesATimeThatIsNone() {
        Object[] values = {"e1", "ann", "hello", "sale", "noon"};
        Record bad = Record.read("e1", FIELDS, values, origin(), Hash.NONE);

        assertThat(sink.write(List.of(bad)))
                .containsExactly(new Refusal(
                        bad, "graph: timestamp must be a timestamp: first_seen is one of them, got 'a text'"));
    }

    @Test
    void refusesAKeyThatIsTooLongForNeo4jAndTakesTheLongestThatIsNot() {
        Record longest = event("e1", "é".repeat(4_000), null, NOON);
        Record tooLong = event("e2", "é".repeat(4_001), null, NOON);

        assertThat(sink.write(List.of(longest, tooLong)))
                .containsExactly(new Refusal(
                        tooLong, "graph: user_id must have at most 8000 bytes to be a key, got '8002 bytes'"));
        assertThat(sink.differing(List.of(longest))).isEmpty();
    }

    @Test
    void blamesTheBatchWhenNeo4jRefusesTheStatement() {
        run("CREATE CONSTRAINT stranger FOR (e:Event) REQUIRE e.message IS UNIQUE");

        List<Record> twins = List.of(event("e1", "ann", null, NOON), event("e2", "ann", null, NOON));

        assertThatThrownBy(() -> sink.write(twins)).isInstanceOf(Neo4jException.class);
        assertThat(GraphDump.of()).isEmpty();
    }

    @Test
    void tellsWhichRecordsTheGraphDoesNotHold() {
        Record held = event("e1", "ann", "sale", NOON);
        Record moved = event("e2", "ann", "sale", NOON);
        Record lost = event("e3", "bob", "gala", NOON);
        Record edited = event("e4", "cyd", null, NOON);
        Record unsupported = event("e5", "dee", "sale", NOON);
        List<Record> batch = new ArrayList<>(List.of(held, moved, lost, edited, unsupported));
        sink.write(batch);
        assertThat(sink.differing(batch)).isEmpty();

        run("MATCH (:Event {record_id: 'e2'})-[r:PART_OF]->() DELETE r");
        run("MATCH (e:Event {record_id: 'e3'}) DETACH DELETE e");
        run("MATCH (e:Event {record_id: 'e4'}) SET e.message = 'other'");
        run("MATCH (:User {user_id: 'dee'})-[r:TARGETED_BY]->() SET r.first_seen = datetime()");
        batch.add(tombstone("e6"));
        batch.add(Record.tombstone("e1", Fields.of("record_id"), new Object[] {"e1"}, 1));
        batch.remove(held);

        assertThat(sink.differing(batch)).containsExactlyInAnyOrder("e1", "e2", "e3", "e4", "e5");
        sink.write(batch);
        assertThat(sink.differing(batch)).isEmpty();
    }

    @Test
    void whatTheDatabaseHoldsIsTold() {
        run("MATCH (n) DETACH DELETE n");
        assertThat(sink.facts()).containsExactly(Map.entry("nodes", 0L), Map.entry("relationships", 0L));
        run("CREATE (:A)-[:R]->(:B)<-[:R]-(:C)");
        assertThat(sink.facts()).containsExactly(Map.entry("nodes", 3L), Map.entry("relationships", 2L));
        run("MATCH (n) DETACH DELETE n");
    }

    @Test
    void fallsSilentWithoutAnythingToWrite() {
        assertThat(sink.write(List.of())).isEmpty();
        assertThat(sink.differing(List.of())).isEmpty();
        assertThat(sink.check()).isEmpty();
    }

    @Test
    void saysThatThePasswordIsWrong() {
        try (Neo4jSink stranger = sink(endpoint.uri(), "wrong-secret", "neo4j")) {
            assertThatThrownBy(() -> stranger.write(List.of(event("e1", "ann", null, NOON))))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("graph: authentication failed for user 'neo4j' at " + endpoint.uri() + " (")
                    .hasMessageNotContaining("wrong-secret");
            assertThat(stranger.check()).isPresent();
        }
    }

    @Test
    void saysThatTheDatabaseIsMissing() {
        try (Neo4jSink astray = sink(endpoint.uri(), endpoint.password(), "nowhere")) {
            assertThatThrownBy(() -> astray.keys())
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageStartingWith("graph: database must exist at " + endpoint.uri() + ", got 'nowhere' (")
                    .hasMessageEndingWith("); create it or correct 'database'");
        }
    }

    @Test
    void saysThatTheServerCannotBeReached() throws IOException {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        try (Neo4jSink alone = sink("bolt://127.0.0.1:" + nobody, "secret", "neo4j")) {
            assertThatThrownBy(() -> alone.write(List.of(event("e1", "ann", null, NOON))))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessage("graph: uri must lead to a Neo4j that answers, got 'bolt://127.0.0.1:" + nobody
                            + "' (connection refused); start it or correct 'uri'");
            assertThat(alone.check()).isPresent();
        }
    }

    @Test
    void saysThatKeysInTheGraphAreNotUnique() {
        run("CREATE (:User {user_id: 'twin'}), (:User {user_id: 'twin'})");

        assertThatThrownBy(() -> sink.write(List.of(event("e1", "ann", null, NOON))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("graph: the keys of the mapping's nodes must be unique in the graph, got '");
    }

    @Test
    void makesAConstraintThatADyingServerLeftHalfMade() {
        sink.write(List.of(event("e1", "ann", null, NOON)));
        String ofUsers = text("SHOW CONSTRAINTS YIELD name, labelsOrTypes WHERE labelsOrTypes = ['User'] RETURN name");
        run("DROP CONSTRAINT `" + ofUsers + "`");
        run("CREATE INDEX `" + ofUsers + "` FOR (n:User) ON (n.user_id)");
        run("CREATE INDEX somebodys_own FOR (n:User) ON (n.other)");
        try (Neo4jSink next = sink(endpoint.uri(), endpoint.password(), "neo4j")) {
            assertThat(next.write(List.of(event("e2", "bob", null, NOON)))).isEmpty();
            assertThat(text("SHOW CONSTRAINTS YIELD name WHERE name = '" + ofUsers + "' RETURN count(*) + ''"))
                    .isEqualTo("1");
            assertThat(text("SHOW INDEXES YIELD name WHERE name = 'somebodys_own' RETURN count(*) + ''"))
                    .isEqualTo("1");
        } finally {
            run("DROP INDEX somebodys_own");
        }
    }

    @Test
    void namesAndRemovesWhatNothingSupports() {
        sink.write(List.of(event("e1", "ann", "sale", NOON), event("e2", "bob", "gala", NOON)));
        List<String> right = GraphDump.of();
        assertThat(sink.strays()).isEmpty();
        run("DROP CONSTRAINT `"
                + text("SHOW CONSTRAINTS YIELD name, labelsOrTypes WHERE labelsOrTypes = ['Event'] RETURN name") + "`");
        run("MATCH (u:User {user_id: 'ann'}), (b:User {user_id: 'bob'}), (c:Campaign {campaign: 'gala'}),"
                + " (e:Event {record_id: 'e1'}), (s:Campaign {campaign: 'sale'})"
                + " CREATE (u)-[:PARTICIPATED_IN]->(c), (u)-[:TARGETED_BY]->(c), (u)-[:TARGETED_BY]->(b),"
                + " (u)-[:TARGETED_BY]->(s), (s)-[:PART_OF]->(e),"
                + " (:Event {record_id: 7}), (:Event {message: 'by hand'}), (:User {user_id: 'cy'}),"
                + " (:User {user_id: 'dee'})-[:PARTICIPATED_IN]->(:Campaign)");

        assertThat(sink.strays().map(words -> words.replaceAll("[0-9]+:[-0-9a-f]+:[0-9]+", "x")))
                .containsExactlyInAnyOrder(
                        "relationship (:User {user_id: ann})-[:PARTICIPATED_IN]->(:Campaign {campaign: gala}) without a record",
                        "relationship (:User {user_id: ann})-[:TARGETED_BY]->(:Campaign {campaign: gala}) without a record",
                        "relationship (:User {user_id: ann})-[:TARGETED_BY]->(:User {user_id: bob}) without a record",
                        "relationship (:User {user_id: ann})-[:TARGETED_BY]->(:Campaign {campaign: sale}) without a record",
                        "relationship (:User {user_id: dee})-[:PARTICIPATED_IN]->(:Campaign {id: x}) without a record",
                        "relationship (:Campaign {campaign: sale})-[:PART_OF]->(:Event {record_id: e1}) without a record",
                        "node (:Event {record_id: 7}) without a record",
                        "node (:Event {id: x}) without a record",
                        "node (:User {user_id: cy}) without a record",
                        "node (:User {user_id: dee}) without a record",
                        "node (:Campaign {id: x}) without a record");
        assertThat(sink.keys()).containsExactlyInAnyOrder("e1", "e2");

        sink.removeStrays();

        assertThat(sink.strays()).isEmpty();
        assertThat(GraphDump.of()).isEqualTo(right);
    }

    @Test
    void leavesAloneWhatSomebodyRelatesToInAWayOfHisOwn() {
        sink.write(List.of(event("e1", "ann", "sale", NOON)));
        run("MATCH (u:User {user_id: 'ann'}) CREATE (:Shop)-[:KNOWS]->(u), (:Shop)-[:KNOWS]->(:User {user_id: 'cy'}),"
                + " (:Shop)-[:PERFORMED]->(:Dance)");
        List<String> before = GraphDump.of();

        assertThat(sink.strays()).isEmpty();
        sink.removeStrays();

        assertThat(GraphDump.of()).isEqualTo(before);
    }

    private static String text(String cypher) {
        try (Session session = TestNeo4j.driver().session()) {
            return session.run(cypher).single().get(0).asString();
        }
    }

    @Test
    void refusesAUriWithAPassword() {
        assertThatThrownBy(() -> sink("bolt://neo4j:secret@host", "", "neo4j"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("graph: uri must be laptop or like neo4j+s://host:7687 (no password inside),"
                        + " got 'a URI with @'");
    }

    /** Key text to node and back: of whatever is written, the graph holds exactly the keys that were taken. */
    @Test
    void theKeysOfTheNodesAreThoseOfTheRecordsWhateverTheyLookLike() {
        List<String> texts = KeyTexts.all();
        List<Record> batch =
                texts.stream().map(key -> event(key, "u1", "spring", NOON)).toList();
        assertThat(sink.write(batch)).isEmpty();
        assertThat(sink.keys()).containsExactlyInAnyOrderElementsOf(texts);
        assertThat(sink.differing(batch)).isEmpty();
        assertThat(sink.write(List.of(tombstone("7"), tombstone("a"), tombstone("true"))))
                .isEmpty();
        assertThat(sink.keys()).hasSize(texts.size() - 3).contains("007", "7.0", "A", "TRUE");
    }

    @Test
    void aKeyIsNotKeptUnderTheNameOfAFieldThatIsAnother() {
        assertThat(sink.write(List.of(event("e1", "u1", "spring", NOON).with("record_id", "E1"))))
                .extracting(Refusal::reason)
                .containsExactly(
                        "graph: nodes.event.key must name the key field, or no field of the records: it holds"
                                + " their key, got 'record_id'; correct 'nodes.event.key', and let no step change the key field");
        assertThat(sink.keys()).isEmpty();
    }

    private static Neo4jSink sink(String uri, String password, String database) {
        return knownTo(new Neo4jSink("graph", uri, "neo4j", password, database, MAPPING, 10_000, 60_000));
    }

    private static Record event(String id, String user, String campaign, Instant time) {
        return Record.read(id, FIELDS, new Object[] {id, user, "hello", campaign, time}, origin(), Hash.NONE);
    }

    private static Record tombstone(String id) {
        return Record.tombstone(id, Fields.of("record_id"), new Object[] {id}, 1);
    }

    private static Origin origin() {
        return new Origin("test.csv", 1);
    }

    private static Instant firstSeen(String user, String campaign) {
        try (Session session = TestNeo4j.driver().session()) {
            return session.run(
                            "MATCH (:User {user_id: $u})-[r:TARGETED_BY]->(:Campaign {campaign: $c}) RETURN r.first_seen",
                            Map.of("u", user, "c", campaign))
                    .single()
                    .get(0)
                    .asZonedDateTime()
                    .toInstant();
        }
    }

    private static Map<String, Object> counts() {
        try (Session session = TestNeo4j.driver().session()) {
            return session
                    .run("MATCH (n) WITH labels(n)[0] AS what, count(*) AS n RETURN what, n"
                            + " UNION ALL MATCH ()-[r]->() WITH type(r) AS what, count(*) AS n RETURN what, n")
                    .stream()
                    .collect(Collectors.toMap(row -> row.get("what").asString(), row -> row.get("n")
                            .asLong()));
        }
    }

    private static List<Object> cells(String cypher) {
        try (Session session = TestNeo4j.driver().session()) {
            return session.run(cypher).list(row -> row.get(0).asObject());
        }
    }

    private static void run(String cypher) {
        try (Session session = TestNeo4j.driver().session()) {
            session.run(cypher).consume();
        }
    }
}
