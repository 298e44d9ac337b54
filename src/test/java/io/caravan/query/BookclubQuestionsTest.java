package io.caravan.query;

import static io.caravan.endpoint.TestContext.knownTo;
import static io.caravan.query.QueryApiTest.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.caravan.graph.Neo4jSink;
import io.caravan.local.TestNeo4j;
import io.caravan.record.Record;
import io.caravan.shape.BookclubSample;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.neo4j.driver.Session;

/** The questions to the book club's graph, over HTTP, about the demo's spreadsheet as its mappings make it a graph. */
@TestMethodOrder(OrderAnnotation.class)
class BookclubQuestionsTest {

    /** In this order, as those of the graph's own mapping may come in any. */
    private static final List<String> KINDS = List.of(
            "genres", "books", "book_versions", "users", "clubs", "club_members", "club_period_books", "user_reads");

    private static final Map<String, String> PATHS = Map.of(
            "/graph/recommendations", "user_id",
            "/graph/similar-readers", "user_id",
            "/graph/clubs", "user_id",
            "/graph/readers", "book_id");

    @TempDir
    static Path folder;

    private static QueryStores stores;
    private static QueryApi api;
    private static BookclubFacts facts;
    private static Neo4jSink sink;
    private static BookclubSample sample;

    @BeforeAll
    static void start() throws Exception {
        stores = new QueryStores(folder);
        sample = new BookclubSample();
        facts = new BookclubFacts(sample);
        sink = knownTo(new Neo4jSink(
                "graph",
                stores.graph.uri(),
                stores.graph.user(),
                stores.graph.password(),
                "",
                "routes/bookclub/graph.yaml",
                10_000,
                60_000));
        List<Record> all = new ArrayList<>();
        for (String kind : KINDS) all.addAll(sample.records(kind));
        assertThat(sink.write(all)).isEmpty();
        stores.run("personalization", "run", "succeeded");
        api = new QueryApi(stores.settings());
    }

    @AfterAll
    static void stop() {
        api.close();
        sink.close();
        TestNeo4j.clear();
    }

    @Test
    @Order(1)
    void answersNothingUntilARunOfTheGraphHasSucceeded() {
        PATHS.forEach((path, parameter) -> {
            HttpResponse<String> answer = api.get(path + "?" + parameter + "=sami2");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("query: no run of bookclub-graph has succeeded yet");
        });
        assertThat(ready().toString())
                .as("what nobody ever ran is in nobody's way")
                .contains("\"checks\":[{\"name\":\"personalization\",\"status\":\"UP\"},{\"name\":\"graph\"");
        stores.run("bookclub-graph", "run", "failed");
        assertThat(ready().toString()).startsWith("""
                        {"status":"DOWN","checks":[{"name":"bookclub-graph","status":"DOWN","reason":"query: no run of \
                        bookclub-graph has succeeded yet; do: ./caravan run bookclub-graph"},\
                        {"name":"personalization","status":"UP"},""");
        stores.run("bookclub-graph", "run", "succeeded");
        assertThat(ready().toString())
                .contains(
                        "\"checks\":[{\"name\":\"bookclub-graph\",\"status\":\"UP\"},{\"name\":\"personalization\",\"status\":\"UP\"}");
        assertThat(api.get("/graph/clubs?user_id=sami2").statusCode()).isEqualTo(200);
    }

    @Test
    @Order(2)
    void recommendsWhatReadersAlikeClubsAndGenresSayOfEveryUser() {
        assertThat(facts.users()).hasSize(40);
        for (String user : facts.users()) {
            List<Map<String, Object>> expected = facts.recommended(user);
            assertThat(answer("/graph/recommendations?limit=20&user_id=" + user))
                    .as(user)
                    .isEqualTo(json(expected.subList(0, Math.min(20, expected.size()))));
        }
    }

    @Test
    @Order(2)
    void aBookComesWithThePathsThatExplainIt() {
        assertThat(api.get("/graph/recommendations?user_id=sami2&limit=1").body())
                .isEqualTo("""
                        [{"book_id":"bk161","title":"The Glass Mountain of Marrow","score":1.1333,"paths":[\
                        {"through":"readers","nodes":[{"label":"User","id":"sami2"},{"label":"Book","id":"bk170"},\
                        {"label":"User","id":"hana36"},{"label":"Book","id":"bk161"}],\
                        "relationships":["USER_READ","USER_READ","USER_READ"]},\
                        {"through":"genres","nodes":[{"label":"User","id":"sami2"},{"label":"Genre","id":"Romance"},\
                        {"label":"Book","id":"bk161"}],"relationships":["PREFERS_GENRE","HAS_GENRE"]}]}]""");
    }

    @Test
    @Order(2)
    void everyPathIsInTheGraph() {
        for (String user : facts.users()) {
            for (JsonNode book : answer("/graph/recommendations?limit=20&user_id=" + user)) {
                for (JsonNode path : book.get("paths")) facts.assertTrue(path);
            }
        }
    }

    @Test
    @Order(2)
    void readersAlikeShareBooksInWhateverVersion() {
        for (String user : facts.users()) {
            List<Map<String, Object>> expected = facts.similar(user);
            assertThat(answer("/graph/similar-readers?limit=20&user_id=" + user))
                    .as(user)
                    .isEqualTo(json(expected.subList(0, Math.min(20, expected.size()))));
        }
        assertThat(api.get("/graph/similar-readers?user_id=sami2&limit=1").body())
                .isEqualTo("""
                        [{"user_id":"hana36","shared_books":6,"score":0.1017,"books":[\
                        {"book_id":"bk170","title":"The Hidden Clock of Istria"},{"book_id":"bk190","title":"The Distant Atlas"},\
                        {"book_id":"bk226","title":"The Hidden Cathedral of Farrow"},{"book_id":"bk28","title":"The Amber Atlas"},\
                        {"book_id":"bk32","title":"The Borrowed Archive"}]}]""");
    }

    @Test
    @Order(2)
    void whoeverReadTheVeryVersionThatAUserReadReadsAlikeToo() {
        Set<String> shared = facts.versions("zoe19");
        shared.retainAll(facts.versions("hana36"));
        assertThat(shared).as("of one version each").hasSizeGreaterThan(1);

        JsonNode hana = null;
        for (JsonNode reader : answer("/graph/similar-readers?limit=20&user_id=zoe19")) {
            if (reader.get("user_id").asText().equals("hana36")) hana = reader;
        }
        assertThat(hana).isNotNull();
        assertThat(hana.get("shared_books").asInt()).isGreaterThanOrEqualTo(shared.size());
    }

    @Test
    @Order(2)
    void clubsAreThoseOfTheTabOfMembersWithWhatTheyChoseLast() {
        for (String user : facts.users()) {
            assertThat(answer("/graph/clubs?user_id=" + user)).as(user).isEqualTo(json(facts.clubs(user)));
        }
        assertThat(api.get("/graph/clubs?user_id=sami2").body()).isEqualTo("""
                        [{"club_id":"halden-readers","name":"Halden Readers","role":"member","is_active":true,"books":[\
                        {"book_id":"bk109","title":"The Hollow River"},{"book_id":"bk188","title":"The Paper Lantern of Castell"},\
                        {"book_id":"bk258","title":"The Distant Orchard of Halden"},{"book_id":"bk87","title":"The Hidden Letter"}]}]""");
    }

    @Test
    @Order(2)
    void readersOfABookAreThoseOfAllItsVersions() {
        Set<String> asked = Set.of("bk1", "bk161", "bk170", "bk190", "bk300");
        for (String book : asked) {
            List<Map<String, Object>> expected = facts.readers(book);
            assertThat(answer("/graph/readers?book_id=" + book)).as(book).isEqualTo(json(expected));
        }
        assertThat(api.get("/graph/readers?book_id=bk1").body())
                .isEqualTo("[{\"user_id\":\"sami2\",\"status\":\"Read\",\"rating\":4.0}]");
    }

    @Test
    @Order(3)
    void aDescriptionLikeThatOfAFavouriteIsAWayToo() {
        JsonNode without = answer("/graph/recommendations?limit=20&user_id=sami2");
        String liked = facts.favourite("sami2");
        String near = without.get(0).get("book_id").asText();
        write(liked, 1, 0, 0);
        write(near, 0.8f, 0.6f, 0);
        write(without.get(1).get("book_id").asText(), 0, 0, 1);
        try (Session session = TestNeo4j.driver().session()) {
            session.run("CALL db.awaitIndexes(30)").consume();
        }

        JsonNode with = answer("/graph/recommendations?limit=20&user_id=sami2");
        assertThat(with.get(0).get("book_id").asText()).isEqualTo(near);
        assertThat(with.get(0).get("score").asDouble())
                .as("the index keeps a vector's numbers in a byte each")
                .isCloseTo(without.get(0).get("score").asDouble() + 0.8, within(0.01));
        Map<String, JsonNode> ways = new HashMap<>();
        with.get(0).get("paths").forEach(path -> ways.put(path.get("through").asText(), path));
        assertThat(ways.get("vectors").toString())
                .isEqualTo(
                        "{\"through\":\"vectors\",\"nodes\":[{\"label\":\"User\",\"id\":\"sami2\"},{\"label\":\"Book\",\"id\":\""
                                + liked + "\"},{\"label\":\"Book\",\"id\":\"" + near
                                + "\"}],\"relationships\":[\"USER_READ\",\"SIMILAR_DESCRIPTION\"]}");
        assertThat(with.get(1)).as("at a right angle is no way").isEqualTo(without.get(1));
        assertThat(answer("/graph/recommendations?limit=20&user_id=sami2")).isEqualTo(with);
    }

    @Test
    @Order(2)
    void eachQuestionKnowsWhomToAskItselfAbout() {
        for (AskGraph question : api.graphQuestions()) {
            for (String request : question.requests(3)) {
                assertThat(api.get(request).statusCode()).as(request).isEqualTo(200);
            }
        }
        assertThat(api.graphQuestions().stream()
                        .map(question -> question.requests(3).size()))
                .as("all but that of personalization, which has no campaigns here")
                .containsExactlyInAnyOrder(3, 3, 3, 3, 0);
    }

    @Test
    @Order(4)
    void noAnswerHoldsPersonalData() {
        Set<String> secret = facts.personal();
        assertThat(secret).hasSizeGreaterThan(100);
        for (String user : facts.users()) {
            for (String path : List.of("/graph/recommendations", "/graph/similar-readers", "/graph/clubs")) {
                String body = api.get(path + "?limit=20&user_id=" + user).body();
                assertThat(secret).noneMatch(body::contains);
            }
        }
        assertThat(secret).noneMatch(api.get("/graph/readers?book_id=bk170").body()::contains);
    }

    @Test
    @Order(5)
    void whoeverIsOnlyNamedByOthersIsUnknown() {
        try (Session session = TestNeo4j.driver().session()) {
            session.run("CREATE (:User:Pending {_id: 'ghost'}), (:Book:Pending {_id: 'ghost'})")
                    .consume();
        }
        assertUnknown("ghost");
    }

    @ParameterizedTest
    @Order(5)
    @ValueSource(
            strings = {
                "nobody",
                "Sami2",
                "us2",
                "sami2'}) DETACH DELETE n //",
                "\"}) RETURN 1 //",
                "$user_id",
                "`",
                "\\u0027 OR true",
                "{{caravan.graph.password}}",
                "${bean:recommendationsGraph}",
                "a\r\nX: y",
                "🐫",
                "%00"
            })
    void aHostileIdIsOnlyAnUnknownOne(String id) {
        assertUnknown(id);
    }

    @ParameterizedTest
    @Order(5)
    @CsvSource(delimiter = '|', textBlock = """
                    /graph/recommendations     | limit=5                 | user_id must be given, got 'nothing'
                    /graph/recommendations     | user_id=sami2&limit=21  | limit must be an integer of 1 to 20, got '21'
                    /graph/similar-readers     | user_id=sami2&limit=0   | limit must be an integer of 1 to 20, got '0'
                    /graph/clubs               | user_id=a&user_id=b     | user_id must be given once, got '2 times'
                    /graph/readers             | user_id=sami2           | book_id must be given, got 'nothing'
                    /graph/readers             | book_id=%20             | book_id must be 1 to 256 characters and not blank, got ' '
                    /recommendations/campaigns | user_id=anna&limit=x    | limit must be an integer of 1 to 20, got 'x'
                    """)
    void aBadParameterIs400WithItsRule(String path, String query, String rule) {
        assertProblem(api.get(path + "?" + query), 400, "Bad Request", "query: " + rule, path);
    }

    private static void assertUnknown(String id) {
        String encoded = URLEncoder.encode(id, StandardCharsets.UTF_8);
        String shown = id.replaceAll("[\r\n]", "␀");
        PATHS.forEach((path, parameter) -> assertProblem(
                api.get(path + "?" + parameter + "=" + encoded),
                404,
                "Not Found",
                "query: " + parameter + " must be a known " + parameter.replace("_id", "") + ", got '" + shown + "'",
                path));
    }

    private static void write(String book, float... vector) {
        Map<String, Object> document = new HashMap<>(sample.documents("books").get(book));
        document.put("description_embedding", vector);
        assertThat(sink.write(List.of(BookclubSample.record("books", document))))
                .isEmpty();
    }

    private static JsonNode answer(String path) {
        HttpResponse<String> answer = api.get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return tree(answer.body());
    }

    private static JsonNode ready() {
        return tree(api.get("/health/ready").body());
    }

    private static JsonNode tree(String json) {
        try {
            return JsonMapper.builder().build().readTree(json);
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As it is after a trip as text. */
    private static JsonNode json(Object value) {
        JsonMapper mapper = JsonMapper.builder().build();
        try {
            return mapper.readTree(mapper.writeValueAsString(value));
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
