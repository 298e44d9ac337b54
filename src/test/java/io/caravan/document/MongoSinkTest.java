package io.caravan.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import io.caravan.delivery.BulkDelivery;
import io.caravan.delivery.MarkerContract;
import io.caravan.delivery.Refusal;
import io.caravan.endpoint.TestContext;
import io.caravan.error.ConfigurationException;
import io.caravan.error.UnavailableException;
import io.caravan.local.TestStores;
import io.caravan.record.Fields;
import io.caravan.record.Hash;
import io.caravan.record.Origin;
import io.caravan.record.Record;
import io.caravan.record.Sealed;
import io.caravan.record.SealedSample;
import java.math.BigDecimal;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MongoSinkTest {

    private static final Fields EVENT = Fields.of("record_id", "message", "timestamp");
    private static final Fields KEY = Fields.of("record_id");
    private static final Instant MILLIS = Instant.parse("2024-05-06T07:08:09.123Z");
    private static final Instant MICROS = Instant.parse("2024-05-06T07:08:09.123456Z");
    private static final AtomicInteger COLLECTIONS = new AtomicInteger();

    private final MongoClient client = MongoClients.create(uri());
    private final String collection = "messages_" + COLLECTIONS.incrementAndGet();
    private final MongoSink sink = sink(uri(), "", "", "text_embedding, secret");

    /** The server that all tests use; another one with the same contract overrides it. */
    String uri() {
        return TestStores.mongo().uri();
    }

    @AfterEach
    void close() {
        sink.close();
        client.close();
    }

    @Test
    void aSealedValueIsHeldByAnyOfItsTexts() {
        Fields fields = Fields.of("record_id", "dob", "more");
        sink.write(Sealed.texts(List.of(sealed(fields, "r1", "1990"), sealed(fields, "r2", "1991"))));
        assertThat(BulkDelivery.differing(sink, List.of(sealed(fields, "r1", "1990"), sealed(fields, "r2", "1992"))))
                .containsExactly("r2");
    }

    private static Record sealed(Fields fields, String key, String year) {
        return record(key, fields, key, new SealedSample(year), List.of("a", Map.of("at", new SealedSample(year))));
    }

    @Test
    void keepsAllFieldsAsTypedValues() {
        Instant before = Instant.now().minusMillis(1);
        Map<String, Object> nested = new HashMap<>();
        nested.put("at", MICROS);
        nested.put("list", List.of(1L, "x", List.of(MICROS, MILLIS)));
        nested.put("nothing", null);
        Fields fields = Fields.of("s", "l", "d", "b", "n", "day", "local", "at", "bytes", "floats", "map", "none");
        Record record = record(
                "r1",
                fields,
                "it's\0\n😀",
                Long.MAX_VALUE,
                0.1,
                true,
                new BigDecimal("1234567890.123456789012345678901234"),
                LocalDate.parse("2024-02-29"),
                LocalDateTime.parse("2024-02-29T10:00"),
                MILLIS,
                new byte[] {0, -1},
                new float[] {0.5f, -1},
                nested,
                null);
        assertThat(sink.write(List.of(record))).isEmpty();

        Document stored = documents().find().first();
        assertThat(stored.getDate("ingested_at")).isBetween(Date.from(before), Date.from(Instant.now()));
        stored.remove("ingested_at");
        assertThat(stored)
                .isEqualTo(new Document("_id", "r1")
                        .append("s", "it's\0\n😀")
                        .append("l", Long.MAX_VALUE)
                        .append("d", 0.1)
                        .append("b", true)
                        .append("n", Decimal128.parse("1234567890.123456789012345678901234"))
                        .append("day", "2024-02-29")
                        .append("local", "2024-02-29T10:00:00")
                        .append("at", Date.from(MILLIS))
                        .append("bytes", new Binary(new byte[] {0, -1}))
                        .append("floats", List.of(0.5, -1.0))
                        .append(
                                "map",
                                new Document("at", Date.from(MILLIS))
                                        .append("list", List.of(1L, "x", List.of(Date.from(MILLIS), Date.from(MILLIS))))
                                        .append("nothing", null))
                        .append("none", null)
                        .append("source", new Document("object", "events.csv").append("line", 7L))
                        .append(
                                "exact_times",
                                new Document("map/at", "2024-05-06T07:08:09.123456Z")
                                        .append("map/list/2/0", "2024-05-06T07:08:09.123456Z")));
        assertThat(sink.differing(List.of(record))).isEmpty();
    }

    @Test
    void leavesOutTheExcludedFields() {
        sink.write(List.of(record(
                "r1", Fields.of("record_id", "text_embedding", "secret"), "r1", new float[] {1}, "never stored")));
        assertThat(documents().find().first().keySet()).containsExactly("_id", "record_id", "ingested_at", "source");
    }

    @Test
    void insertsReplacesAndDeletesInOneBatch() {
        sink.write(List.of(event("a", "1"), event("b", "1"), event("c", "1")));
        assertThat(sink.write(List.of(gone("a"), event("b", "2"), event("d", "1"), gone("never-seen"))))
                .isEmpty();
        assertThat(documents().find().map(d -> d.getString("_id") + d.getString("message")))
                .containsExactlyInAnyOrder("b2", "c1", "d1");
        try (Stream<String> keys = sink.keys()) {
            assertThat(keys).containsExactlyInAnyOrder("b", "c", "d");
        }
    }

    @Test
    void writingTheSameAgainChangesOnlyWhenItWasIngested() {
        List<Record> batch = events(500);
        sink.write(batch);
        List<Document> before = withoutIngestedAt();
        sink.write(batch);
        assertThat(withoutIngestedAt()).hasSize(500).containsExactlyInAnyOrderElementsOf(before);
        assertThat(sink.differing(batch)).isEmpty();
    }

    @Test
    void namesTheRecordsThatDiffer() {
        assertThat(sink.differing(List.of(event("a", "1"), gone("z")))).containsExactly("a");
        sink.write(List.of(event("a", "1"), event("b", "1"), event("c", "1"), event("d", "1")));
        documents().updateOne(new Document("_id", "d"), new Document("$set", new Document("extra", 1)));
        Record later = record("b", EVENT, "b", "1", MICROS.plusNanos(1000));
        Record moved = Record.read("a", EVENT, new Object[] {"a", "1", MICROS}, new Origin("other.csv", 99), Hash.NONE);
        assertThat(sink.differing(List.of(moved, later, gone("c"), event("d", "1"), event("e", "1"), gone("z"))))
                .containsExactlyInAnyOrder("b", "c", "d", "e");
    }

    @Test
    void numbersOfOneValueDoNotDiffer() {
        Fields fields = Fields.of("a", "b", "c");
        sink.write(List.of(record("k", fields, 1L, 0.0, new BigDecimal("1.50"))));
        assertThat(sink.differing(List.of(record("k", fields, 1.0, -0.0, 1.5)))).isEmpty();
        assertThat(sink.differing(List.of(record("k", fields, 1L, 0.0, new BigDecimal("1.51")))))
                .containsExactly("k");
        assertThat(sink.differing(List.of(record("k", fields, "1", 0.0, 1.5)))).containsExactly("k");
    }

    @Test
    void givesBackAnyTextAsItWas() {
        Random random = new Random(815);
        List<Record> batch = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(10); n > 0; n--) {
                int point = random.nextInt(random.nextBoolean() ? 0x80 : Character.MAX_CODE_POINT);
                text.appendCodePoint(point >= 0xd800 && point <= 0xdfff ? 'x' : point);
            }
            batch.add(event(i + text.toString(), text.toString()));
        }
        assertThat(sink.write(batch)).isEmpty();
        assertThat(sink.differing(batch)).isEmpty();
        try (Stream<String> keys = sink.keys()) {
            assertThat(keys)
                    .containsExactlyInAnyOrderElementsOf(
                            batch.stream().map(Record::key).toList());
        }
    }

    @Test
    void refusesTheRecordThatNoDocumentCanHoldAndWritesTheRest() {
        Object deep = "end";
        for (int i = 0; i < 200; i++) deep = List.of(deep);
        List<Record> bad = List.of(
                record("half", EVENT, "half", "\udc00 alone", MICROS),
                record("digits", Fields.of("n"), new BigDecimal("1." + "3".repeat(40))),
                record("dot", Fields.of("map"), Map.of("a.b", 1L)),
                record("dollar", Fields.of("$where"), "1"),
                record("ours", Fields.of("source"), "x"),
                record("deep", Fields.of("list"), deep),
                record("huge", Fields.of("text"), "x".repeat(16 * 1024 * 1024)));
        List<Record> batch = new ArrayList<>(bad);
        batch.add(0, event("a", "1"));
        batch.add(event("b", "1"));
        List<Refusal> refusals = sink.write(batch);
        assertThat(refusals).extracting(Refusal::record).containsExactlyElementsOf(bad);
        assertThat(refusals)
                .extracting(Refusal::reason)
                .containsExactly(
                        "documents: field 'message' must hold no half surrogate pair, got 'one near 0'",
                        "documents: field 'n' must have up to 34 digits and an exponent of -6176 to 6111,"
                                + " got '41 digits'",
                        "documents: field 'map/a.b' must have a name without '.' and U+0000 that does not begin"
                                + " with '$', got 'a.b'",
                        "documents: field '$where' must have a name without '.' and U+0000 that does not begin"
                                + " with '$', got '$where'",
                        "documents: field must not be named as what the sink adds: rename or exclude it, got 'source'",
                        "documents: field 'list" + "/0".repeat(28) + "...' must be nested up to 100 levels, got 'more'",
                        "documents: document must have up to 16777216 bytes, got '16777317'");
        try (Stream<String> keys = sink.keys()) {
            assertThat(keys).containsExactlyInAnyOrder("a", "b");
        }
        assertThat(sink.differing(batch)).hasSize(7).doesNotContain("a", "b");
    }

    @Test
    void namesTheRecordThatTheServerRefuses() {
        documents().createIndex(Indexes.ascending("message"), new IndexOptions().unique(true));
        Record second = event("b", "same");
        assertThat(sink.write(List.of(gone("x"), event("a", "same"), second, event("c", "other"))))
                .singleElement()
                .satisfies(refusal -> {
                    assertThat(refusal.record()).isSameAs(second);
                    assertThat(refusal.reason())
                            .startsWith("documents: MongoDB refused the record: ")
                            .endsWith("(code 11000)");
                });
        try (Stream<String> keys = sink.keys()) {
            assertThat(keys).containsExactlyInAnyOrder("a", "c");
        }
    }

    @Test
    void aStoreThatIsDownOrSilentIsUnavailableWithinSeconds() throws Exception {
        try (ServerSocket silent = new ServerSocket(0);
                ServerSocket closed = new ServerSocket(0)) {
            closed.close();
            for (int port : List.of(silent.getLocalPort(), closed.getLocalPort())) {
                try (MongoSink down = sink("mongodb://127.0.0.1:" + port, "", "", "")) {
                    Instant start = Instant.now();
                    assertThatThrownBy(() -> down.write(events(1)))
                            .isInstanceOf(UnavailableException.class)
                            .hasMessageStartingWith("documents: cannot write: uri must lead to a MongoDB that answers,"
                                    + " got '127.0.0.1:" + port + "' (");
                    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(4));
                    assertThat(down.check()).isPresent();
                    assertThatThrownBy(() -> down.differing(events(1))).isInstanceOf(UnavailableException.class);
                    assertThatThrownBy(down::keys).isInstanceOf(UnavailableException.class);
                }
            }
        }
    }

    @Test
    void aLoginThatTheServerRefusesIsAMatterOfConfiguration() {
        String secret = "hunter2-not-this";
        String host = uri().replace("mongodb://", "");
        try (MongoSink separate = sink(uri(), "me", secret, "");
                MongoSink inUri = sink("mongodb://me:" + secret + "@" + host + "/?authSource=admin", "", "", "")) {
            for (MongoSink refused : List.of(separate, inUri)) {
                assertThatThrownBy(() -> refused.write(events(1)))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("authentication failed for user 'me' at ")
                        .hasMessageNotContaining(secret);
                assertThat(refused.check()).get().asString().doesNotContain(secret);
            }
        }
        assertThat(sink.check()).isEmpty();
    }

    @Test
    void reportsAllProblemsOfTheSettingsTogether() {
        assertThatThrownBy(() ->
                        new MongoSink(" ", "http://u:secret@h", "", "", "a.b", "x\" ", "", "", "remove", 0, 86_400_001))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(String.join(
                        System.lineSeparator(),
                        "mongodb-sink: sink must not be blank, got ' '",
                        "mongodb-sink: database must have 1 to 63 bytes without / \\ . \" $ * < > : | ? and blanks, got 'a.b'",
                        "mongodb-sink: collection must have 1 to 255 bytes without $ and {{, not begin with system. and not"
                                + " begin or end with a dot, got 'x\" '",
                        "mongodb-sink: uri must be 'laptop' or mongodb://<host>:<port> or mongodb+srv://<host>,"
                                + " got 'another form'",
                        "mongodb-sink: connectTimeoutMillis must be 1 to 600000, got '0'",
                        "mongodb-sink: timeoutMillis must be 1 to 86400000, got '86400001'"));
        for (String uri : List.of("mongodb://u:secret@h:x", "mongodb://secret@@h", "mongodb://h/?w=0")) {
            try (MongoSink unreadable = sink(uri, "", "", "")) {
                assertThatThrownBy(() -> unreadable.write(events(1)))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageStartingWith("documents: uri must ")
                        .hasMessageNotContaining("secret");
            }
        }
    }

    @Test
    void opensAgainAfterItWasClosed() {
        sink.write(events(1));
        sink.close();
        sink.close();
        assertThat(sink.differing(events(1))).isEmpty();
    }

    @Test
    void theMarkerIsThereUntilTheCollectionIsEmptiedInAnyWay() throws Exception {
        MarkerContract<MongoSink> markers = new MarkerContract<>(
                () -> sink(uri(), "", "", ""), List.of(event("a", "1"), event("b", "2")), gone("a"));
        markers.keeps();
        assertThat(documents().countDocuments())
                .as("no marker among the documents")
                .isEqualTo(1);
        documents().drop();
        markers.loses("deleteMany({})", () -> documents().deleteMany(new Document()));
        documents().drop();
        markers.loses("drop()", () -> documents().drop());
        documents().drop();
        markers.loses(
                "dropDatabase()", () -> client.getDatabase("document_test").drop());
    }

    private MongoSink sink(String uri, String user, String password, String exclude) {
        return TestContext.knownTo(new MongoSink(
                "documents", uri, user, password, "document_test", collection, exclude, "", "remove", 1_500, 10_000));
    }

    private MongoCollection<Document> documents() {
        return client.getDatabase("document_test").getCollection(collection);
    }

    private List<Document> withoutIngestedAt() {
        List<Document> all = documents().find().into(new ArrayList<>());
        all.forEach(d -> d.remove("ingested_at"));
        return all;
    }

    private static List<Record> events(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> event("r" + i, "message " + i))
                .toList();
    }

    private static Record event(String id, String message) {
        return record(id, EVENT, id, message, MICROS);
    }

    private static Record record(String key, Fields fields, Object... values) {
        return Record.read(key, fields, values, new Origin("events.csv", 7), Hash.NONE);
    }

    private static Record gone(String id) {
        return Record.tombstone(id, KEY, new Object[] {id}, 1);
    }
}
