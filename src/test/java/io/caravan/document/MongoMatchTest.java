package io.caravan.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import io.caravan.delivery.Refusal;
import io.caravan.endpoint.TestContext;
import io.caravan.error.ConfigurationException;
import io.caravan.local.TestStores;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Keys;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.table.KeyTexts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Documents that another system made, with an {@code _id} of its own: they are found by the fields of the key, and stay the same documents. */
class MongoMatchTest {

    private static final AtomicInteger COLLECTIONS = new AtomicInteger();

    private final MongoClient client = MongoClients.create(TestStores.mongo().uri());
    private final String collection = "foreign_" + COLLECTIONS.incrementAndGet();
    private final List<MongoSink> sinks = new ArrayList<>();

    @AfterEach
    void close() {
        sinks.forEach(MongoSink::close);
        client.close();
    }

    @Test
    void aDocumentKeepsTheIdThatAnotherSystemGaveIt() {
        unique("record_id");
        ObjectId one = foreign("a", "1");
        ObjectId two = foreign("b", "1");
        foreign("c", "1");
        MongoSink sink = sink("record_id", "remove");
        assertThat(sink.differing(List.of(event("a", "1"), event("b", "2"), event("d", "1"), gone("c"), gone("e"))))
                .containsExactlyInAnyOrder("b", "d", "c");
        assertThat(sink.write(List.of(event("a", "1"), event("b", "2"), event("d", "1"), gone("c"), gone("e"))))
                .isEmpty();
        assertThat(documents().find(new Document("record_id", "a")).first().getObjectId("_id"))
                .isEqualTo(one);
        Document changed = documents().find(new Document("record_id", "b")).first();
        assertThat(changed.getObjectId("_id")).isEqualTo(two);
        assertThat(changed.getString("message")).isEqualTo("2");
        assertThat(documents().find(new Document("record_id", "d")).first().get("_id"))
                .isInstanceOf(ObjectId.class);
        assertThat(documents().countDocuments()).isEqualTo(3);
        assertThat(keys(sink)).containsExactlyInAnyOrder("a", "b", "d");
        assertThat(sink.differing(List.of(event("a", "1"), event("b", "2"), event("d", "1"), gone("c"))))
                .isEmpty();
        sink.write(List.of(event("d", "1"), event("d2", "1")));
        assertThat(documents().countDocuments()).isEqualTo(4);
    }

    @Test
    void fieldsThatOthersAddedStayWhereTheyAreToBeKept() {
        unique("record_id");
        documents()
                .insertOne(new Document("record_id", "a").append("message", "1").append("likes", 7));
        assertThat(sink("record_id", "remove").differing(List.of(event("a", "1"))))
                .containsExactly("a");
        MongoSink keeping = sink("record_id", "keep");
        assertThat(keeping.differing(List.of(event("a", "1")))).isEmpty();
        assertThat(keeping.write(List.of(event("a", "2"), event("b", "1")))).isEmpty();
        Document stored = documents().find(new Document("record_id", "a")).first();
        assertThat(stored.getInteger("likes")).isEqualTo(7);
        assertThat(stored.getString("message")).isEqualTo("2");
        assertThat(keeping.differing(List.of(event("a", "2"), event("b", "1")))).isEmpty();
        assertThat(keeping.differing(List.of(event("a", "1"), gone("b")))).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void theyMayBeKeptInDocumentsOfOurOwnToo() {
        MongoSink keeping = sink("", "keep");
        keeping.write(List.of(event("a", "1")));
        documents().updateOne(new Document("_id", "a"), new Document("$set", new Document("likes", 7)));
        keeping.write(List.of(event("a", "2"), event("b", "1")));
        assertThat(documents().find(new Document("_id", "a")).first().getInteger("likes"))
                .isEqualTo(7);
        assertThat(keeping.differing(List.of(event("a", "2"), event("b", "1")))).isEmpty();
        assertThat(keys(keeping)).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void twoDocumentsOfOneKeyAreNobodysAndTheirDeleteTakesNeither() {
        unique("record_id");
        documents().insertOne(new Document("record_id", 7).append("message", "number"));
        documents().insertOne(new Document("record_id", "7").append("message", "text"));
        documents().insertOne(new Document("record_id", "007").append("message", "agent"));
        MongoSink sink = sink("record_id", "remove");
        assertThat(sink.write(List.of(event("7", "new"), event("007", "bond"))))
                .extracting(Refusal::reason)
                .containsExactly(
                        "documents: matchBy must find one document by key '7', got '2'; give the key one type in"
                                + " all documents, number or text");
        assertThat(sink.write(List.of(gone("7")))).hasSize(1);
        assertThat(documents().find().map(d -> d.getString("message")).into(new ArrayList<>()))
                .containsExactlyInAnyOrder("number", "text", "bond");
    }

    /** Key text to document and back: of whatever is written, the collection holds exactly the keys that were taken. */
    @Test
    void theKeysOfTheDocumentsAreThoseOfTheRecordsWhateverTheyLookLike() {
        for (String matchBy : List.of("", "record_id")) {
            documents().drop();
            MongoSink sink = sink(matchBy, "remove");
            List<String> texts = KeyTexts.all();
            List<Record> batch = texts.stream().map(key -> event(key, "1")).toList();
            assertThat(sink.write(batch)).isEmpty();
            assertThat(keys(sink)).containsExactlyInAnyOrderElementsOf(texts);
            assertThat(sink.differing(batch)).isEmpty();
            assertThat(sink.write(List.of(gone("7"), gone("a"), gone("65f0a1b2c3d4e5f60718293a"))))
                    .isEmpty();
            assertThat(keys(sink)).hasSize(texts.size() - 3).contains("007", "A", "65F0A1B2C3D4E5F60718293A");
        }
    }

    @Test
    void wholeNumbersOfAnyTypeAreFoundByTheirKeyAndFractionsAreNone() {
        unique("record_id");
        long many = Long.MAX_VALUE;
        documents().insertOne(new Document("record_id", many).append("message", "1"));
        documents().insertOne(new Document("record_id", 8.0).append("message", "1"));
        documents()
                .insertOne(new Document("record_id", new ObjectId("65f0a1b2c3d4e5f60718293a")).append("message", "1"));
        MongoSink sink = sink("record_id", "remove");
        assertThat(sink.write(List.of(
                        event(Long.toString(many), "2").with("record_id", many),
                        event("8", "2").with("record_id", 8L),
                        event("65F0A1B2C3D4E5F60718293A", "other"))))
                .isEmpty();
        assertThat(documents().countDocuments()).isEqualTo(4);
        assertThat(keys(sink))
                .containsExactlyInAnyOrder(
                        Long.toString(many), "8", "65f0a1b2c3d4e5f60718293a", "65F0A1B2C3D4E5F60718293A");
        assertThat(sink.write(List.of(event("5.5", "1").with("record_id", 5.5))))
                .extracting(Refusal::reason)
                .singleElement()
                .asString()
                .contains("each a text or whole number");
    }

    @Test
    void withoutAUniqueIndexNothingIsWrittenToACollectionThatHoldsSomething() {
        foreign("a", "1");
        foreign("a", "2");
        documents().insertOne(new Document("other", "system"));
        MongoSink sink = sink("record_id", "remove");
        assertThatThrownBy(() -> sink.write(List.of(event("a", "1"))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("documents: matchBy must be fields with a unique index in " + collection
                        + ", got 'record_id': create it, db." + collection
                        + ".createIndex({record_id: 1}, {unique: true}), or adopt --dry-run and see which keys are there"
                        + " more than once");
        assertThat(sink.check()).hasValueSatisfying(said -> assertThat(said).contains("unique index"));
        assertThat(sink.differing(List.of(event("a", "1")))).containsExactly("a");
        assertThat(keys(sink)).containsExactly("a", "a");
        assertThat(documents().countDocuments()).isEqualTo(3);
    }

    @Test
    void anEmptyCollectionGetsTheIndex() {
        MongoSink sink = sink("record_id", "remove");
        assertThat(sink.check()).isEmpty();
        assertThat(sink.write(List.of(event("a", "1"), event("b", "1")))).isEmpty();
        assertThat(documents().listIndexes())
                .anyMatch(index -> Boolean.TRUE.equals(index.get("unique"))
                        && index.get("key", Document.class).containsKey("record_id"));
        assertThat(sink.check()).isEmpty();
    }

    @Test
    void aKeyOfManyFieldsAndWholeNumbersFindsItsDocument() {
        unique("club", "member");
        documents().insertOne(new Document("club", "c|1").append("member", 7).append("role", "x"));
        MongoSink sink = sink("club, member", "remove");
        Fields fields = Fields.of("club", "member", "role");
        String key = Keys.join(List.of("c|1", "7"));
        Record same = Record.read(key, fields, new Object[] {"c|1", 7L, "x"}, origin(), hash(key));
        Record other = Record.read(key, fields, new Object[] {"c|1", 7L, "y"}, origin(), hash("y"));
        assertThat(keys(sink)).containsExactly(key);
        assertThat(sink.differing(List.of(same))).isEmpty();
        assertThat(sink.write(List.of(other))).isEmpty();
        assertThat(documents().countDocuments()).isEqualTo(1);
        Record gone = Record.tombstone(key, Fields.of("club", "member"), new Object[] {"c|1", "7"}, 2);
        assertThat(sink.write(List.of(gone))).isEmpty();
        assertThat(documents().countDocuments()).isZero();
    }

    @Test
    void aRecordWhoseDocumentWouldNotBeFoundAgainIsRefused() {
        unique("record_id");
        Record converted =
                Record.read("007", Fields.of("record_id", "message"), new Object[] {7L, "x"}, origin(), hash("007"));
        List<Refusal> refused = sink("record_id", "remove").write(List.of(converted));
        assertThat(refused).singleElement().satisfies(r -> assertThat(r.reason())
                .isEqualTo(
                        "documents: matchBy must name the key's fields in their order, each a text or whole number that"
                                + " is the same in record and key: record_id is '007' in the key, got '7'"));
        assertThat(sink("record_id, message", "remove").write(List.of(event("a", "1"))))
                .singleElement()
                .satisfies(r -> assertThat(r.reason()).contains("matchBy must name as many fields as the key has"));
    }

    @Test
    void wrongSettingsAreSaid() {
        assertThatThrownBy(() -> sink("_id", "drop"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("otherFields must be one of remove, keep, got 'drop'")
                .hasMessageContaining("matchBy must name fields that are kept, and not _id");
    }

    private ObjectId foreign(String key, String message) {
        ObjectId id = new ObjectId();
        documents().insertOne(new Document("_id", id).append("record_id", key).append("message", message));
        return id;
    }

    private void unique(String... fields) {
        documents().createIndex(Indexes.ascending(fields), new IndexOptions().unique(true));
    }

    private MongoCollection<Document> documents() {
        return client.getDatabase("document_match").getCollection(collection);
    }

    private MongoSink sink(String matchBy, String otherFields) {
        MongoSink sink = TestContext.knownTo(new MongoSink(
                "documents",
                TestStores.mongo().uri(),
                "",
                "",
                "document_match",
                collection,
                "",
                matchBy,
                otherFields,
                1_500,
                10_000));
        sinks.add(sink);
        return sink;
    }

    private static List<String> keys(MongoSink sink) {
        try (Stream<String> keys = sink.keys()) {
            return keys.toList();
        }
    }

    private static Record event(String key, String message) {
        return Record.read(
                key, Fields.of("record_id", "message"), new Object[] {key, message}, origin(), hash(key + message));
    }

    private static Record gone(String key) {
        return Record.tombstone(key, Fields.of("record_id"), new Object[] {key}, 2);
    }

    private static Origin origin() {
        return new Origin("events.csv", 7);
    }

    private static Hash hash(String text) {
        return Hash.of(java.util.Arrays.copyOf(text.getBytes(java.nio.charset.StandardCharsets.UTF_8), 16));
    }
}
