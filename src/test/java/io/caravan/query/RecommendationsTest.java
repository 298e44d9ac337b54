package io.caravan.query;

import static io.caravan.endpoint.TestContext.knownTo;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.error.SettingFile;
import io.caravan.graph.GraphQuery;
import io.caravan.local.Endpoint;
import io.caravan.local.TestNeo4j;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.neo4j.driver.Session;
import org.neo4j.driver.summary.ProfiledPlan;

/** The recommendations' Cypher looks at little, and answers as one that looks at all: on random graphs, in a real Neo4j. */
class RecommendationsTest {

    private static final String CYPHER = "classpath:routes/query/recommendations.cypher";
    private static final int USERS = 12;
    private static final int BOOKS = 60;

    @BeforeEach
    void empty() {
        TestNeo4j.clear();
        write("DROP INDEX book_description_vector IF EXISTS", Map.of()); // of another test, with another dimension
        write("CREATE CONSTRAINT FOR (n:User) REQUIRE n._id IS UNIQUE", Map.of());
        write("""
                CREATE VECTOR INDEX book_description_vector FOR (n:Book) ON n.description_embedding \
                OPTIONS {indexConfig: {`vector.dimensions`: 3, `vector.similarity_function`: 'cosine'}}""", Map.of());
    }

    @AfterEach
    void clear() {
        write("DROP INDEX book_description_vector", Map.of());
        TestNeo4j.clear();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void answersAsThePlainStatementOfEveryUser(long seed) {
        draw(new Random(seed));
        GraphQuery plainly = query("classpath:query/recommendations-plainly.cypher");
        GraphQuery ours = query(CYPHER);
        Set<Object> ways = new HashSet<>();
        for (int user = 0; user <= USERS; user++) {
            for (int limit : new int[] {1, 5, 20}) {
                Map<String, Object> asked = Map.of("user_id", "u" + user, "limit", limit);
                List<Map<String, Object>> expected = plainly.rows(asked);
                assertThat(ours.rows(asked)).as("%s", asked).isEqualTo(expected);
                expected.forEach(row -> ((List<?>) row.get("answer")).forEach(one -> ways.add(through(one))));
            }
        }
        assertThat(ways).as("ways of one kind and of several").hasSizeGreaterThan(3);
    }

    @Test
    void looksAtNoMoreWhereGenresAndMembersGrow() {
        draw(new Random(7));
        // four clubs chose more than five books: each gets more than all genres together may give
        write("""
                MATCH (me:User {_id: 'u1'}), (b:Book) WHERE b._id < 'b3' AND NOT b:Pending
                WITH me, collect(b) AS books
                CREATE (me)-[:PREFERS_GENRE]->(:Genre {_id: 'g'})
                FOREACH (i IN range(1, 4) | CREATE (me)-[:MEMBER_OF_CLUB]->(club:Club {_id: 'x' + i})
                  FOREACH (b IN books | CREATE (club)-[:SELECTED_FOR_PERIOD]->(b)))""", Map.of());
        long before = hits("u1");
        write("""
                MATCH (g:Genre)
                WITH collect(g) AS genres
                UNWIND range(1, 3000) AS i
                WITH genres[i % size(genres)] AS genre, i
                CREATE (genre)<-[:HAS_GENRE]-(b:Book {_id: 'more' + i})<-[:VERSION_OF]-(:BookVersion)\
                <-[:USER_READ {status: 'Read'}]-(:User {_id: 'more' + i})""", Map.of());
        assertThat(hits("u1"))
                .isPositive()
                .isLessThan(before + 100); // a plan of other counts may look once or twice more
    }

    /** What a user, book, club and genre may be: unknown so far, read in several versions, avoided, with or without a vector. */
    private static void draw(Random random) {
        List<List<Object>> books = new ArrayList<>();
        for (int i = 0; i < BOOKS; i++) {
            List<Double> vector = random.nextInt(3) == 0
                    ? null
                    : List.of(random.nextDouble(), random.nextDouble() - 0.5, random.nextDouble() - 0.5);
            List<Object> book = new ArrayList<>(List.of("b" + i, random.nextInt(12) == 0));
            book.add(vector);
            books.add(book);
        }
        write("""
                UNWIND $rows AS row CREATE (b:Book {_id: row[0], title: 'Of ' + row[0], description_embedding: row[2]})
                FOREACH (any IN CASE WHEN row[1] THEN [1] ELSE [] END | SET b:Pending)
                CREATE (b)<-[:VERSION_OF]-(:BookVersion {_id: row[0] + '-1'}), (b)<-[:VERSION_OF]-(:BookVersion {_id: row[0] + '-2'})""", Map.of("rows", books));
        write("UNWIND range(0, $most) AS i CREATE (:User {_id: 'u' + i})", Map.of("most", USERS - 1));
        write("MATCH (u:User {_id: 'u0'}) SET u:Pending", Map.of());
        write("UNWIND range(0, 3) AS i CREATE (:Club {_id: 'c' + i})", Map.of());
        write("UNWIND range(0, 5) AS i CREATE (:Genre {_id: 'g' + i})", Map.of());
        pairs(random, BOOKS + 30, "Book", "b", BOOKS, "HAS_GENRE", "Genre", "g", 6);
        pairs(random, 15, "User", "u", USERS, "PREFERS_GENRE", "Genre", "g", 6);
        pairs(random, 4, "User", "u", USERS, "AVOIDS_GENRE", "Genre", "g", 6);
        pairs(random, 12, "User", "u", USERS, "MEMBER_OF_CLUB", "Club", "c", 4);
        pairs(random, 20, "Club", "c", 4, "SELECTED_FOR_PERIOD", "Book", "b", BOOKS);
        List<List<Object>> reads = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            reads.add(List.of(
                    "u" + random.nextInt(USERS - 1), // the last has read nothing
                    "b" + random.nextInt(BOOKS) + "-" + (1 + random.nextInt(2)),
                    List.of("Read", "Reading", "To Read").get(random.nextInt(3)),
                    random.nextInt(6),
                    random.nextInt(1_000_000)));
        }
        write("""
                UNWIND $rows AS row MATCH (u:User {_id: row[0]}), (v:BookVersion {_id: row[1]})
                CREATE (u)-[:USER_READ {status: row[2], avg_rating: CASE row[3] WHEN 0 THEN null ELSE 1.0 * row[3] END,
                  most_recent_read: datetime({epochSeconds: row[4]})}]->(v)""", Map.of("rows", reads));
        write("CALL db.awaitIndexes(30)", Map.of());
    }

    private static void pairs(
            Random random,
            int count,
            String from,
            String f,
            int ofThese,
            String type,
            String to,
            String t,
            int ofThose) {
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) rows.add(List.of(f + random.nextInt(ofThese), t + random.nextInt(ofThose)));
        write(
                "UNWIND $rows AS row MATCH (a:" + from + " {_id: row[0]}), (b:" + to + " {_id: row[1]}) CREATE (a)-[:"
                        + type + "]->(b)",
                Map.of("rows", rows));
    }

    private static Set<Object> through(Object answer) {
        Set<Object> through = new HashSet<>();
        ((List<?>) ((Map<?, ?>) answer).get("paths")).forEach(path -> through.add(((Map<?, ?>) path).get("through")));
        return through;
    }

    private static long hits(String user) {
        write("CALL db.clearQueryCaches()", Map.of()); // a plan for the counts of now, as the server makes one in time
        try (Session session = TestNeo4j.driver().session()) {
            String cypher = SettingFile.read("test", "cypher", CYPHER);
            return sum(session.run("PROFILE " + cypher, Map.of("user_id", user, "limit", 5))
                    .consume()
                    .profile());
        }
    }

    private static long sum(ProfiledPlan plan) {
        return plan.dbHits()
                + plan.children().stream().mapToLong(RecommendationsTest::sum).sum();
    }

    private static GraphQuery query(String cypher) {
        Endpoint e = TestNeo4j.endpoint();
        return knownTo(new GraphQuery(e.uri(), e.user(), e.password(), "neo4j", cypher, 60_000));
    }

    private static void write(String cypher, Map<String, Object> parameters) {
        try (Session session = TestNeo4j.driver().session()) {
            session.run(cypher, parameters).consume();
        }
    }
}
