package io.caravan.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Updates;
import io.caravan.delivery.MarkerContract;
import io.caravan.delivery.Refusal;
import io.caravan.delivery.Sink;
import io.caravan.endpoint.TestContext;
import io.caravan.error.ConfigurationException;
import io.caravan.local.TestStores;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Kinds;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KindSinkTest {

    private static final String DATABASE = "kinds_test";
    private static final Fields BOOK = Fields.of("_kind", "_id", "book_id", "title");

    private final MongoClient client = MongoClients.create(TestStores.mongo().uri());
    private final MongoDatabase database = client.getDatabase(DATABASE);
    private final KindSink sink = sink("books,users", "deletions");

    @BeforeEach
    void empty() {
        database.drop();
    }

    @AfterEach
    void close() {
        sink.close();
        client.close();
    }

    @Test
    void eachRecordGoesToTheCollectionOfItsKind() {
        assertThat(sink.write(List.of(of("books", "7", "A"), of("users", "7", "B"), of("users", "8|x", "C"))))
                .isEmpty();
        Document stored = documents("books").get(0);
        stored.remove("ingested_at");
        assertThat(stored)
                .isEqualTo(new Document("_id", "7")
                        .append("book_id", "7")
                        .append("title", "A")
                        .append("source", new Document("object", "books").append("line", 2L)));
        assertThat(titles("users")).containsExactlyInAnyOrder("B", "C");
        try (Stream<String> keys = sink.keys()) {
            assertThat(keys).containsExactlyInAnyOrder("books|7", "users|7", "users|8\\|x");
        }
        assertThat(sink.differing(List.of(of("books", "7", "A"), of("users", "7", "A"), of("books", "9", "A"))))
                .containsExactlyInAnyOrder("users|7", "books|9");

        sink.write(List.of(gone("users", "7"), of("books", "7", "changed")));
        assertThat(titles("books")).containsExactly("changed");
        assertThat(titles("users")).containsExactly("C");
    }

    @Test
    void aKindThatItWasNotToldOfIsRefusedAndTheOthersAreWritten() {
        Record other = of("clubs", "1", "X");
        Record none = Record.read("1", Fields.of("id"), new Object[] {"1"}, new Origin("a.csv", 1));
        List<Refusal> refusals = sink.write(List.of(other, of("books", "1", "A"), none));
        assertThat(refusals).extracting(Refusal::record).containsExactly(other, none);
        assertThat(refusals.get(0).reason())
                .isEqualTo("documents: _kind must be one of the collections books, users, got 'clubs'; name it in"
                        + " 'collections', or keep records of this kind from the sink");
        assertThat(refusals.get(1).reason()).startsWith("record: key must be made of _kind and _id");
        assertThat(titles("books")).containsExactly("A");
        assertThat(database.listCollectionNames()).doesNotContain("clubs");
        assertThat(sink.differing(List.of(other, gone("clubs", "1")))).containsExactly("clubs|1");
    }

    @Test
    void oneDocumentThatTheServerRefusesIsThatRecordsAlone() {
        database.getCollection("users")
                .createIndex(new Document("title", 1), new com.mongodb.client.model.IndexOptions().unique(true));
        Record second = of("users", "2", "same");
        List<Refusal> refusals =
                sink.write(List.of(of("books", "1", "A"), of("users", "1", "same"), second, of("users", "3", "C")));
        assertThat(refusals).extracting(Refusal::record).containsExactly(second);
        assertThat(titles("books")).containsExactly("A");
        assertThat(titles("users")).containsExactlyInAnyOrder("same", "C");
    }

    @Test
    void aDeletedDocumentIsInTheArchiveWholeAndOnce() {
        sink.write(List.of(of("books", "1", "A"), of("books", "2", "B"), of("users", "1", "C")));
        Document before = documents("books").get(0);
        Date begun = Date.from(Instant.now());
        sink.write(List.of(gone("books", "1"), gone("books", "never-seen"), of("users", "1", "D")));
        Document archived = documents("deletions").get(0);
        assertThat(documents("deletions")).hasSize(1);
        assertThat(archived.getString("original_id")).isEqualTo("1");
        assertThat(archived.getString("original_collection")).isEqualTo("books");
        assertThat(archived.getDate("deleted_at")).isBetween(begun, Date.from(Instant.now()));
        assertThat(archived.getString("_id")).hasSize(32);
        before.remove("_id");
        assertThat(archived).containsAllEntriesOf(before);
        assertThat(titles("books")).containsExactly("B");
    }

    /** As after a crash between the archive and the delete. */
    @Test
    void aDeleteThatIsTriedAgainArchivesNothingTwice() {
        sink.write(List.of(of("books", "1", "A")));
        Document stored = documents("books").get(0);
        sink.write(List.of(gone("books", "1")));
        List<Document> first = documents("deletions");
        database.getCollection("books").insertOne(stored);
        sink.write(List.of(gone("books", "1")));
        assertThat(documents("books")).isEmpty();
        assertThat(documents("deletions")).hasSize(1).isEqualTo(first);

        database.getCollection("books").insertOne(stored);
        sink.write(List.of(gone("books", "1").changedIn(8)));
        assertThat(documents("deletions")).as("deleted by another run").hasSize(2);
    }

    /** As after a crash between the archive and the delete, with the row back before the next run. */
    @Test
    void aRecordThatLivesOnLeavesTheArchiveAndOneThatWasDeletedStaysThere() {
        sink.write(List.of(of("books", "1", "A"), of("books", "2", "B"), of("users", "1", "C")));
        Document stored = documents("books").get(0);
        assertThat(stored.getString("_id")).isEqualTo("1");
        sink.write(List.of(gone("books", "1"), gone("users", "1")));
        assertThat(documents("deletions")).hasSize(2).noneMatch(archived -> archived.containsKey("deleting"));
        // the archive is acknowledged, the delete is not made
        crashedBefore("books", stored);
        sink.write(List.of(of("books", "1", "A2")));
        assertThat(titles("books")).containsExactlyInAnyOrder("A2", "B");
        assertThat(documents("deletions"))
                .extracting(d -> d.getString("original_collection"))
                .containsExactly("users");

        // the delete was made, but nobody heard of it: then the record has come again
        sink.write(List.of(gone("books", "2")));
        database.getCollection("deletions").updateOne(new Document("original_id", "2"), Updates.set("deleting", "2"));
        sink.write(List.of(of("books", "2", "B2")));
        assertThat(documents("deletions"))
                .hasSize(2)
                .noneMatch(archived -> archived.containsKey("deleting"))
                .extracting(d -> d.getString("original_id"))
                .containsExactlyInAnyOrder("1", "2");

        // a delete that was broken off is tried again, and heard of
        Document second = documents("books").stream()
                .filter(d -> d.getString("_id").equals("1"))
                .findFirst()
                .orElseThrow();
        sink.write(List.of(gone("books", "1").changedIn(9)));
        crashedBefore("books", second);
        sink.write(List.of(gone("books", "1").changedIn(9)));
        assertThat(documents("deletions")).hasSize(3).noneMatch(archived -> archived.containsKey("deleting"));
        assertThat(titles("books")).containsExactly("B2");
    }

    private void crashedBefore(String collection, Document stored) {
        database.getCollection(collection).insertOne(stored);
        database.getCollection("deletions")
                .updateOne(
                        new Document("original_collection", collection).append("original_id", stored.get("_id")),
                        Updates.set("deleting", stored.get("_id")));
    }

    @Test
    void nothingIsDeletedThatCannotBeArchived() {
        sink.write(List.of(of("books", "1", "A")));
        database.createCollection("deletions", new com.mongodb.client.model.CreateCollectionOptions().capped(false));
        database.getCollection("deletions")
                .createIndex(
                        new Document("original_collection", 1),
                        new com.mongodb.client.model.IndexOptions().unique(true));
        database.getCollection("deletions").insertOne(new Document("original_collection", "books"));
        // a duplicate of another field is no archive of this document
        assertThatThrownBy(() -> sink.write(List.of(gone("books", "1")))).hasMessageContaining("archive");
        assertThat(titles("books")).containsExactly("A");
    }

    @Test
    void fieldsOfADocumentThatAreNamedAsTheArchivesAreKeptBeside() {
        Fields fields = Fields.of("_kind", "_id", "deleted_at");
        sink.write(List.of(Record.read("books|1", fields, new Object[] {"books", "1", "never"}, new Origin("b", 1))));
        sink.write(List.of(gone("books", "1")));
        assertThat(documents("deletions").get(0).get("original_fields")).isEqualTo(new Document("deleted_at", "never"));
    }

    @Test
    void theMarkerIsThereUntilACollectionThatHeldDocumentsIsEmpty() throws Exception {
        MarkerContract<KindSink> markers = new MarkerContract<>(
                () -> sink("books,users", ""),
                List.of(of("books", "1", "A"), of("books", "2", "B")),
                gone("books", "1"));
        markers.keeps();
        database.drop();
        markers.loses("drop of one", () -> database.getCollection("books").drop());
        database.drop();
        markers.loses("dropDatabase()", database::drop);
    }

    @Test
    void aKindWithoutRecordsIsAnEmptyCollectionAndNoLoss() {
        sink.mark("p/s", "0123456789abcdef0123456789abcdef");
        assertThat(database.listCollectionNames()).contains("books", "users");
        sink.write(List.of(of("books", "1", "A"), of("users", "1", "A")));
        assertThat(sink.marker("p/s")).isPresent();
        sink.write(List.of(gone("users", "1")));
        assertThat(sink.marker("p/s")).as("its last record was deleted").isPresent();
        sink.write(List.of(of("users", "2", "A")));
        database.getCollection("users").deleteMany(new Document());
        assertThat(sink.marker("p/s")).as("it was emptied by others").isEmpty();
    }

    @Test
    void oneCollectionAndSeveralExcludeEachOther() {
        assertThatThrownBy(() -> made("", "", "", ""))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("mongodb-sink: collection must be named, or 'collections', one for each kind, got ''");
        assertThatThrownBy(() -> made("things", "books", "", ""))
                .hasMessage("mongodb-sink: collection must be blank where 'collections' are named, got 'things'");
        assertThatThrownBy(() -> made("", "books,books,a$", "books", "id"))
                .hasMessageContaining("collections must have 1 to 255 bytes")
                .hasMessageContaining("collections must differ, got 'books,books,a$'")
                .hasMessageContaining("matchBy must be blank where there are collections")
                .hasMessageContaining("archive must name another collection than those of the records, got 'books'");
    }

    private List<String> indexed(String collection) {
        List<String> keys = new ArrayList<>();
        for (Document index : database.getCollection(collection).listIndexes())
            keys.addAll(index.get("key", Document.class).keySet());
        return keys;
    }

    @Test
    void fieldsThatOthersLookUpByGetAnIndexBeforeTheFirstWriteAlsoInAStoreThatWasEmptied() {
        try (KindSink indexing = TestContext.knownTo(
                (KindSink) made("", "books,users", "", "", "books.title, users.user_id,books.book_id"))) {
            indexing.write(List.of(of("books", "7", "A")));
            assertThat(indexed("books")).contains("_id", "title", "book_id");
            assertThat(indexed("users")).as("also where nothing is written").contains("user_id");
            database.drop();
            indexing.mark("owner", "marker");
            indexing.write(List.of(of("users", "7", "A")));
            assertThat(indexed("books")).contains("title", "book_id");
        }
        sink.write(List.of(of("books", "8", "B")));
        assertThat(indexed("books")).as("what is there stays").contains("title", "book_id");
    }

    @Test
    void anIndexIsOfACollectionThatThereIs() {
        assertThatThrownBy(() -> made("", "books,users", "", "", "bookz.title,users,users.user_id"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(
                        "mongodb-sink: indexes must be names like books.name, of a collection and a field of it")
                .hasMessageContaining("did you mean 'books'?")
                .hasMessageContaining("got 'bookz.title'")
                .hasMessageContaining("got 'users'")
                .hasMessageNotContaining("got 'users.user_id'");
        assertThatThrownBy(() -> made("books", "", "", "", "$where"))
                .hasMessageContaining("indexes must be names of fields, got '$where'");
    }

    private static KindSink sink(String kinds, String archive) {
        return TestContext.knownTo((KindSink) made("", kinds, archive, ""));
    }

    private static Sink made(String collection, String collections, String archive, String matchBy) {
        return made(collection, collections, archive, matchBy, "");
    }

    private static Sink made(String collection, String collections, String archive, String matchBy, String indexes) {
        return MongoSinks.of(
                "documents",
                TestStores.mongo().uri(),
                "",
                "",
                DATABASE,
                collection,
                collections,
                archive,
                "",
                matchBy,
                "remove",
                "stored",
                1_500,
                10_000,
                indexes);
    }

    private static Record of(String kind, String id, String title) {
        return Record.read(
                Kinds.key(kind, id), BOOK, new Object[] {kind, id, id, title}, new Origin(kind, 2), Hash.NONE);
    }

    private static Record gone(String kind, String id) {
        return Record.tombstone(Kinds.key(kind, id), Fields.of("_kind", "_id"), new Object[] {kind, id}, 7);
    }

    private List<Document> documents(String collection) {
        return database.getCollection(collection).find().into(new ArrayList<>());
    }

    private List<String> titles(String collection) {
        return documents(collection).stream().map(d -> d.getString("title")).toList();
    }
}
