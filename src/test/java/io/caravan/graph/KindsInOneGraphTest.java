package io.caravan.graph;

import static io.caravan.graph.KindsFixture.gone;
import static io.caravan.graph.KindsFixture.ids;
import static io.caravan.graph.KindsFixture.key;
import static io.caravan.graph.KindsFixture.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.delivery.Refusal;
import io.caravan.local.TestNeo4j;
import io.caravan.record.Record;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.neo4j.driver.Session;

/** Records of several kinds feed one graph. */
class KindsInOneGraphTest {

    private static final Instant MAY = Instant.parse("2025-05-01T00:00:00Z");
    private static final Instant JUNE = Instant.parse("2025-06-01T00:00:00Z");

    private static Neo4jSink sink;

    @BeforeAll
    static void open() {
        TestNeo4j.clear();
        sink = KindsFixture.sink();
    }

    @AfterAll
    static void close() {
        sink.close();
        TestNeo4j.clear();
    }

    @BeforeEach
    void empty() {
        KindsFixture.empty();
    }

    @Test
    void aRelationshipToANodeThatComesLaterIsThereWhenItCame() {
        Record book = record("books", "b1", "title", "Emma", "author", ids("c1"));
        Record creator = record("creators", "c1", "name", "Jane Austen");

        write(book);
        assertThat(GraphDump.of())
                .as("until then it leads to a placeholder")
                .containsExactly(
                        "Book{_id=b1, title=Emma}",
                        "Book{_id=b1, title=Emma}-AUTHORED_BY{}->Creator:Pending{_id=c1}",
                        "Creator:Pending{_id=c1}");
        assertThat(sink.keys()).containsExactly(key("books", "b1"));
        assertThat(sink.differing(List.of(book))).isEmpty();
        assertThat(sink.strays()).isEmpty();

        write(creator);
        assertThat(GraphDump.of())
                .containsExactly(
                        "Book{_id=b1, title=Emma}",
                        "Book{_id=b1, title=Emma}-AUTHORED_BY{}->Creator{_id=c1, name=Jane Austen}",
                        "Creator{_id=c1, name=Jane Austen}");
        assertThat(sink.keys()).containsExactlyInAnyOrder(key("books", "b1"), key("creators", "c1"));
    }

    @Test
    void aNodeThatComesBackIsWantedAndAPlaceholderIsNotIt() {
        Record creator = record("creators", "c1");
        write(record("books", "b1", "author", ids("c1")));

        assertThat(sink.differing(List.of(creator))).containsExactly(key("creators", "c1"));

        write(creator);
        assertThat(sink.differing(List.of(creator))).isEmpty();
        assertThat(sink.differing(List.of(gone("creators", "c1")))).containsExactly(key("creators", "c1"));

        write(gone("creators", "c1"));
        assertThat(sink.differing(List.of(gone("creators", "c1")))).isEmpty();
        assertThat(GraphDump.of()).contains("Creator:Pending{_id=c1}");
    }

    @Test
    void aPlaceholderGoesWithTheLastRecordThatNeedsIt() {
        write(record("books", "b1", "author", ids("c1")), record("books", "b2", "author", ids("c1")));

        write(gone("books", "b1"));
        assertThat(GraphDump.of()).contains("Creator:Pending{_id=c1}");

        write(record("books", "b2"));
        assertThat(GraphDump.of()).containsExactly("Book{_id=b2}");
    }

    @Test
    void aDeletedBookIsDeletedByItsOwnIdWithItsRelationships() {
        write(
                record("creators", "c1"),
                record("books", "b1", "author", ids("c1"), "genre", List.of("Novel")),
                record("users", "ann"),
                record("user_reads", "r1", "user_id", "ann", "book_id", "b1", "rstatus", "Read", "at", MAY));

        write(gone("books", "b1"));
        assertThat(GraphDump.of())
                .as("the read is still there")
                .contains("Book:Pending{_id=b1}", "Creator{_id=c1}")
                .noneMatch(line -> line.contains("AUTHORED_BY") || line.contains("Genre"));
        assertThat(sink.strays()).isEmpty();

        write(gone("user_reads", "r1"));
        assertThat(GraphDump.of()).containsExactly("Creator{_id=c1}", "User{_id=ann}");
    }

    @Test
    void aMemberWhoMovesLeavesTheOldClub() {
        write(record("clubs", "old"), record("clubs", "new"));
        write(record("users", "ann", "clubs", List.of(Map.of("_id", "old", "role", "owner"))));

        write(record("users", "ann", "clubs", List.of(Map.of("_id", "new", "role", "guest"))));

        assertThat(GraphDump.of())
                .containsExactly(
                        "Club{_id=new}",
                        "Club{_id=old}",
                        "User{_id=ann}",
                        "User{_id=ann}-MEMBER_OF{role=guest}->Club{_id=new}");
    }

    @Test
    void aClearedFieldIsClearedAndAnEntryHasItsOwnProperties() {
        Record awarded = record(
                "books",
                "b1",
                "title",
                "Emma",
                "series",
                Map.of("_id", "s1", "name", "Novels"),
                "awards",
                List.of(
                        Map.of("_id", "a1", "year", 1816L, "status", "won"),
                        Map.of("_id", "a2", "year", 1817L),
                        Map.of("_id", "a1", "year", 1818L)));
        write(awarded);
        assertThat(GraphDump.of())
                .as("of two entries for one award the first counts")
                .contains(
                        "Book{_id=b1, series=Novels, title=Emma}-HAS_AWARD{status=won, year=1816}->Award{_id=a1}",
                        "Book{_id=b1, series=Novels, title=Emma}-HAS_AWARD{year=1817}->Award{_id=a2}");
        assertThat(sink.differing(List.of(awarded))).isEmpty();

        write(record("books", "b1"));
        assertThat(GraphDump.of()).containsExactly("Book{_id=b1}");
    }

    @Test
    void listsOfMapsAreLinkedAndNeverStopABatch() {
        Record contributed = record(
                "books",
                "b1",
                "contributors",
                List.of(Map.of("_id", "c1", "name", "Eva", "as", "editor"), Map.of("_id", "c2", "name", "Bo")));
        Record broken = record("books", "b2", "title", List.of(Map.of("name", "no text")));

        List<Refusal> refusals = sink.write(List.of(contributed, broken));

        assertThat(refusals).extracting(r -> r.record().key()).containsExactly(key("books", "b2"));
        assertThat(refusals.get(0).reason()).contains("title must be a value that a Neo4j property can hold");
        assertThat(GraphDump.of())
                .contains(
                        "Book{_id=b1}-CONTRIBUTED_BY{as=editor}->Creator:Pending{_id=c1}",
                        "Book{_id=b1}-CONTRIBUTED_BY{}->Creator:Pending{_id=c2}");
    }

    @Test
    void aGenreThatIsMadeAgainTakesItsRelationshipsBackAndABadRowStopsNoOther() {
        write(record("genres", "Novel", "name", "Novel"), record("books", "b1", "genre", List.of("Novel")));
        write(gone("genres", "Novel"));

        List<Refusal> refusals = sink.write(List.of(
                record("genres", "Novel", "name", "Novel"),
                record("genres", " ", "name", "blank"),
                record("genres", "Poem", "name", "Poem")));

        assertThat(refusals)
                .extracting(Refusal::reason)
                .containsExactly("graph: _id must not be blank: it is the key of node Genre, got ' '");
        assertThat(GraphDump.of())
                .contains("Book{_id=b1}-HAS_GENRE{}->Genre{_id=Novel, name=Novel}", "Genre{_id=Poem, name=Poem}");
    }

    @Test
    void twoPeopleOfOneNameStayTwo() {
        write(
                record("creators", "c1", "name", "Max Braun"),
                record("creators", "c2", "name", "Max Braun"),
                record("books", "b1", "author", ids("c2")));
        sink.removeStrays();

        assertThat(GraphDump.of())
                .contains(
                        "Creator{_id=c1, name=Max Braun}",
                        "Creator{_id=c2, name=Max Braun}",
                        "Book{_id=b1}-AUTHORED_BY{}->Creator{_id=c2, name=Max Braun}");
    }

    @Test
    void whatAPairReadIsOneRelationshipOfAllItsReads() {
        write(record("users", "ann"), record("books", "b1"));
        write(read("r1", "Read", MAY, 5L), read("r2", "Reading", JUNE, null), read("r3", "Read", JUNE, 2L));

        String readTwice = "User{_id=ann}-USER_READ{avg_rating=3.5, most_recent_read=2025-06-01T00:00Z, read_count=2,"
                + " status=Read, statuses=[Read, Reading]}->Book{_id=b1}";
        assertThat(GraphDump.of())
                .as("two states of one time: the first of the order")
                .contains(readTwice, "User{_id=ann}-HAS_READ{avg_rating=3.5}->Book{_id=b1}")
                .noneMatch(line -> line.contains("IS_READING"));

        write(gone("user_reads", "r3"));
        assertThat(GraphDump.of())
                .contains("User{_id=ann}-IS_READING{avg_rating=5.0}->Book{_id=b1}")
                .noneMatch(line -> line.contains("HAS_READ"));
        assertThat(sink.differing(List.of(read("r1", "Read", MAY, 5L)))).isEmpty();
        assertThat(sink.strays()).isEmpty();

        write(gone("user_reads", "r1"), gone("user_reads", "r2"));
        assertThat(GraphDump.of()).containsExactly("Book{_id=b1}", "User{_id=ann}");
    }

    @Test
    void aRatingThatIsNoNumberIsRefusedAlone() {
        List<Refusal> refusals = sink.write(List.of(read("r1", "Read", MAY, "five"), read("r2", "Read", MAY, 4L)));

        assertThat(refusals)
                .extracting(Refusal::reason)
                .containsExactly("graph: rating must be a number: avg_rating is one of them, got 'a text'");
        assertThat(sink.keys()).containsExactly(key("user_reads", "r2"));
    }

    @Test
    void aKindThatTheMappingDoesNotKnowIsRefused() {
        List<Refusal> refusals = sink.write(List.of(record("formats", "f1"), record("clubs", "k1")));

        assertThat(refusals)
                .extracting(Refusal::reason)
                .containsExactly("graph: _kind must be one of [books, genres, creators, clubs, users, user_reads], got"
                        + " 'formats'; add it to the mapping's records, or let the source leave it out");
        assertThat(GraphDump.of()).containsExactly("Club{_id=k1}");
    }

    @Test
    void verifyNamesWhatNoRecordSupports() {
        write(record("users", "ann", "clubs", ids("k1")), record("clubs", "k1"));
        try (Session session = TestNeo4j.driver().session()) {
            session.run("CREATE (:Creator:Pending {_id: 'left'})").consume();
            session.run("MATCH (u:User), (k:Club) CREATE (k)-[:MEMBER_OF]->(u), (u)-[:USER_READ]->(:Book {_id: 'b'})")
                    .consume();
        }

        assertThat(sink.strays())
                .containsExactlyInAnyOrder(
                        "node (:Creator:Pending {_id: left}) without a record",
                        "relationship (:Club {_id: k1})-[:MEMBER_OF]->(:User {_id: ann}) without a record",
                        "relationship (:User {_id: ann})-[:USER_READ]->(:Book {_id: b}) without a record");

        sink.removeStrays();
        assertThat(sink.strays()).isEmpty();
        assertThat(GraphDump.of()).contains("User{_id=ann}-MEMBER_OF{}->Club{_id=k1}");
    }

    @Test
    void constraintsAndIndexesAreMadeOnceAndTheVectorIndexHasTheDimensionOfTheModel() {
        write(record("books", "b1", "embedding", new float[] {1, 0, 0}));
        assertThat(schema())
                .contains(
                        "book__id_unique RANGE",
                        "user__id_unique RANGE",
                        "book_title_idx RANGE",
                        "book_description_vector VECTOR 3 COSINE");

        sink.close();
        write(record("books", "b2", "embedding", new float[] {0, 1, 0}));
        sink.close();
        write(
                record("books", "b1", "embedding", new float[] {0, 1}),
                record("books", "b2", "embedding", new float[] {1, 0}));

        assertThat(schema()).as("another model").contains("book_description_vector VECTOR 2 COSINE");
    }

    private static List<String> schema() {
        try (Session session = TestNeo4j.driver().session()) {
            return session.run("SHOW INDEXES YIELD name, type, options").list(row -> {
                Map<String, Object> config =
                        row.get("options").get("indexConfig").asMap();
                String vector = config.containsKey("vector.dimensions")
                        ? " " + config.get("vector.dimensions") + " " + config.get("vector.similarity_function")
                        : "";
                return row.get("name").asString() + " " + row.get("type").asString() + vector;
            });
        }
    }

    private static Record read(String id, String status, Instant at, Object rating) {
        return record(
                "user_reads", id, "user_id", "ann", "book_id", "b1", "rstatus", status, "at", at, "rating", rating);
    }

    private static void write(Record... records) {
        assertThat(sink.write(List.of(records))).isEmpty();
    }
}
